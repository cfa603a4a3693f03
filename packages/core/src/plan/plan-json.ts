import { err, ok, type Result } from '@stage0/types'
import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Plan } from './plan.ts'

const HEAD = /^\{"hash":"([0-9a-f]{64})",/

/** The plan as canonical JSON: equal plans, equal bytes. `hash` stands first and covers all that follows it. */
export function planToJson(plan: Plan): string {
  const { hash, ...content } = plan
  return `{"hash":"${hash}",${canonicalJson(content).slice(1)}`
}

/**
 * The hash of a saved plan, checked against its text: a plan that was changed by hand is not the plan that was reviewed.
 * White space around the text is allowed, inside it is not.
 */
export function readPlanHash(text: string): Result<string, 'not-a-plan' | 'changed'> {
  const body = text.trim()
  const hash = HEAD.exec(body)?.[1]
  if (hash === undefined) return err('not-a-plan')
  return sha256Hex(`{${body.replace(HEAD, '')}`) === hash ? ok(hash) : err('changed')
}
