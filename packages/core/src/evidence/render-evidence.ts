import type {
  CollectionEvidence,
  DuplicateSample,
  PlanEvidence,
  UniqueEvidence,
  ValidatorEvidence,
} from '@stage0/types'
import { byteText, counted, grouped } from './short-text.ts'

/** A terminal shows so many samples of each validator and index; `--json` has all of them. */
const SHOWN_SAMPLES = 5

interface Words {
  readonly bold: (text: string) => string
  readonly bad: (text: string) => string
  readonly good: (text: string) => string
}

/** Colours of a terminal. Source: ECMA-48, SGR parameters. */
const sgr =
  (code: number, isOn: boolean) =>
  (text: string): string =>
    isOn ? `\u001b[${code}m${text}\u001b[0m` : text

/** Evidence for a terminal, to follow the plan. */
export function renderEvidenceText(evidence: PlanEvidence, options: { readonly color?: boolean } = {}): string {
  const isOn = options.color === true
  const words: Words = { bold: sgr(1, isOn), bad: sgr(31, isOn), good: sgr(32, isOn) }
  const lines = ['', words.bold('evidence from the data'), `  ${headline(evidence)}`]
  for (const collection of evidence.collections) lines.push('', ...collectionLines(collection, words))
  if (evidence.collections.length === 0) lines.push('  no collection that the plan changes exists yet')
  return `${lines.join('\n')}\n`
}

/** When it was gathered, how long that took, and within which bounds. */
export function headline({ at, took_ms, limits }: PlanEvidence): string {
  const bounds = `at most ${counted(limits.documents, 'document')} of each collection and ${limits.ms / 1000} s in all`
  return `read-only, as of ${at}, in ${(took_ms / 1000).toFixed(1)} s; ${bounds}`
}

function collectionLines(collection: CollectionEvidence, words: Words): string[] {
  const { name, size, validators, uniques, expiries, work, risks, errors } = collection
  const lines = [`  ${words.bold(name)}${size === undefined ? '' : `  ${sizeText(size)}`}`]
  for (const one of validators) lines.push(...validatorLines(one, words))
  for (const one of uniques) lines.push(...uniqueLines(one, words))
  for (const one of expiries)
    lines.push(`    ${expiryLead(one)}: ${(one.documents === 0 ? words.good : words.bad)(one.text)}`)
  for (const { what, text } of risks) lines.push(`    ${text}  (${what})`)
  for (const { text, step_id } of work) lines.push(`    ${stepName(step_id)} ${text}`)
  for (const { code, message } of errors) lines.push(`    ${words.bad(code)} ${message}`)
  return lines
}

export const sizeText = (size: NonNullable<CollectionEvidence['size']>): string =>
  `${counted(size.documents, 'document')}, ${byteText(size.bytes)}, indexes ${byteText(size.index_bytes)}`

/** A step without its collection, which stands above. */
export const stepName = (id: string): string => id.slice(id.indexOf('/') + 1)

function validatorLines({ version, text, failing, rules, samples }: ValidatorEvidence, words: Words): string[] {
  const paint = failing === 0 ? words.good : words.bad
  return [
    `    validator of ${version}: ${paint(text)}`,
    ...rules.map((rule) => `      ${grouped(rule.documents).padStart(9)}  ${ruleText(rule)}`),
    ...samples
      .slice(0, SHOWN_SAMPLES)
      .flatMap(({ id, violations, more }) => [
        `      _id ${id}`,
        ...violations.map((one) => `        ${violationText(one)}`),
        ...(more > 0 ? [`        and ${more} more`] : []),
      ]),
    ...rest(samples.length),
  ]
}

/** Of many documents only the first and the last are named. */
const whichDocuments = (documents: number, ids: readonly string[]): string =>
  `${counted(documents, 'document')}, ${documents > ids.length ? 'among them ' : ''}_id ${ids.join(' and ')}`

const rest = (samples: number): string[] =>
  samples > SHOWN_SAMPLES ? [`      ${counted(samples - SHOWN_SAMPLES, 'more sample')} with --json`] : []

type Rule = Omit<ValidatorEvidence['rules'][number], 'documents'>

/** A rule with a name for the document itself, whose path is empty. */
export const ruleWords = ({ path, keyword, expected }: Rule): { path: string; keyword: string; expected: string } => ({
  path: path === '' ? '(document)' : path,
  keyword,
  expected,
})

function ruleText(rule: Rule): string {
  const { path, keyword, expected } = ruleWords(rule)
  return `${path}: ${keyword}, expected ${expected}`
}

type Violation = ValidatorEvidence['samples'][number]['violations'][number]

export function violationText({ path, rule, expected, actual }: Violation): string {
  const wanted = expected === undefined ? '' : `, expected ${expected}`
  const found = actual === undefined ? '' : `, found ${actual}`
  return `${path === '' ? '(document)' : path}: ${rule}${wanted}${found}`
}

export const uniqueLead = ({ version, index }: UniqueEvidence): string => `unique index ${index} of ${version}`

export const expiryLead = ({ version, index }: CollectionEvidence['expiries'][number]): string =>
  `index ${index} of ${version}, which deletes`

export const uniqueSampleText = ({ key, documents, ids }: DuplicateSample): string =>
  `${key.map(({ path, value }) => `${path}: ${value}`).join(', ')} in ${whichDocuments(documents, ids)}`

function uniqueLines(one: UniqueEvidence, words: Words): string[] {
  const { text, keys, samples } = one
  const paint = keys === 0 ? words.good : words.bad
  return [
    `    ${uniqueLead(one)}: ${paint(text)}`,
    ...samples.slice(0, SHOWN_SAMPLES).map((sample) => `      ${uniqueSampleText(sample)}`),
    ...rest(samples.length),
  ]
}
