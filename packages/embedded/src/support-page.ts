import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { INDEX_FIELDS, PLUGINS } from './catalog/index-specs.ts'
import { ROLE_NAMES } from './auth/roles.ts'
import { COMMANDS } from './commands/registry.ts'
import { TURN_MS } from './commands/operation.ts'
import { BEHAVIOUR_EXCEPTIONS } from './evaluate/behaviour-exceptions.ts'
import { OPERATORS, REFUSED, REFUSED_OPTIONS } from './evaluate/registry.ts'
import { WHOLE_STAGES } from './evaluate/stages/table.ts'
import { SERVER_STAGES } from './read/server-sources.ts'
import { CODE_NAMES } from './server-error.ts'
import { TRANSACTION_LIFE_MS } from './transactions/open-transactions.ts'
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

The server calls itself MongoDB ${VERSION} with the module \`embedded\`. Unless it is started as a replica set it is standalone: no transactions
(${error(20)}), no change streams (40573), no retryable writes. It has not been compared with a real server by anybody but its own conformance lists.

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

## As a replica set

Started with the name of a replica set it is one of one member, and says so: sessions, retryable writes and transactions, \`$clusterTime\` and
\`operationTime\` in every reply, read concern \`majority\` and \`snapshot\`, write concern \`majority\`.

| fact | as it is here |
| --- | --- |
| reads of a transaction | one snapshot, taken at its first statement, and its own writes; nobody else sees these before the commit |
| two writers of one document, or of one unique value | in a transaction ${error(112)} at once, with the label TransientTransactionError; a write outside of transactions waits until the transaction ends, or until its \`maxTimeMS\` is over (${error(50)}) |
| a failed statement | ends its transaction; what follows is ${error(251)} |
| life of a transaction | ${TRANSACTION_LIFE_MS / 1000} seconds, then it is aborted; a lost connection does not end it, endSessions and killSessions do |
| collections and indexes | made in a transaction where they are new; anything else of that kind is ${error(263)}. Outside of transactions such a change waits for the transactions that use the collection |
| a collection that was changed as a whole after the snapshot | ${error(246)} when the transaction first uses it |
| a snapshot read outside of transactions | reads now; an earlier time is refused (${error(239)}) once something was written |
| a write that is sent again with its transaction number | not carried out again; what was done is remembered in memory, for the session's last number |
| change streams | refused (${error(115)}) |
| write concern with more members than one | refused before anything is written (${error(100)}) |

## Long commands

One thread carries out all commands. Every ${TURN_MS} milliseconds a long one lets the others have their turn: writes of many documents, \`$merge\`
and \`$out\` between two documents, \`count\`, \`distinct\`, the first batch of a \`find\` and of a pipeline likewise, the statements of one \`insert\`,
\`update\` or \`delete\` between two statements. \`getMore\` does what its batch needs at once: a cursor that is opened with \`batchSize: 0\`
does no work until then, so a pipeline that sorts or groups keeps the others waiting for the whole of it.

- _Reads._ What a command reads of its own collection is as it was at the beginning, whatever is written, removed or dropped meanwhile. Collections
  that a pipeline reads beside it (\`$lookup\`, \`$unionWith\`, \`$graphLookup\`) are read when their turn comes.
- _Writes._ What the command did until it stops is committed: each document is whole, the statement is not. A document is met once, those that come
  meanwhile are not met, and one that another client changes is met where it still matches. A collection that is dropped or renamed meanwhile is
  ${error(175)}. \`$out\` puts its result in place in one step, and fails with code 28769 where that place was changed as a whole meanwhile.
- _An end._ \`killOp\`, \`killSessions\` and \`maxTimeMS\` end the command there; the end of the connection does not.

Carried out at once, with all others waiting: everything in a transaction, pipelines with read concern \`snapshot\`, writes that carry a
transaction number, \`getMore\`, builds of indexes, the
sorting of what was read, what \`$facet\`, \`$lookup\` and \`$unionWith\` read inside of them, and the stages ${code(WHOLE_STAGES)}
with those before them.

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
