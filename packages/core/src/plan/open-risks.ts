import type { Plan, Risk } from './plan.ts'
import type { RiskCode } from './risk-catalogue.ts'

/** What no later step of a plan makes good: readers break, data or writes are lost, equal values get in, invented documents stand among real ones. */
const GRAVE: ReadonlySet<RiskCode> = new Set<RiskCode>(['BC', 'DS', 'LU', 'CW', 'TD'])

/** Grave risks of the plan that no file accepts, in the order of the steps: what a person must know who agrees to it. */
export const openRisks = (plan: Plan): readonly Risk[] =>
  plan.steps.flatMap((step) => step.risks.filter((one) => GRAVE.has(one.code) && one.accepted === undefined))
