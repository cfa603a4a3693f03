import type { Problem } from '@stage0/types'
import type { SchemaChange } from '../diff/schema-diff.ts'
import { plainText } from './index-form.ts'
import { changeInWords } from './index-form-in-place.ts'
import type { CollectionPlan, Plan, Step, StepOf } from './plan.ts'
import { RISK_CODES } from './risk-catalogue.ts'

/** A plan in the words and the order in which people read it; how it looks is for the renderers. */
export interface PlanDescription {
  readonly summary: string
  readonly collections: readonly DescribedCollection[]
  readonly enumerators: readonly DescribedStep[]
  readonly problems: readonly Problem[]
}

export interface DescribedCollection {
  readonly name: string
  /** "behind: 1.0.0.0 -> 1.0.1.0" */
  readonly state: string
  readonly drift: readonly string[]
  readonly versions: readonly { readonly version: string; readonly steps: readonly DescribedStep[] }[]
}

export interface DescribedStep {
  readonly text: string
  /** Changes of rules and definitions of indexes, one a line. */
  readonly details: readonly { readonly mark: '+' | '-' | '~'; readonly text: string }[]
  readonly risks: readonly {
    readonly code: string
    readonly label: string
    readonly text: string
    readonly accepted: boolean
  }[]
}

export function describePlan(plan: Plan): PlanDescription {
  const steps = new Map(plan.steps.map((step) => [step.id, step]))
  return {
    summary: summaryOf(plan),
    collections: plan.collections.map((one) => describeCollection(one, steps)),
    enumerators: plan.steps.filter((step) => step.kind === 'recordEnumerators').map(describeStep),
    problems: plan.problems,
  }
}

function summaryOf(plan: Plan): string {
  const errors = plan.problems.filter((one) => one.severity === 'error').length
  const target = `${plan.database} on ${plan.server}, environment ${plan.environment}`
  if (errors > 0) return `Refused: ${errors} ${errors === 1 ? 'error' : 'errors'} for ${target}`
  if (plan.steps.length === 0) return `Nothing to do for ${target}`
  const touched = plan.collections.filter((one) => one.stepIds.length > 0).length
  const collections = `${touched} ${touched === 1 ? 'collection' : 'collections'}`
  return `${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'} in ${collections} for ${target}`
}

function describeCollection(collection: CollectionPlan, steps: ReadonlyMap<string, Step>): DescribedCollection {
  const own = collection.stepIds.flatMap((id) => steps.get(id) ?? [])
  return {
    name: collection.name,
    state: `${collection.state}: ${rangeOf(collection)}`,
    drift: collection.drift,
    // A step of a version that is recorded already looks again for what was left.
    versions: [...new Set([...collection.pending, ...own.map(({ version }) => version)])].map((version) => ({
      version,
      steps: own.filter((step) => step.version === version).map(describeStep),
    })),
  }
}

function rangeOf({ recorded, newest }: CollectionPlan): string {
  if (recorded === newest) return recorded ?? 'nothing recorded'
  return `${recorded ?? 'nothing recorded'} -> ${newest ?? 'not in the repository'}`
}

const describeStep = (step: Step): DescribedStep => ({
  text: step.name,
  details: detailsOf(step),
  risks: step.risks.map(({ code, what, why, safer, accepted }) => ({
    code,
    label: RISK_CODES[code].class,
    text: accepted === undefined ? `${what}. ${why} Safer: ${safer}` : `${what}. Accepted: ${accepted}`,
    accepted: accepted !== undefined,
  })),
})

function detailsOf(step: Step): DescribedStep['details'] {
  switch (step.kind) {
    case 'setValidator':
      return step.changes.map(describeChange)
    case 'buildIndexes':
      return step.indexes.map(({ name, key, options }) => ({
        mark: '+',
        text: `${name} ${plainText(key)}${options.size === 0 ? '' : ` ${plainText(options)}`}`,
      }))
    case 'changeIndex':
      return [{ mark: '~', text: `${step.index.name} ${plainText(step.index.key)}: ${changeInWords(step.change)}` }]
    case 'dropIndex':
      return [{ mark: '-', text: step.index }]
    case 'migrate':
      return [
        { mark: '~', text: `${step.collection} into ${step.target}, ${step.strategy}: ${step.why}` },
        ...goesOn(step),
      ]
    case 'findLeftovers':
      return step.repeat.length === 0
        ? []
        : [{ mark: '~', text: 'what does not match is migrated once more, which the stages allow' }]
    case 'recordEnumerators':
    case 'createCollection':
    case 'loadData':
    case 'recordVersion':
      return []
  }
}

/** Where a migration goes on that an earlier run began. */
const goesOn = ({ from }: StepOf<'migrate'>): DescribedStep['details'] =>
  from === undefined ? [] : [{ mark: '~', text: `goes on after ${from.done} of ${from.total} documents` }]

function describeChange({ path, what }: SchemaChange): DescribedStep['details'][number] {
  const mark = what === 'added' ? '+' : what === 'removed' ? '-' : '~'
  return { mark, text: `${path === '' ? '(document)' : path}: ${what}` }
}
