import type { CollectionEvidence, DuplicateSample, EvidenceRule, EvidenceSample, PlanEvidence } from '@stage0/types'

/** What the stored documents say of risks, by `amountKey`. */
export type RiskAmounts = ReadonlyMap<string, string>

export const amountKey = (stepId: string, what: string): string => `${stepId}\n${what}`

export const riskAmounts = (evidence: PlanEvidence | undefined): RiskAmounts =>
  new Map(
    (evidence?.collections ?? []).flatMap(({ risks }) =>
      risks.map(({ step_id: stepId, what, text }) => [amountKey(stepId, what), text] as const),
    ),
  )

export const evidenceOf = (evidence: PlanEvidence | undefined, collection: string): CollectionEvidence | undefined =>
  evidence?.collections.find(({ name }) => name === collection)

export interface Verdict {
  readonly kind: 'success' | 'warning' | 'error'
  readonly text: string
}

/** How a result looks: nothing found is good only where everything was looked at. */
export function verdictOf(found: number, ended: 'all' | 'limit' | 'time', text: string): Verdict {
  if (found > 0) return { kind: 'error', text }
  return { kind: ended === 'all' ? 'success' : 'warning', text }
}

/** A line of a table of evidence. */
export type EvidenceRow = readonly (string | number)[]

/** @param wholeDocument What stands for a rule about no single property. */
export const ruleRow = ({ documents, path, keyword, expected }: EvidenceRule, wholeDocument: string): EvidenceRow => [
  documents,
  path === '' ? wholeDocument : path,
  keyword,
  expected,
]

export const duplicateRow = ({ documents, key, ids }: DuplicateSample): EvidenceRow => [
  documents,
  key.map(({ path, value }) => `${path}: ${value}`).join(', '),
  ids.join(', '),
]

/**
 * A line for each rule that a document breaks; its id stands in the first.
 *
 * @param words What stands for a rule about no single property, and for rules that are not listed.
 */
export const sampleRows = (
  { id, violations, more }: EvidenceSample,
  words: { readonly wholeDocument: string; readonly more: (count: number) => string },
): readonly EvidenceRow[] => [
  ...violations.map(({ path, rule, expected = '', actual = '', description = '' }, at) => [
    at === 0 ? id : '',
    [path === '' ? words.wholeDocument : path, description].filter(Boolean).join(' · '),
    rule,
    expected,
    actual,
  ]),
  ...(more > 0 ? [['', words.more(more), '', '', '']] : []),
]

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** Powers of a thousand, in the words of the language. */
export function bytesText(bytes: number, locale: string): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const style = { style: 'unit', unit: UNITS[power] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(locale, style).format(bytes / 1000 ** power)
}
