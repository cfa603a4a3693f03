import type { Plan, Risk } from './plan.ts'
import { RISK_CODES } from './risk-catalogue.ts'

/** Grave risks of the plan that no file accepts, in the order of the steps: what a person must know who agrees to it. */
export const openRisks = (plan: Plan): readonly Risk[] =>
  plan.steps.flatMap((step) => step.risks.filter((one) => RISK_CODES[one.code].isGrave && one.accepted === undefined))
