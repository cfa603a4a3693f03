import type { PlanStepView, PlanView, RiskView } from '@stage0/types'
import { sentence, type Mark, type MarkKind } from '../../shared/marks.ts'

/** The steps of one version of a collection, in the order of the plan. */
export interface PlannedVersion {
  readonly version: string
  readonly steps: readonly PlanStepView[]
}

/** One collection of a plan. */
export interface PlannedCollection {
  readonly name: string
  readonly state: string
  readonly recorded: string | undefined
  readonly newest: string | undefined
  readonly drift: readonly string[]
  readonly documents: number | undefined
  readonly versions: readonly PlannedVersion[]
  readonly steps: number
  readonly openRisks: number
}

const isOpen = (risk: RiskView): boolean => risk.accepted === undefined
const byVersion = (steps: readonly PlanStepView[]): readonly PlannedVersion[] => {
  const versions = new Map<string, PlanStepView[]>()
  for (const step of steps) {
    const own = versions.get(step.version)
    if (own === undefined) versions.set(step.version, [step])
    else own.push(step)
  }
  return [...versions].map(([version, own]) => ({ version, steps: own }))
}

/** The collections of a plan, those with steps first; order and words are the plan's. */
export function plannedCollections(plan: PlanView): readonly PlannedCollection[] {
  const steps = new Map(plan.steps.map((step) => [step.id, step]))
  const all = plan.collections.map((one) => {
    const own = one.step_ids.flatMap((id) => steps.get(id) ?? [])
    return {
      name: one.name,
      state: one.state,
      recorded: one.recorded,
      newest: one.newest,
      drift: one.drift,
      documents: one.documents,
      versions: byVersion(own),
      steps: own.length,
      openRisks: own.flatMap(({ risks }) => risks).filter(isOpen).length,
    }
  })
  return [...all.filter((one) => one.steps > 0), ...all.filter((one) => one.steps === 0)]
}

/** Steps that belong to no collection: enumerators. */
export const commonSteps = (plan: PlanView): readonly PlanStepView[] =>
  plan.steps.filter(({ collection }) => collection === undefined || collection === '')

export interface PlannedRisk extends RiskView {
  readonly step: PlanStepView
}

/** Risks that nobody accepted in the files, in the order of the steps. */
export const openRisks = (plan: PlanView): readonly PlannedRisk[] =>
  plan.steps.flatMap((step) => step.risks.filter(isOpen).map((risk) => ({ ...risk, step })))

const CHECK: Readonly<Record<PlanView['checks'][number]['status'], MarkKind>> = {
  passed: 'success',
  warned: 'warning',
  failed: 'error',
}
export const checkMark = (status: PlanView['checks'][number]['status']): Mark => ({
  kind: CHECK[status],
  label: sentence(status),
})

const BREAKING: ReadonlySet<string> = new Set(['BC', 'DS', 'LU', 'CW'])
/** Breaking changes are errors to the eye, what depends on data is a warning; accepted ones are only told. */
export const riskKind = ({ code, accepted }: RiskView): MarkKind =>
  accepted !== undefined ? 'neutral' : BREAKING.has(code) ? 'error' : 'warning'

/** Why a plan cannot be applied; `undefined` where it can. A key of the texts. */
export function whyNotApplicable(
  plan: PlanView,
  run: { readonly allowed: boolean } | undefined,
): 'refused' | 'nothing' | 'notAllowed' | undefined {
  if (plan.refused) return 'refused'
  if (plan.steps.length === 0) return 'nothing'
  return run?.allowed === false ? 'notAllowed' : undefined
}
