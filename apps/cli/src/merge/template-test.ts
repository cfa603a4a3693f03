import { diffOf, type Difference, type TemplateTest } from '@stage0/merge'
import { EXIT, type ExitCode, type Problem } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { renderProblems } from '../present/problems.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { files as counted } from './tell-merge.ts'

/** How differences are shown. */
export interface DifferenceOptions {
  /** So many lines of each difference. */
  readonly lines: number
  readonly json?: boolean
}

const KINDS: Readonly<Record<Difference['kind'], string>> = {
  different: 'is not as expected',
  missing: 'is expected, and not made',
  additional: 'is made, and not expected',
}

/**
 * Tells how a test of a template ended: every difference, with the first lines of it.
 *
 * @param warnings Of the merge, which differ from nothing that is expected.
 */
export function tellTest(
  io: Io,
  { files, differences }: TemplateTest,
  warnings: readonly Problem[],
  { lines, json }: DifferenceOptions,
): ExitCode {
  const isAsExpected = differences.length === 0
  const failure: Failure = {
    code: 'TEMPLATE_TEST_DIFFERS',
    message: `${counted(differences.length)} ${differences.length === 1 ? 'is' : 'are'} not as expected; ${files} ${files === 1 ? 'was' : 'were'} made.`,
    exit: EXIT.stepFailed,
  }
  if (json === true) {
    const exit = isAsExpected ? EXIT.done : failure.exit
    const failures = isAsExpected ? [] : [{ code: failure.code, severity: 'error', text: failure.message }]
    const problems = [...failures, ...warnings]
    const listed = differences.map((one) => ({ path: one.path, kind: one.kind, diff: diffOf(one) }))
    io.out(
      `${JSON.stringify({ ok: isAsExpected, exit_code: exit, files, problems, differences: listed }, undefined, 2)}\n`,
    )
    return exit
  }
  io.err(renderProblems(warnings, io.errColors))
  for (const difference of differences) io.out(differenceText(io, difference, lines))
  if (!isAsExpected) return tellFailure(io, failure)
  io.out(files === 1 ? '1 file is made, as expected.\n' : `${files} files are made, all as expected.\n`)
  return EXIT.done
}

/** The whole difference of one file. */
export const wholeDifference = (io: Io, difference: Difference): string =>
  differenceText(io, difference, Number.POSITIVE_INFINITY)

function differenceText(io: Io, difference: Difference, most: number): string {
  const { bold, green, red, cyan, dim } = io.outColors
  const head = bold(`${visible(difference.path).replaceAll('\n', '\\u000a')} ${KINDS[difference.kind]}`)
  const lines = diffOf(difference).split('\n').slice(0, -1)
  const shown = lines.slice(0, most).map((line) => {
    const text = visible(line)
    if (line.startsWith('@@')) return cyan(text)
    return line.startsWith('+') ? green(text) : line.startsWith('-') ? red(text) : text
  })
  const more = lines.length - shown.length
  const rest =
    more > 0 ? [dim(`and ${more} more line${more === 1 ? '' : 's'}; \`stage0 template diff\` shows all of them`)] : []
  return `${[head, ...shown, ...rest].join('\n')}\n\n`
}
