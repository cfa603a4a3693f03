import type { CollectionEvidence, PlanEvidence, Problem } from '@stage0/types'
import { headline } from '../evidence/render-evidence.ts'
import { counted, grouped } from '../evidence/short-text.ts'
import { describePlan, type DescribedCollection, type PlanDescription } from '../plan/describe-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { hasOpenRisks, type DocumentCounts } from '../plan/render-plan.ts'
import { RISKS_PAGE } from '../plan/risk-catalogue.ts'
import { byteLength, inline } from './markdown.ts'
import { problemItems } from './problems-review.ts'
import { collectionLines, isTouched, riskCounts, stepCount, stepLines } from './review-collection.ts'
import { DETAILS, firstOf, more, type Detail } from './review-detail.ts'

export interface ReviewOptions {
  readonly documents?: DocumentCounts
  readonly evidence?: PlanEvidence
  /** The largest text, in bytes of UTF-8; as long as it gets without it. */
  readonly maxBytes?: number
}

/** What a review is put together from: what always stands there, and parts of which the last ones may have to go. */
interface Parts {
  readonly head: readonly string[]
  readonly sections: readonly { readonly name: string; readonly lines: readonly string[] }[]
  readonly foot: readonly string[]
}

/**
 * A plan as Markdown for a pull request: summary, problems, a table of what changes, then each collection to unfold
 * with its steps, risks and evidence. Nothing of what it names becomes markup.
 *
 * Where it would be longer than `maxBytes`, it shows less of each thing first, then fewer collections, and says at its
 * end what is left out. Below about 8 KiB a plan with many problems may not fit.
 */
export function renderReview(plan: Plan, options: ReviewOptions = {}): string {
  const { maxBytes = Infinity } = options
  const described = describePlan(plan)
  let least = ''
  for (const detail of DETAILS) {
    const isWhole = detail === DETAILS[0]
    const parts = partsOf(plan, described, detail, options)
    least = textOf(parts, isWhole ? undefined : 'Some details are left out, to stay within the length of a comment.')
    if (byteLength(least) <= maxBytes) return least
    if (detail === DETAILS.at(-1)) return withFewerSections(parts, maxBytes)
  }
  return least
}

function textOf({ head, sections, foot }: Parts, left: string | undefined): string {
  const lines = [...head, ...sections.flatMap((one) => one.lines), ...foot, ...leftOut(left)]
  // One empty line between things is enough.
  return `${lines
    .filter((line, at) => line !== '' || lines[at - 1] !== '')
    .join('\n')
    .trimEnd()}\n`
}

const leftOut = (what: string | undefined): string[] =>
  what === undefined ? [] : ['', `> ${what} The whole plan: \`stage0 plan\`.`]

/** As many of the first sections as fit; those that do not are named, as far as that fits. */
function withFewerSections(parts: Parts, maxBytes: number): string {
  const fitting = (kept: number): string => {
    const names = parts.sections.slice(kept).map(({ name }) => inline(name))
    const named = firstOf(names, 20, more).join(', ')
    const what = `Most details, and the steps of ${counted(names.length, 'collection')} are left out, to stay within the length of a comment: ${named}.`
    return textOf({ ...parts, sections: parts.sections.slice(0, kept) }, what)
  }
  let [kept, tooMany] = [0, parts.sections.length]
  while (tooMany - kept > 1) {
    const middle = Math.floor((kept + tooMany) / 2)
    if (byteLength(fitting(middle)) <= maxBytes) kept = middle
    else tooMany = middle
  }
  return fitting(kept)
}

function partsOf(plan: Plan, described: PlanDescription, detail: Detail, options: ReviewOptions): Parts {
  const { documents, evidence } = options
  const found = new Map<string, CollectionEvidence>(evidence?.collections.map((one) => [one.name, one]))
  const touched = described.collections.filter(isTouched)
  const enumerators = described.enumerators.flatMap((one) => stepLines(one, detail))
  return {
    head: [
      `## ${inline(described.summary)}`,
      '',
      ...problemLines(described.problems, detail),
      ...tableLines(described.collections, touched, detail, documents),
    ],
    sections: [
      ...(enumerators.length === 0
        ? []
        : [{ name: 'enumerators', lines: ['### Enumerators', '', ...enumerators, ''] }]),
      ...touched.map((one) => ({ name: one.name, lines: collectionLines(one, found.get(one.name), detail) })),
    ],
    foot: [
      ...(evidence === undefined ? [] : ['', `Evidence from the data: ${inline(headline(evidence))}`]),
      ...(hasOpenRisks(described)
        ? ['', `What the codes of risks mean, and how a file accepts one: \`${RISKS_PAGE}\``]
        : []),
      '',
      `Plan \`${plan.hash}\``,
    ],
  }
}

const problemLines = (problems: readonly Problem[], detail: Detail): string[] =>
  problems.length === 0 ? [] : ['### Problems', '', ...problemItems(problems, detail.problems), '']

/** What changes at a glance; what stays is counted. */
function tableLines(
  all: readonly DescribedCollection[],
  touched: readonly DescribedCollection[],
  detail: Detail,
  documents: DocumentCounts | undefined,
): string[] {
  const rows = touched.map((one) => {
    const amount = documents?.get(one.name)
    const cells = [inline(one.name), inline(one.state), grouped(stepCount(one)), riskCounts(one)]
    return `| ${[...cells, amount === undefined ? '' : `about ${grouped(amount)}`].join(' | ')} |`
  })
  const rest = all.length - touched.length
  return [
    ...(rows.length === 0
      ? []
      : ['| collection | state | steps | risks | documents |', '| --- | --- | ---: | --- | ---: |']),
    ...firstOf(rows, detail.rows, (left) => `| ${more(left)} | | | | |`),
    '',
    ...(rest === 0
      ? []
      : [
          `${counted(rest, 'collection')} ${rest === 1 ? 'stays' : 'stay'} as ${rest === 1 ? 'it is' : 'they are'}.`,
          '',
        ]),
  ]
}
