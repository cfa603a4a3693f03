import type { Problem } from '@stage0/types'
import { describePlan, type DescribedCollection, type DescribedStep, type PlanDescription } from './describe-plan.ts'
import type { Observed } from './observed.ts'
import type { Plan } from './plan.ts'
import { RISKS_PAGE } from './risk-catalogue.ts'

type Paint = (text: string) => string
/** Colours of a terminal. Source: ECMA-48, SGR parameters. */
const sgr =
  (code: number, isOn: boolean): Paint =>
  (text) =>
    isOn ? `\u001b[${code}m${text}\u001b[0m` : text

interface Palette {
  readonly bold: Paint
  readonly added: Paint
  readonly removed: Paint
  readonly changed: Paint
}

/** Estimated documents by collection. Not part of a plan: they change while nothing does that matters to it. */
export type DocumentCounts = ReadonlyMap<string, number>

export const documentCounts = ({ collections }: Observed): DocumentCounts =>
  new Map(collections.map((one) => [one.name, one.estimatedDocuments]))

/** Told where it matters: where steps meet documents, and so take time, locks or data. */
function amountOf({ name, versions }: DescribedCollection, documents: DocumentCounts | undefined): string {
  const amount = documents?.get(name)
  if (amount === undefined || versions.every(({ steps }) => steps.length === 0)) return ''
  return `, about ${amount} ${amount === 1 ? 'document' : 'documents'}`
}

/** The plan for a terminal: per collection its state, steps, changes of rules and indexes, risks; problems last. */
export function renderPlanText(
  plan: Plan,
  options: { readonly color?: boolean; readonly documents?: DocumentCounts } = {},
): string {
  const isOn = options.color === true
  const paint: Palette = { bold: sgr(1, isOn), added: sgr(32, isOn), removed: sgr(31, isOn), changed: sgr(33, isOn) }
  const described = describePlan(plan)
  const lines = [paint.bold(described.summary), `plan ${plan.hash.slice(0, 12)}`]
  if (described.enumerators.length > 0) {
    lines.push('', paint.bold('enumerators'), ...described.enumerators.flatMap((step) => stepLines(step, '  ', paint)))
  }
  for (const collection of described.collections) {
    lines.push('', `${paint.bold(collection.name)}  ${collection.state}${amountOf(collection, options.documents)}`)
    for (const words of collection.drift) lines.push(`  ${paint.changed('differs')} ${words}`)
    for (const { version, steps } of collection.versions) {
      lines.push(`  ${version}`, ...steps.flatMap((step) => stepLines(step, '    ', paint)))
    }
  }
  if (described.problems.length > 0) lines.push('', paint.bold('problems'))
  for (const problem of described.problems) {
    const severity = problem.severity === 'error' ? paint.removed(problem.severity) : paint.changed(problem.severity)
    lines.push(`  ${severity} ${problem.code} ${placeOf(problem)}${problem.text}`)
    if (problem.hint !== undefined) lines.push(`    ${problem.hint}`)
  }
  if (hasOpenRisks(described)) lines.push('', `What the codes of risks mean, and how a file accepts one: ${RISKS_PAGE}`)
  return `${lines.join('\n')}\n`
}

/** Whether a risk is there that no file accepts. */
export const hasOpenRisks = ({ collections }: PlanDescription): boolean =>
  collections.some(({ versions }) =>
    versions.some(({ steps }) => steps.some(({ risks }) => risks.some((one) => !one.accepted))),
  )

function stepLines(step: DescribedStep, indent: string, paint: Palette): string[] {
  const marks = { '+': paint.added, '-': paint.removed, '~': paint.changed }
  return [
    `${indent}${step.text}`,
    ...step.details.map(({ mark, text }) => `${indent}  ${marks[mark](`${mark} ${text}`)}`),
    ...step.risks.map((one) => {
      const label = `${one.code} ${one.label}`
      return `${indent}  ! ${one.accepted ? label : paint.removed(label)}: ${one.text}`
    }),
  ]
}

/** `file:line:column ` with a space after it, or nothing. */
export const placeOf = ({ file, line, column }: Problem): string =>
  file === undefined
    ? ''
    : line === undefined
      ? `${file} `
      : `${file}:${line}${column === undefined ? '' : `:${column}`} `
