import type { Problem, Severity } from '@stage0/types'
import type { Colors } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'

/** Places of one warning that are listed before the rest is counted. */
const PLACES_PER_CODE = 3

const ORDER: readonly Severity[] = ['error', 'warning', 'notice']

/** "dictionaries/user.1.0.0.yaml:12:9", as editors and terminals make it clickable; "" where there is no file. */
export function placeOf({ file, line, column }: Problem): string {
  if (file === undefined) return ''
  // A line feed in a name would end the line that the place stands on.
  const name = visible(file).replaceAll('\n', '\\u000a')
  if (line === undefined) return name
  return column === undefined ? `${name}:${line}` : `${name}:${line}:${column}`
}

/**
 * Problems for people. Errors are all shown; warnings and notices are grouped by code and cut after a few places,
 * unless `all`.
 */
export function renderProblems(problems: readonly Problem[], colors: Colors, all = false): string {
  const blocks: string[] = []
  for (const severity of ORDER) {
    const found = problems.filter((problem) => problem.severity === severity)
    if (severity === 'error' || all) blocks.push(...found.map((problem) => renderOne(problem, colors)))
    else blocks.push(...[...byCode(found)].map(([, group]) => renderGroup(group, colors)))
  }
  return blocks.map((block) => `${block}\n`).join('')
}

/** "2 errors, 1 warning, no notices" without the zeros: "2 errors, 1 warning"; "no problems" where there are none. */
export function countProblems(problems: readonly Problem[]): string {
  const parts = ORDER.map((severity) => ({
    severity,
    count: problems.filter((problem) => problem.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`)
  return parts.length === 0 ? 'no problems' : parts.join(', ')
}

function renderOne(problem: Problem, colors: Colors): string {
  const place = placeOf(problem)
  const head = [place === '' ? '' : colors.bold(place), tag(problem.severity, colors), colors.dim(problem.code)].filter(
    (part) => part !== '',
  )
  const hint = problem.hint === undefined ? [] : [colors.dim(`  hint: ${visible(problem.hint)}`)]
  return [head.join('  '), `  ${visible(problem.text)}`, ...hint].join('\n')
}

function renderGroup(group: readonly Problem[], colors: Colors): string {
  const [first] = group
  if (first === undefined || group.length <= PLACES_PER_CODE)
    return group.map((problem) => renderOne(problem, colors)).join('\n')
  const shown = group
    .slice(0, PLACES_PER_CODE)
    .map((problem) => `  ${colors.bold(placeOf(problem))}  ${visible(problem.text)}`)
  const rest = group.length - PLACES_PER_CODE
  const hint = first.hint === undefined ? [] : [colors.dim(`  hint: ${visible(first.hint)}`)]
  return [
    `${tag(first.severity, colors)}  ${colors.dim(first.code)}  ${group.length} times`,
    ...shown,
    colors.dim(`  and ${rest} more (--json lists them)`),
    ...hint,
  ].join('\n')
}

function tag(severity: Severity, colors: Colors): string {
  switch (severity) {
    case 'error':
      return colors.red('error')
    case 'warning':
      return colors.yellow('warning')
    case 'notice':
      return colors.cyan('notice')
  }
}

function byCode(problems: readonly Problem[]): Map<string, Problem[]> {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const group = groups.get(problem.code)
    if (group === undefined) groups.set(problem.code, [problem])
    else group.push(problem)
  }
  return groups
}

/** Whether anything among these stops a plan. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error')
