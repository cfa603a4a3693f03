import type { CollectionEvidence, PlanEvidence, UniqueEvidence, ValidatorEvidence } from '@stage0/types'
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
  const lines = ['', words.bold('evidence from the data'), headline(evidence)]
  for (const collection of evidence.collections) lines.push('', ...collectionLines(collection, words))
  if (evidence.collections.length === 0) lines.push('  no collection that the plan changes exists yet')
  return `${lines.join('\n')}\n`
}

function headline({ at, took_ms, limits }: PlanEvidence): string {
  const bounds = `at most ${counted(limits.documents, 'document')} of each collection and ${limits.ms / 1000} s in all`
  return `  read-only, as of ${at}, in ${(took_ms / 1000).toFixed(1)} s; ${bounds}`
}

function collectionLines(collection: CollectionEvidence, words: Words): string[] {
  const { name, size, validators, uniques, expiries, work, risks, errors } = collection
  const lines = [`  ${words.bold(name)}${size === undefined ? '' : `  ${sizeText(size)}`}`]
  for (const one of validators) lines.push(...validatorLines(one, words))
  for (const one of uniques) lines.push(...uniqueLines(one, words))
  for (const { index, version, text, documents } of expiries)
    lines.push(`    index ${index} of ${version}, which deletes: ${(documents === 0 ? words.good : words.bad)(text)}`)
  for (const { what, text } of risks) lines.push(`    ${text}  (${what})`)
  for (const { text, step_id } of work) lines.push(`    ${stepName(step_id)} ${text}`)
  for (const { code, message } of errors) lines.push(`    ${words.bad(code)} ${message}`)
  return lines
}

const sizeText = (size: NonNullable<CollectionEvidence['size']>): string =>
  `${counted(size.documents, 'document')}, ${byteText(size.bytes)}, indexes ${byteText(size.index_bytes)}`

/** A step without its collection, which stands above. */
const stepName = (id: string): string => id.slice(id.indexOf('/') + 1)

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

const ruleText = ({ path, keyword, expected }: ValidatorEvidence['rules'][number]): string =>
  `${path === '' ? '(document)' : path}: ${keyword}, expected ${expected}`

type Violation = ValidatorEvidence['samples'][number]['violations'][number]

function violationText({ path, rule, expected, actual }: Violation): string {
  const wanted = expected === undefined ? '' : `, expected ${expected}`
  const found = actual === undefined ? '' : `, found ${actual}`
  return `${path === '' ? '(document)' : path}: ${rule}${wanted}${found}`
}

function uniqueLines({ version, index, text, keys, samples }: UniqueEvidence, words: Words): string[] {
  const paint = keys === 0 ? words.good : words.bad
  return [
    `    unique index ${index} of ${version}: ${paint(text)}`,
    ...samples
      .slice(0, SHOWN_SAMPLES)
      .map(
        ({ key, documents, ids }) =>
          `      ${key.map(({ path, value }) => `${path}: ${value}`).join(', ')} in ${whichDocuments(documents, ids)}`,
      ),
    ...rest(samples.length),
  ]
}

/** Evidence for a pull request, to follow the plan; names and values are escaped. Samples are folded away. */
export function renderEvidenceMarkdown(evidence: PlanEvidence): string {
  const lines = ['', '### Evidence from the data', '', escape(headline(evidence).trim())]
  for (const { name, size, validators, uniques, expiries, work, risks, errors } of evidence.collections) {
    lines.push('', `#### ${escape(name)}`, '')
    if (size !== undefined) lines.push(escape(sizeText(size)), '')
    for (const one of validators) lines.push(...validatorMarkdown(one))
    for (const one of uniques) lines.push(...uniqueMarkdown(one))
    for (const { index, version, text } of expiries)
      lines.push(`Index ${escape(index)} of ${version}, which deletes: **${escape(text)}**`, '')
    lines.push(...risks.map(({ what, text }) => `- ${escape(text)} (${escape(what)})`))
    lines.push(...work.map(({ text, step_id }) => `- ${escape(stepName(step_id))}: ${escape(text)}`))
    lines.push(...errors.map(({ code, message }) => `- **${code}** ${escape(message)}`))
  }
  return `${lines.join('\n')}\n`
}

function validatorMarkdown({ version, text, rules, samples }: ValidatorEvidence): string[] {
  const lines = [`Validator of ${version}: **${escape(text)}**`, '']
  if (rules.length > 0) {
    lines.push('| documents | path | rule | expected |', '| ---: | --- | --- | --- |')
    for (const { documents, path, keyword, expected } of rules)
      lines.push(
        `| ${grouped(documents)} | ${escape(path === '' ? '(document)' : path)} | ${keyword} | ${escape(expected)} |`,
      )
    lines.push('')
  }
  const items = samples.map(
    ({ id, violations }) => `- \\_id ${escape(id)}: ${violations.map((one) => escape(violationText(one))).join('; ')}`,
  )
  return [...lines, ...folded(items)]
}

function uniqueMarkdown({ version, index, text, samples }: UniqueEvidence): string[] {
  const items = samples.map(
    ({ key, documents, ids }) =>
      `- ${escape(key.map(({ path, value }) => `${path}: ${value}`).join(', '))} in ${escape(whichDocuments(documents, ids))}`,
  )
  return [`Unique index ${escape(index)} of ${version}: **${escape(text)}**`, '', ...folded(items)]
}

const folded = (items: readonly string[]): string[] =>
  items.length === 0
    ? []
    : ['<details>', `<summary>${counted(items.length, 'sample')}</summary>`, '', ...items, '', '</details>', '']

const escape = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&')
