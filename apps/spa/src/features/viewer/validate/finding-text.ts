import type { Finding } from './messages.ts'
import { shownPath } from './shown-path.ts'

/** A text of the catalogue with its values. */
export interface TextKey {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
}

/** Rules that are said in a sentence of their own; `required` and the like name no value that was there. */
const SENTENCES: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'bsonType',
  'type',
  'enum',
  'pattern',
])

/** A finding in words: what the value should be. The path is shown beside it. */
export function findingText(finding: Finding): TextKey {
  const values = { rule: finding.rule, expected: finding.expected ?? '', actual: finding.actual ?? '' }
  if (SENTENCES.has(finding.rule)) return { key: `viewer.finding.${finding.rule}`, values }
  if (finding.expected !== undefined) return { key: 'viewer.finding.expected', values }
  return { key: 'viewer.finding.other', values: { ...values, reason: finding.reason ?? finding.rule } }
}

/** Where a finding is, for people; the document itself has no path. */
export const findingPath = (finding: Finding): string => shownPath(finding.path)
