import { GENERATED } from './generated.ts'
import { block, code, page, table } from './markdown.ts'

const INTRODUCTION = `Run it as \`pnpm stage0 <verb>\` inside the project, and as \`stage0 <verb>\` where it is installed or in an image. Results go to standard output, progress and problems
to standard error, so that a result can be piped. With \`--json\` the result is one JSON object, failures included: \`ok\`, \`exit_code\` and \`problems\`. Options stand for
[settings](settings.md), which say the same for all verbs. What a problem's code means is in [error codes](errors/README.md).`

const EXITS: readonly (readonly [code: string, meaning: string, next: string])[] = [
  ['0', 'Done, or nothing to do', ''],
  ['1', 'A step failed', 'See the problem; `apply` again goes on from there.'],
  ['2', 'There are changes', 'From `plan --detailed-exitcode` only.'],
  ['3', 'Another run holds the lock', 'Wait with `--wait`, or look with `status`.'],
  ['4', 'The repository is invalid', '`check` shows every problem.'],
  ['5', 'The database has drifted', 'Somebody changed it by hand; the plan says what.'],
  ['6', 'Refused as unsafe', 'The plan, the agreement or the target does not fit; the problem says which.'],
  ['7', 'The target is unreachable or not permitted', 'Check connection string, network and privileges.'],
  ['8', 'Cancelled', '`apply` again goes on from there.'],
  ['9', 'Succeeded with leftovers', 'Documents do not match the validator; they are listed.'],
  ['64', 'Wrong use', '`--help` explains the verb.'],
  ['128 + n', 'Killed by signal n', '`apply` again goes on from there.'],
]

/**
 * docs/command.md: the verbs, the exit codes, and what `--help` says, verb by verb.
 *
 * @param helps The help of the whole command with the empty verb, then that of each verb.
 */
export function commandPage(helps: readonly { readonly verb: string; readonly text: string }[]): string {
  const titleOf = (verb: string): string => (verb === '' ? 'stage0' : `stage0 ${verb}`)
  const overview = helps
    .filter(({ verb }) => verb !== '')
    .map(({ verb, text }) => [`[${code(verb)}](#stage0-${verb})`, descriptionOf(text)])
  return page(
    '# The command',
    GENERATED,
    INTRODUCTION,
    table(['verb', 'what it does'], overview),
    '## Exit codes',
    table(['code', 'meaning', 'what next'], EXITS),
    ...helps.flatMap(({ verb, text }) => [`## ${titleOf(verb)}`, block('text', text)]),
  )
}

/** The paragraph behind the line of use, on one line. */
function descriptionOf(help: string): string {
  const [, description = ''] = /^Usage: .*\n\n((?:.+\n)+)/m.exec(help) ?? []
  return description.trim().replaceAll(/\s+/g, ' ')
}

/** The codes that the page explains. */
export const exitCodes = (): readonly string[] => EXITS.map(([exit]) => exit)

/** The verbs that the help of the whole command lists, in its order: none is forgotten. */
export function verbsOf(help: string): readonly string[] {
  const [, listed = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? []
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb = '']) => verb)
}
