import type { EvaluationContext } from '../contract.ts'

/** A context for tests: simple collation, a fixed instant, no time limit. */
export const testContext = (changes: Partial<EvaluationContext> = {}): EvaluationContext => ({
  collation: undefined,
  variables: new Map(),
  now: new Date('2026-01-02T03:04:05.678Z'),
  checkTime: () => undefined,
  ...changes,
})
