import type { RunHeader, RunQuery, StoredRun, StoredRunStatus } from '@stage0/engine'
import type { RunError } from '@stage0/types'
import type { Document } from 'mongodb'
import { toHolderDocument, toHolder, type LockDocument } from './lock-document.ts'

/** The header of a run, as `stage0_runs` holds it. Those of older versions lack what may be absent. */
export interface RunHeaderDocument {
  readonly _id: string
  readonly holder: LockDocument['holder']
  readonly plan_hash: string
  readonly agreed_plan_hash?: string
  readonly token: number
  readonly started_at: Date
  readonly finished_at?: Date
  readonly resumes: string | null
  readonly cancel_requested: boolean
  readonly pause_requested?: boolean
  readonly outcome: {
    readonly status: Exclude<StoredRunStatus, 'open'>
    readonly error?: RunError | null
    readonly counts?: Readonly<Record<string, number>>
  } | null
  readonly collections?: readonly string[]
  readonly steps?: number
}

/** Fields that a new run is recorded with; the server adds `started_at`. */
export const toHeaderFields = (run: RunHeader): Document => ({
  kind: 'run',
  command: run.holder.command,
  holder: toHolderDocument(run.holder),
  plan_hash: run.planHash,
  ...(run.agreedPlanHash !== undefined && { agreed_plan_hash: run.agreedPlanHash }),
  claimed_token: run.token,
  token: run.token,
  resumes: run.resumes ?? null,
  collections: run.collections,
  steps: run.steps,
  // Absent without a key: the unique index is about those that have one.
  ...(run.idempotencyKey !== undefined && { idempotency_key: run.idempotencyKey }),
  cancel_requested: false,
  outcome: null,
})

export const toStoredRun = (run: RunHeaderDocument): StoredRun => ({
  runId: run._id,
  status: run.outcome?.status ?? 'open',
  startedAt: run.started_at.toISOString(),
  finishedAt: run.finished_at?.toISOString(),
  holder: toHolder(run.holder),
  planHash: run.plan_hash,
  agreedPlanHash: run.agreed_plan_hash,
  collections: run.collections ?? [],
  steps: run.steps ?? 0,
  token: run.token,
  cancelRequested: run.cancel_requested,
  pauseRequested: run.pause_requested === true,
  resumes: run.resumes ?? undefined,
  counts: run.outcome?.counts ?? {},
  error: run.outcome?.error ?? undefined,
})

/** Everything but the journal, which only planning needs and which grows with the plan. */
export const WITHOUT_JOURNAL = { journal: 0 } as const

export function toFilter({ status, collection }: Pick<RunQuery, 'status' | 'collection'>): Document {
  return {
    kind: 'run',
    ...(status === 'open' && { outcome: null }),
    ...(status !== undefined && status !== 'open' && { 'outcome.status': status }),
    ...(collection !== undefined && { collections: collection }),
  }
}
