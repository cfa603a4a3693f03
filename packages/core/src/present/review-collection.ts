import type { CollectionEvidence } from '@stage0/types'
import { counted, grouped } from '../evidence/short-text.ts'
import type { DescribedCollection, DescribedStep } from '../plan/describe-plan.ts'
import { evidenceLines } from './evidence-review.ts'
import { fenced, folded, html, inline } from './markdown.ts'
import { firstOf, more, type Detail } from './review-detail.ts'

export const stepCount = ({ versions }: DescribedCollection): number =>
  versions.reduce((sum, { steps }) => sum + steps.length, 0)

/** Whether there is something to say about it: a step, or a difference to what is recorded. */
export const isTouched = (collection: DescribedCollection): boolean =>
  stepCount(collection) > 0 || collection.drift.length > 0

const openRisksOf = ({ versions }: DescribedCollection): DescribedStep['risks'] =>
  versions.flatMap(({ steps }) => steps.flatMap(({ risks }) => risks.filter((one) => !one.accepted)))

/** What a reviewer looks at first. */
const isGrave = (collection: DescribedCollection): boolean =>
  openRisksOf(collection).some(({ label }) => label === 'breaking' || label === 'data-dependent')

/** "2 breaking, 1 under load": how often each of them stands there, in the order in which they come first. */
const amounts = (names: readonly string[]): string =>
  [...new Set(names)].map((name) => `${grouped(names.filter((one) => one === name).length)} ${name}`).join(', ')

/** The risks that no file accepts, by class. */
export const riskCounts = (collection: DescribedCollection): string =>
  amounts(openRisksOf(collection).map(({ label }) => label))

/** A collection as a part to unfold; one with a grave risk is open. */
export function collectionLines(
  collection: DescribedCollection,
  evidence: CollectionEvidence | undefined,
  detail: Detail,
): string[] {
  const { name, state, drift, versions } = collection
  const summary = `<b>${html(name)}</b> ${html(state)}, ${counted(stepCount(collection), 'step')}`
  const drifted = drift.map((words) => `- differs: ${inline(words)}`)
  const lines = [
    ...(drift.length === 0 ? [] : [...firstOf(drifted, detail.changes + 1, (left) => `- ${more(left)}`), '']),
    ...versions.flatMap(({ version, steps }) => [
      `#### ${inline(version)}`,
      '',
      ...steps.flatMap((one) => stepLines(one, detail)),
      '',
    ]),
    ...(evidence === undefined ? [] : evidenceLines(evidence, detail)),
  ]
  return folded(summary, lines, isGrave(collection))
}

/** A step as an item of a numbered list. */
export function stepLines({ text, details, risks }: DescribedStep, detail: Detail): string[] {
  const { changes } = detail
  const shown = details.slice(0, changes).map(({ mark, text: change }) => `${mark === '~' ? '!' : mark} ${change}`)
  const left = details.length - shown.length
  const block = [...shown, ...(left > 0 && shown.length > 0 ? [`  ${more(left)}`] : [])]
  return [
    `1. ${inline(text)}${left > 0 && shown.length === 0 ? ` (${counted(left, 'change')})` : ''}`,
    ...(block.length === 0 ? [] : ['', ...fenced('diff', block, '   '), '']),
    ...riskLines(risks, detail),
  ]
}

function riskLines(risks: DescribedStep['risks'], { risks: most }: Detail): string[] {
  if (most === 0 && risks.length > 0)
    return [`   - risks: ${amounts(risks.map(({ code, label }) => `${code} (${label})`))}`]
  const items = risks.map((one) => `   - **${one.code}** (${one.label}) ${inline(one.text)}`)
  return firstOf(items, most, (left) => `   - ${more(left)}`)
}
