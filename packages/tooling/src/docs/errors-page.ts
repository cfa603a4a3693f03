import type { ErrorEntry } from '@stage0/types'
import { GENERATED } from './generated.ts'
import { anchorOf, code, page, table } from './markdown.ts'

const INTRODUCTION = `Everything that goes wrong has a code. It stands in the output of the [command](../command.md), in the answers of the [service](../http.md#errors), in the console, in events
and in SARIF. Codes are stable: never renamed, never reused. A service that runs explains them itself, at \`/api/errors/<code>\`.

The codes of risks (\`BC\`, \`MF\`, ...) are on [a page of their own](../risks.md). *HTTP* is the status where a request is answered with the code; 422 where none is named.`

/**
 * docs/errors/README.md: every code that Stage0 reports, with cause and remedy.
 *
 * @param areas The catalogue by what the codes are about; inside an area they are sorted.
 */
export function errorsPage(
  areas: readonly (readonly [heading: string, entries: Readonly<Record<string, ErrorEntry>>])[],
): string {
  const sorted = (entries: Readonly<Record<string, ErrorEntry>>) =>
    Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))
  const contents = areas.map(([heading, entries]) => [
    `[${heading}](#${anchorOf(heading)})`,
    sorted(entries)
      .map(([name]) => `[${code(name)}](#${anchorOf(name)})`)
      .join(', '),
  ])
  const parts = areas.flatMap(([heading, entries]) => [
    `## ${heading}`,
    ...sorted(entries).flatMap(([name, { title, cause, fix, status }]) => [
      `### ${name}`,
      `**${title}.**${status === undefined ? '' : ` HTTP ${status}.`} ${cause}`,
      `What to do: ${fix}`,
    ]),
  ])
  return page('# Error codes', GENERATED, INTRODUCTION, table(['about', 'codes'], contents), ...parts)
}
