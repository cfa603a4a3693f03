import { err, ok, type PlanEvidence, type Result } from '@stage0/types'
import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Plan } from './plan.ts'

const HEAD = /^\{"hash":"([0-9a-f]{64})",/

/**
 * The plan as canonical JSON: equal plans, equal bytes. `hash` stands first and covers all that follows it, but for the evidence,
 * which stands last where it is given.
 */
export function planToJson(plan: Plan, evidence?: PlanEvidence): string {
  const { hash, ...content } = plan
  const text = `{"hash":"${hash}",${canonicalJson(content).slice(1)}`
  if (evidence === undefined) return text
  const { plan_hash: _same, ...rest } = evidence
  return `${text.slice(0, -1)}${attached(hash)},${JSON.stringify(rest).slice(1)}}`
}

/** How the attachment begins. No plan can hold its own hash, so that this stands nowhere else. */
const attached = (hash: string): string => `,"evidence":{"plan_hash":"${hash}"`

/**
 * The hash of a saved plan, checked against its text: a plan that was changed by hand is not the plan that was reviewed.
 * White space around the text is allowed, inside it is not.
 */
export function readPlanHash(text: string): Result<string, 'not-a-plan' | 'changed'> {
  const body = text.trim()
  const hash = HEAD.exec(body)?.[1]
  if (hash === undefined) return err('not-a-plan')
  const at = body.indexOf(attached(hash))
  const plan = at < 0 ? body : `${body.slice(0, at)}}`
  return sha256Hex(`{${plan.replace(HEAD, '')}`) === hash ? ok(hash) : err('changed')
}
