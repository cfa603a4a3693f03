import type { Plan, Risk, RiskCode } from './plan.ts'

/** What no later step of a plan makes good: readers break, data or writes are lost, invented documents stand among real ones. */
const GRAVE: ReadonlySet<RiskCode> = new Set<RiskCode>(['BC', 'DS', 'CW', 'TD'])

/** Grave risks of the plan that no file accepts, in the order of the steps: what a person must know who agrees to it. */
export const openRisks = (plan: Plan): readonly Risk[] =>
  plan.steps.flatMap((step) => step.risks.filter((one) => GRAVE.has(one.code) && one.accepted === undefined))
