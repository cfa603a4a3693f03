import type { CollectionEvidence, UniqueEvidence, ValidatorEvidence } from '@stage0/types'
import {
  expiryLead,
  ruleWords,
  sizeText,
  stepName,
  uniqueLead,
  uniqueSampleText,
  violationText,
} from '../evidence/render-evidence.ts'
import { counted, grouped } from '../evidence/short-text.ts'
import { folded, inline } from './markdown.ts'
import { firstOf, more, type Detail } from './review-detail.ts'

/** What the stored documents of a collection say, for a review. Samples are folded away. */
export function evidenceLines(collection: CollectionEvidence, detail: Detail): string[] {
  const { size, validators, uniques, expiries, work, risks, errors } = collection
  const items = [
    ...risks.map(({ what, text }) => `- ${inline(text)} (${inline(what)})`),
    ...work.map(({ text, step_id }) => `- ${inline(stepName(step_id))}: ${inline(text)}`),
    ...errors.map(({ code, message }) => `- **${inline(code)}** ${inline(message)}`),
  ]
  return [
    `**Evidence from the data**${size === undefined ? '' : `: ${inline(sizeText(size))}`}`,
    '',
    ...validators.flatMap((one) => validatorLines(one, detail)),
    ...uniques.flatMap((one) => uniqueLines(one, detail)),
    ...expiries.flatMap((one) => [`${inline(expiryLead(one))}: **${inline(one.text)}**`, '']),
    ...(items.length === 0 ? [] : [...firstOf(items, detail.changes + 1, (left) => `- ${more(left)}`), '']),
  ]
}

function validatorLines({ version, text, rules, samples }: ValidatorEvidence, detail: Detail): string[] {
  const lines = [`Validator of ${inline(version)}: **${inline(text)}**`, '']
  if (rules.length > 0 && detail.evidence > 0) {
    const rows = rules.map(({ documents, ...rule }) => {
      const { path, keyword, expected } = ruleWords(rule)
      return `| ${grouped(documents)} | ${inline(path)} | ${inline(keyword)} | ${inline(expected)} |`
    })
    const table = firstOf(rows, detail.evidence, (left) => `| | ${more(left)} | | |`)
    lines.push('| documents | path | rule | expected |', '| ---: | --- | --- | --- |', ...table, '')
  }
  const items = samples.map(
    ({ id, violations, more: others }) =>
      `- \\_id ${inline(id)}: ${violations.map((one) => inline(violationText(one))).join('; ')}${others > 0 ? `; ${more(others)}` : ''}`,
  )
  return [...lines, ...samplesFolded(items, detail)]
}

const uniqueLines = (one: UniqueEvidence, detail: Detail): string[] => [
  `${inline(uniqueLead(one))}: **${inline(one.text)}**`,
  '',
  ...samplesFolded(
    one.samples.map((sample) => `- ${inline(uniqueSampleText(sample))}`),
    detail,
  ),
]

const samplesFolded = (items: readonly string[], { evidence }: Detail): string[] =>
  items.length === 0 || evidence === 0
    ? []
    : folded(
        counted(items.length, 'sample'),
        firstOf(items, evidence, (left) => `- ${more(left)}`),
      )
