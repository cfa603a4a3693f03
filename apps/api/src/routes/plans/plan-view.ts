import { isDoc, relaxedJson, type Doc } from '@stage0/bson-schema'
import {
  describePlan,
  documentCounts,
  isRefused,
  openRisks,
  type CollectionPlan,
  type Observed,
  type Plan,
  type PlanDescription,
  type Step,
} from '@stage0/core'
import type { PlanStepView, PlanView, Scope } from '@stage0/types'
import { publicProblem } from '../repository/public-problem.ts'
import { planChecks } from './plan-checks.ts'

const INDENT = 2

export interface PlanViewInput {
  readonly id: string
  readonly madeAt: Date
  readonly scope: Scope
  readonly plan: Plan
  readonly observed: Observed
  /** Warnings of the repository that the plan was made from. */
  readonly repositoryWarnings: number
}

/** A plan for a review: what would be done, from what to what, what speaks against it, and what was checked. */
export function viewPlan({ id, madeAt, scope, plan, observed, repositoryWarnings }: PlanViewInput): PlanView {
  const described = describePlan(plan)
  const documents = documentCounts(observed)
  return {
    id,
    hash: plan.hash,
    made_at: madeAt.toISOString(),
    scope,
    database: plan.database,
    server: plan.server,
    environment: plan.environment,
    summary: described.summary,
    refused: isRefused(plan),
    collections: plan.collections.map((one) => viewCollection(one, documents.get(one.name))),
    steps: viewSteps(plan, described, observed),
    checks: planChecks(plan, observed, repositoryWarnings),
    problems: plan.problems.map(publicProblem),
    open_risks: openRisks(plan).length,
  }
}

const viewCollection = (one: CollectionPlan, documents: number | undefined): PlanView['collections'][number] => ({
  name: one.name,
  state: one.state,
  ...(one.recorded !== undefined && { recorded: one.recorded }),
  ...(one.newest !== undefined && { newest: one.newest }),
  pending: [...one.pending],
  drift: [...one.drift],
  ...(documents !== undefined && { documents }),
  step_ids: [...one.stepIds],
})

type Described = PlanDescription['enumerators'][number]

function viewSteps(plan: Plan, described: PlanDescription, observed: Observed): PlanStepView[] {
  const words = describedById(plan, described)
  const inForce = new Map(observed.collections.map((one) => [one.name, validatorText(one.validator)]))
  return plan.steps.map((step) => {
    const view = viewStep(step, words.get(step.id))
    if (step.kind !== 'setValidator' && step.kind !== 'createCollection') return view
    const before = inForce.get(step.collection)
    const schema = step.kind === 'setValidator' ? step.schema : step.validator?.schema
    if (schema === undefined) return view
    const after = relaxedJson(schema, INDENT)
    inForce.set(step.collection, after)
    return { ...view, ...(before !== undefined && { before }), after }
  })
}

/** A description lists the steps by collection and version, in their order. */
function describedById(plan: Plan, described: PlanDescription): ReadonlyMap<string, Described> {
  const versionOf = new Map(plan.steps.map((step) => [step.id, step.version]))
  const enumerators = plan.steps.filter(({ kind }) => kind === 'recordEnumerators').map(({ id }) => id)
  const pairs = enumerators.map((id, i) => [id, described.enumerators[i]] as const)
  plan.collections.forEach(({ stepIds }, at) => {
    for (const { version, steps } of described.collections[at]?.versions ?? []) {
      const ids = stepIds.filter((id) => versionOf.get(id) === version)
      pairs.push(...ids.map((id, i) => [id, steps[i]] as const))
    }
  })
  return new Map(pairs.flatMap(([id, one]) => (one === undefined ? [] : [[id, one] as const])))
}

function viewStep(step: Step, words: Described | undefined): PlanStepView {
  const changes = step.kind === 'setValidator' ? step.changes : []
  return {
    id: step.id,
    kind: step.kind,
    ...(step.collection !== '' && { collection: step.collection }),
    version: step.version,
    name: step.name,
    details: (words?.details ?? []).map(({ mark, text }, i) => {
      const risk = changes[i]?.risk
      return { mark, text, ...(risk !== undefined && { risk }) }
    }),
    risks: step.risks.map(({ code, path, what, why, safer, accepted }, i) => ({
      code,
      label: words?.risks[i]?.label ?? code,
      ...(path !== undefined && { path }),
      what,
      why,
      safer,
      ...(accepted !== undefined && { accepted }),
    })),
    recovery: step.recovery,
    undo: step.undo,
  }
}

/** The schema alone where the validator is no more than that, so that it compares with what comes; else all of it. */
function validatorText(validator: Doc | undefined): string | undefined {
  if (validator === undefined || validator.size === 0) return undefined
  const schema = validator.get('$jsonSchema')
  return relaxedJson(isDoc(schema) && validator.size === 1 ? schema : validator, INDENT)
}
