import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { INDEX_FIELDS, PLUGINS } from './catalog/index-specs.ts'
import { ROLE_NAMES } from './auth/roles.ts'
import { COMMANDS } from './commands/registry.ts'
import { BEHAVIOUR_EXCEPTIONS } from './evaluate/behaviour-exceptions.ts'
import { OPERATORS, REFUSED, REFUSED_OPTIONS } from './evaluate/registry.ts'
import { SERVER_STAGES } from './read/server-sources.ts'
import { CODE_NAMES } from './server-error.ts'
import { VERSION } from './version.ts'

const code = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(' ')
const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

/** The page on what the embedded server supports, from the tables that the server itself runs on. */
export function supportPage(): string {
  const commands = [...COMMANDS].sort((a, b) => ((a.names[0] as string) < (b.names[0] as string) ? -1 : 1))
  return `# What the embedded server supports

Generated from the server's own tables; do not edit. Everything that is not named here is refused with MongoDB's code, never ignored:
an unknown command is ${error(59)}, an unknown option ${error(40415)}, an option or operator that MongoDB has and the embedded server
leaves out ${error(115)}.

The server calls itself MongoDB ${VERSION} with the module \`embedded\`. It is a standalone server in memory: no transactions (${error(20)}),
no change streams (40573), no retryable writes. It has not been compared with a real server by anybody but its own conformance lists.

## Commands

${table(
  ['command', 'what it takes', 'options that are refused (115)'],
  commands.map(({ names, summary, refused }) => [code(names), summary, code(refused ?? [])]),
)}

## Operators

${table(
  ['kind', 'names'],
  [
    ['filters', code(OPERATORS.filters)],
    ['projection of find', code(OPERATORS.findProjection)],
    ['updates', code(OPERATORS.updates)],
    ['expressions', code(OPERATORS.expressions)],
    ['accumulators', code(OPERATORS.accumulators)],
    ['window functions', code(OPERATORS.windowFunctions)],
    ['stages', code([...OPERATORS.stages, ...SERVER_STAGES].sort())],
    ['refused filters', code(REFUSED.filters)],
    ['refused stages', code(REFUSED.stages.filter((name) => !SERVER_STAGES.includes(name)))],
  ],
)}

${table(
  ['operator', 'part that is refused', 'code', 'why'],
  REFUSED_OPTIONS.map(({ operator, part, code: number, reason }) => [operator, part, String(number), reason]),
)}

## Indexes

Used by queries: ascending, descending, compound, multikey, unique, sparse, partial, with a collation, hidden. TTL indexes are swept every
60 seconds. Stored and listed, but never used: ${code([...Object.keys(PLUGINS), 'wildcard ($**)'])}. Fields of a specification: ${code(INDEX_FIELDS)}.

## Kinds of collection

Only plain ones. Capped, time series and clustered collections, views and encrypted fields are refused with ${error(115)}.

## Regular expressions

They are translated for the engine of the runtime, which knows no time limit: \`maxTimeMS\` is looked at between documents, so a pattern
that backtracks without end holds the thread of the server until it is through. Run the server in a process or worker that can be ended.

## Sign-in

SCRAM-SHA-256, users in \`admin\`, given when the server starts. Roles: ${code(ROLE_NAMES)}, or lists of privileges.

## Facts that the server answers otherwise

${
  BEHAVIOUR_EXCEPTIONS.length === 0
    ? 'None of the shared behaviour list.'
    : table(
        ['fact', 'given', 'why'],
        BEHAVIOUR_EXCEPTIONS.map(({ fact, given, reason }) => [fact, given, reason]),
      )
}
`
}

const error = (number: number): string => `${number} ${CODE_NAMES[number] ?? ''}`.trim()

/** Where the page lives. */
export const SUPPORT_PAGE_PATH = fileURLToPath(new URL('../../../docs/embedded-support.md', import.meta.url))

/** Writes the page, or with `--check` compares it; returns the exit code. */
export function main(args: readonly string[]): number {
  const page = supportPage()
  if (!args.includes('--check')) {
    writeFileSync(SUPPORT_PAGE_PATH, page)
    return 0
  }
  if (readFileSync(SUPPORT_PAGE_PATH, 'utf8') === page) return 0
  process.stderr.write('docs/embedded-support.md is not current: run packages/embedded/src/support-page.ts\n')
  return 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2))
