import type { Doc, Value } from '@stage0/bson-schema'
import type { IndexChange, IndexSpec, JournalEntry, Observed, RememberedLeftovers } from '@stage0/core'
import type { Result, RunError, RunEvent, RunStatus } from '@stage0/types'
import type { FoundLeftovers, LeftoversQuery, RangePort } from './range-port.ts'
import type { EvidencePort } from './evidence/evidence-port.ts'

/** Why the target did not do what was asked. `code` is a key of the error catalogue. */
export interface TargetError extends RunError {
  /** The server's own error code, for example 11000. */
  readonly serverCode?: number
  readonly serverCodeName?: string
  /** Names the kind of failure for exit codes. */
  readonly kind: 'refused' | 'unreachable' | 'not-permitted' | 'lost-lock' | 'stopped'
  /** Nothing took effect, and another attempt may succeed: a transaction met the write of somebody else. */
  readonly transient?: true
}

export type TargetResult<T = void> = Promise<Result<T, TargetError>>

/** Names of the collections that Stage0 records in. */
export interface RecordNames {
  readonly versions: string
  readonly enumerators: string
}

/**
 * One database of one deployment, as the engine sees it. Implemented by `packages/mongo`. Reading creates nothing.
 * An aborted `signal` gives an error of the kind `stopped`; its reason must be an `AbortError`, as it is by default.
 */
export interface TargetPort {
  observe(options: { readonly signal?: AbortSignal }): TargetResult<Observed>

  /**
   * Stored documents of `collection` that have a key of `index` in common with one of `documents` and another `_id`: for the check
   * of test data. Partial filter, sparse and collation count. At most `limit`. Collisions among `documents` are the engine's business.
   */
  findByKeys(
    collection: string,
    index: IndexSpec,
    documents: readonly Doc[],
    limit: number,
    signal?: AbortSignal,
  ): TargetResult<readonly Doc[]>
  /** Which of these `_id`s exist, with the stored document. */
  findByIds(collection: string, ids: readonly Value[], signal?: AbortSignal): TargetResult<readonly Doc[]>

  createCollection(
    name: string,
    validator: { readonly schema: Doc; readonly level: string; readonly action: string } | undefined,
    signal: AbortSignal,
  ): TargetResult
  /**
   * An index that is not there is a success: `already`. Looks at it right before: one of the same name and another definition is
   * `INDEX_CHANGED` and stays.
   */
  dropIndex(collection: string, index: IndexSpec, signal: AbortSignal): TargetResult<'done' | 'already'>
  /**
   * All in one `createIndexes`. Identical ones that exist are a success; other options are `INDEX_CONFLICT`. A build that goes on
   * although its connection was lost, or that another run began, is waited for and not begun a second time.
   * `onProgress`: documents that the server has scanned, where it tells.
   */
  buildIndexes(
    collection: string,
    indexes: readonly IndexSpec[],
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): TargetResult<'done' | 'already'>
  /**
   * Changes an index while it stays in use. Documents with equal values in an index that is to become unique are
   * `INDEX_DUPLICATES`, and then the index is as it was. May be repeated after it was cut off.
   */
  changeIndex(collection: string, index: string, change: IndexChange, signal: AbortSignal): TargetResult
  /** One `collMod` with validator, level and action together. */
  setValidator(collection: string, schema: Doc, level: string, action: string, signal: AbortSignal): TargetResult
  /** Runs the pipeline to its end, the cursor drained, with `bypassDocumentValidation` and `comment`. */
  runPipeline(
    collection: string,
    pipeline: readonly Doc[],
    options: { readonly comment: string; readonly signal: AbortSignal },
  ): TargetResult
  /** `updateMany({}, pipeline)`. */
  runUpdate(
    collection: string,
    pipeline: readonly Doc[],
    options: { readonly comment: string; readonly signal: AbortSignal },
  ): TargetResult<{ readonly modified: number }>
  /** Begins to go through the documents of a collection in ranges; the caller closes what it gets. */
  openRanges(collection: string, signal: AbortSignal): TargetResult<RangePort>
  /** Looks for documents that do not match, after it has updated them once more where that is asked for. */
  findLeftovers(query: LeftoversQuery): TargetResult<FoundLeftovers>
  /**
   * Ends what an earlier run still does on the server for this entry of its journal, and returns when it is gone: it must not
   * finish after it was judged. That is operations with its `comment`, and the transactions of its session; `token` becomes the
   * fence of the run that the transactions write into. Where the server cannot tell its operations there is nothing to end; one
   * that must finish is left alone, which is `MIGRATION_STILL_RUNS`.
   */
  endOperations(entry: JournalEntry, token: number, signal: AbortSignal): TargetResult<{ readonly ended: number }>
  /** UUID (hex) of a collection, `undefined` where it does not exist. */
  collectionUuid(name: string, signal: AbortSignal): TargetResult<string | undefined>
  /**
   * Inserts in batches; an identical document already there counts as `already`, a different one under the same `_id` is
   * `TEST_DATA_CONFLICT`. `onProgress` is called after each batch.
   */
  insertDocuments(
    collection: string,
    documents: readonly Doc[],
    options: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
  ): TargetResult<{ readonly inserted: number; readonly already: number }>

  /** Upserts by `version`. */
  recordEnumerators(document: Doc, contentHash: string, signal: AbortSignal): TargetResult
  /** Upserts the versions document (unique index on `collection_name` made with the first one) and appends to `stage0_history`. */
  recordVersion(record: VersionRecord, signal: AbortSignal): TargetResult
  /**
   * Puts into the versions document that is there what a look has found since, or takes it out. Where the document has no longer
   * this `current_version`, with what the run `looked.runId` left, another run has written it: fails with `lost-lock`.
   */
  recordLeftovers(
    collection: string,
    looked: { readonly current: string; readonly runId: string },
    left: RememberedLeftovers | undefined,
    signal: AbortSignal,
  ): TargetResult

  /** Documents of a collection, counted up to `limit` and no further. */
  countUpTo(collection: string, limit: number, signal?: AbortSignal): TargetResult<number>
  /** Drops the whole database. Whether that may be done is the caller's business. */
  dropDatabase(signal: AbortSignal): TargetResult
  /** Whether the primary answers, within `timeoutMs`. */
  ping(timeoutMs: number): TargetResult

  readonly evidence: EvidencePort
  readonly lock: LockPort
  readonly runs: RunStorePort
  close(): Promise<void>
}

export interface VersionRecord {
  readonly collection: string
  /** "user.1.0.1.3" */
  readonly stored: string
  readonly version: string
  readonly schema: Doc
  readonly schemaHash: string
  readonly indexes: readonly IndexSpec[]
  readonly migrations: readonly { readonly file: string; readonly hash: string }[]
  readonly enumeratorsHash: string | undefined
  readonly runId: string
  readonly appliedBy: string
  readonly toolVersion: string
  /** Documents that the run found not to match; 0: it looked and found none; `undefined`: it did not look, the record keeps what it says. */
  readonly leftovers?: number | undefined
}

export interface LockHolder {
  readonly host: string
  readonly pid: number
  readonly user: string
  readonly runId: string
  readonly command: string
  /**
   * Names the space of process numbers that `pid` belongs to: this boot of one machine, and of it one container. Two that are equal
   * mean the same process by the same number. Absent where the system does not tell.
   */
  readonly processSpace?: string | undefined
}

/** Whether the process of a holder is known to be no longer there; `false` also where it cannot be known. */
export type IsGone = (holder: LockHolder) => boolean

/** What has become of a claim of the lock. */
export type LockFate =
  /** Nobody has claimed it since, nor taken it away, whether its lease has ended or not. */
  | { readonly state: 'unchanged' }
  | { readonly state: 'taken'; readonly by: LockHolder; readonly since: string }
  /** Taken away, and not claimed since. `at` is ISO 8601 by the server's clock. */
  | { readonly state: 'freed'; readonly by: Pick<LockHolder, 'user' | 'host'>; readonly at: string }
  /** There is no record of the lock any more. */
  | { readonly state: 'absent' }

export interface LockState {
  readonly holder: LockHolder
  /** Grows with every claim of this database; written with every record of the run. */
  readonly token: number
  /** ISO 8601, by the server's clock. */
  readonly since: string
  readonly leaseEnd: string
  readonly step: string | undefined
}

/** A lock that somebody holds. */
export interface HeldLock extends LockState {
  /** Until the lease ends, by the server's clock; 0 where it has ended since. */
  readonly leftMs: number
}

/** The one lock of a database: a lease judged by the server's clock, with a fencing token. */
export interface LockPort {
  /** Claims the lock, or tells who holds it. */
  claim(
    holder: LockHolder,
    leaseMs: number,
  ): TargetResult<
    { readonly claimed: true; readonly token: number } | { readonly claimed: false; readonly held: HeldLock }
  >
  /** Extends the lease; `false` when it is no longer ours. `step` is shown to others who wait. */
  renew(token: number, leaseMs: number, step: string | undefined): TargetResult<boolean>
  release(token: number): TargetResult
  read(): TargetResult<HeldLock | undefined>
  /**
   * Takes the lock away from the claim with this token, and lets the token grow: whoever still works under it can neither renew
   * nor write into a run any more. `by` is kept, to be told to whom it was taken from. `false` where the claim does not hold the
   * lock any more.
   */
  revoke(token: number, by: Pick<LockHolder, 'user' | 'host'>): TargetResult<boolean>
  /** What has become of the claim with this token. */
  fate(token: number): TargetResult<LockFate>
}

/** `stage0_runs`: run header, journal, outcome, and events in bounded pages. Written with `{w: 'majority', j: true}`. */
export interface RunStorePort {
  begin(run: RunHeader): TargetResult
  /** Journals an intent before, and an outcome after, a step that cannot be recovered by looking. Fenced: fails with `lost-lock` when the run's token is no longer the given one. */
  journal(runId: string, token: number, entry: JournalEntry): TargetResult
  appendEvents(runId: string, events: readonly RunEvent[]): TargetResult
  /** What somebody asked of the run: to be cancelled, to be paused. */
  readFlags(runId: string): TargetResult<RunFlags>
  finish(runId: string, token: number, outcome: RunOutcome): TargetResult
  /**
   * Ends an interrupted run that another run took over: it keeps its journal and its place in time, names its successor, and its
   * fence becomes the successor's token, so that a late `journal` of the old runner fails with `lost-lock`.
   */
  supersede(runId: string, by: { readonly runId: string; readonly token: number }): TargetResult

  /** Newest first. `total` counts all that match. */
  list(query: RunQuery): TargetResult<{ readonly runs: readonly StoredRun[]; readonly total: number }>
  read(runId: string): TargetResult<StoredRun | undefined>
  /** The plan of a run as canonical JSON, as it was begun with. */
  readPlan(runId: string): TargetResult<string | undefined>
  /** Events with a number above `afterSeq`, ascending, at most `limit`. */
  readEvents(runId: string, afterSeq: number, limit: number): TargetResult<readonly RunEvent[]>
  /** Asks an open run to end in order; `false` where there is no such open run. */
  requestCancel(runId: string): TargetResult<boolean>
  /** Asks an open run to wait before its next range or step, or to go on; `false` where there is no such open run. */
  requestPause(runId: string, paused: boolean): TargetResult<boolean>
  /** The run that was begun with this key, see `RunHeader.idempotencyKey`. */
  findByIdempotencyKey(key: string): TargetResult<StoredRun | undefined>
}

export interface RunFlags {
  readonly cancel: boolean
  readonly pause: boolean
}

export interface RunQuery {
  readonly status?: StoredRunStatus | undefined
  readonly collection?: string | undefined
  readonly offset: number
  readonly limit: number
}

/** `open`: without an outcome, so at work or interrupted: whether it holds the lock under a lease tells which. */
export type StoredRunStatus = RunStatus | 'superseded' | 'open'

/** A run as it is recorded. */
export interface StoredRun {
  readonly runId: string
  readonly status: StoredRunStatus
  /** ISO 8601 UTC, by the server's clock. */
  readonly startedAt: string
  readonly finishedAt: string | undefined
  readonly holder: LockHolder
  readonly planHash: string
  /** The plan that was agreed to, where the run carries out what an earlier run left of it. */
  readonly agreedPlanHash?: string | undefined
  /** Names of the collections that the plan has steps for, and how many steps it has; empty and 0 in records of older versions. */
  readonly collections: readonly string[]
  readonly steps: number
  readonly token: number
  readonly cancelRequested: boolean
  readonly pauseRequested: boolean
  readonly resumes: string | undefined
  /** Steps per status; empty while the run is open, and in records of older versions. */
  readonly counts: Readonly<Record<string, number>>
  readonly error: RunError | undefined
}

/** How a run ended. */
export interface RunOutcome {
  readonly status: RunStatus
  readonly error: RunError | undefined
  /** Steps per status. */
  readonly counts: Readonly<Record<string, number>>
}

/** What a run begins with. */
export interface RunHeader {
  readonly runId: string
  readonly token: number
  readonly planHash: string
  /** Canonical JSON; may be large. */
  readonly plan: string
  /** The plan that was agreed to, where this one is what an earlier run left of it. */
  readonly agreedPlanHash?: string | undefined
  readonly holder: LockHolder
  readonly resumes: string | undefined
  /** Names of the collections that the plan has steps for. */
  readonly collections: readonly string[]
  /** How many steps the plan has. */
  readonly steps: number
  /** Given by who asked for the run: a second run with the same key is refused as `IDEMPOTENCY_KEY_USED`. */
  readonly idempotencyKey: string | undefined
  /** Entries of `Observed.journal` whose version is not recorded yet. */
  readonly journal: readonly JournalEntry[]
}

/** Time as an argument: tests need no timers. */
export interface Clock {
  now(): Date
  monotonicMs(): number
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
