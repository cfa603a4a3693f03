import { reduceRun, snapshotOf, type PlannedStep } from '@stage0/core'
import { err, ok, type Result, type RunSnapshot, type RunState, type RunSummary } from '@stage0/types'
import type { LockState, RunQuery, StoredRun, TargetError, TargetPort } from './ports.ts'

/** What reading runs needs of a target. */
export type RunSource = Pick<TargetPort, 'lock' | 'runs'>

export interface RunListQuery extends Omit<RunQuery, 'status'> {
  readonly status?: RunState | undefined
}

export interface ListedRuns {
  /** Newest first. */
  readonly runs: readonly RunSummary[]
  /** How many match, on all pages. */
  readonly total: number
  /** Who holds the lock now, with or without a recorded run. */
  readonly lock: LockState | undefined
}

/** Events that are read at once. */
const PAGE_EVENTS = 1000
const ALL_OPEN = { status: 'open', offset: 0, limit: 1000 } as const

/** The runs that match, with their state now. Writes nothing. */
export async function listRuns(
  target: RunSource,
  { status, ...query }: RunListQuery,
): Promise<Result<ListedRuns, TargetError>> {
  const isOpen = status === 'running' || status === 'interrupted'
  // Which of the open ones are at work is not recorded. They are few: a run that takes over ends all that were left.
  const found = await target.runs.list(isOpen ? { ...query, ...ALL_OPEN } : { ...query, status })
  if (!found.ok) return found
  const runs: RunSummary[] = []
  for (const run of found.value.runs) {
    const judged = await judge(target, run)
    if (!judged.ok) return judged
    if (!isOpen || judged.value.status === status) runs.push(judged.value)
  }
  const lock = await target.lock.read()
  if (!lock.ok) return lock
  if (!isOpen) return ok({ runs, total: found.value.total, lock: lock.value })
  return ok({ runs: runs.slice(query.offset, query.offset + query.limit), total: runs.length, lock: lock.value })
}

/** One run with its state now; `undefined` where none is recorded under this id. Writes nothing. */
export async function readRun(target: RunSource, runId: string): Promise<Result<RunSummary | undefined, TargetError>> {
  const run = await target.runs.read(runId)
  if (!run.ok || run.value === undefined) return run.ok ? ok(undefined) : run
  return judge(target, run.value)
}

/**
 * One run as it stands after its last recorded event: every step of its plan, those that have not begun included. What is
 * recorded of the run counts more than what its events tell. `undefined` where there is no such run. Writes nothing.
 */
export async function readRunSnapshot(
  target: RunSource,
  runId: string,
): Promise<Result<RunSnapshot | undefined, TargetError>> {
  const run = await readRun(target, runId)
  if (!run.ok || run.value === undefined) return run.ok ? ok(undefined) : run
  const plan = await target.runs.readPlan(runId)
  if (!plan.ok) return plan
  let snapshot = snapshotOf(run.value, plan.value === undefined ? [] : plannedSteps(plan.value))
  for (;;) {
    const page = await target.runs.readEvents(runId, snapshot.last_seq, PAGE_EVENTS)
    if (!page.ok) return err(page.error)
    snapshot = page.value.reduce(reduceRun, snapshot)
    if (page.value.length < PAGE_EVENTS) return ok(asRecorded(snapshot, run.value))
  }
}

/**
 * A run that holds the lock, as `readRun` tells it, and besides whether it waits already where a pause is asked for: which its events
 * tell alone. Writes nothing.
 */
export async function readRunAtWork(
  target: RunSource,
  runId: string,
): Promise<Result<RunSummary | undefined, TargetError>> {
  const run = await readRun(target, runId)
  if (!run.ok || run.value?.pause_requested !== true) return run
  const snapshot = await readRunSnapshot(target, runId)
  return snapshot.ok ? ok(snapshot.value?.run) : snapshot
}

/**
 * An open run is at work while it holds the lock. One that does not may have ended since it was read, so it is read once more:
 * an outcome is recorded before the lock is released.
 */
async function judge(target: RunSource, run: StoredRun): Promise<Result<RunSummary, TargetError>> {
  if (run.status !== 'open') return ok(toSummary(run, run.status))
  const lock = await target.lock.read()
  if (!lock.ok) return lock
  if (lock.value?.holder.runId === run.runId) return ok(toSummary(run, 'running'))
  const again = await target.runs.read(run.runId)
  if (!again.ok) return again
  const now = again.value ?? run
  return ok(toSummary(now, stateOf(now, 'interrupted')))
}

const stateOf = ({ status }: StoredRun, ifOpen: RunState): RunState => (status === 'open' ? ifOpen : status)

function toSummary(run: StoredRun, status: RunState): RunSummary {
  const { runId, startedAt, finishedAt, holder, planHash, collections, steps, counts, cancelRequested } = run
  return {
    run_id: runId,
    status,
    started_at: startedAt,
    ...(finishedAt !== undefined && {
      finished_at: finishedAt,
      duration_ms: Date.parse(finishedAt) - Date.parse(startedAt),
    }),
    user: holder.user,
    host: holder.host,
    command: holder.command,
    plan_hash: planHash,
    collections: [...collections],
    steps,
    counts: { ...counts },
    cancel_requested: cancelRequested,
    ...(run.pauseRequested && status === 'running' && { pause_requested: true }),
    ...(run.resumes !== undefined && { resumes: run.resumes }),
    ...(run.error !== undefined && { error: run.error }),
  }
}

/**
 * A run that seemed to be at work may have told its end meanwhile; of every other one the record is the truth. What is asked of
 * a run is said by its record alone: a pause may have been asked for after the last event.
 */
function asRecorded(snapshot: RunSnapshot, recorded: RunSummary): RunSnapshot {
  if (recorded.status === 'running') {
    const isOver = snapshot.run.status !== 'running'
    return isOver
      ? snapshot
      : { ...snapshot, run: { ...snapshot.run, pause_requested: recorded.pause_requested === true } }
  }
  // Counts are recorded with an outcome only: an interrupted run has those of its events.
  const counts = Object.keys(recorded.counts).length === 0 ? snapshot.run.counts : recorded.counts
  // A run that was cut off while it waited does not wait.
  const { paused: _paused, pause_requested: _asked, ...told } = snapshot.run
  return { ...snapshot, run: { ...told, ...recorded, counts } }
}

/** The steps of a recorded plan; none where it is of a form that this version does not know. */
function plannedSteps(plan: string): readonly PlannedStep[] {
  const { steps } = JSON.parse(plan) as { readonly steps?: unknown }
  return Array.isArray(steps) ? steps.filter(isPlannedStep) : []
}

const STEP_FIELDS = ['id', 'kind', 'collection', 'version', 'name'] as const
const isPlannedStep = (step: unknown): step is PlannedStep =>
  typeof step === 'object' &&
  step !== null &&
  STEP_FIELDS.every((field) => typeof (step as Readonly<Record<string, unknown>>)[field] === 'string')
