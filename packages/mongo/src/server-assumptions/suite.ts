import type { Assumption } from './assumption.ts'
import { EVIDENCE } from './evidence.ts'
import { INDEXES } from './indexes.ts'
import { LOCKING } from './locking.ts'
import { OBSERVING } from './observing.ts'
import { PIPELINES } from './pipelines.ts'
import { RANGES } from './ranges.ts'
import { RECORDS } from './records.ts'
import { SESSIONS } from './sessions.ts'
import { TRANSACTIONS } from './transactions.ts'
import { VALIDATORS } from './validators.ts'

/** All that Stage0 relies on, in the order of docs/server-assumptions.md. */
export const ASSUMPTIONS: readonly Assumption[] = [
  ...OBSERVING,
  ...LOCKING,
  ...RECORDS,
  ...INDEXES,
  ...VALIDATORS,
  ...EVIDENCE,
  ...PIPELINES,
  ...RANGES,
  ...TRANSACTIONS,
  ...SESSIONS,
]
