import type { RunEvent, RunSnapshot, RunStepView, RunSummary } from '@stage0/types'

/** What a snapshot needs to know of a planned step; a step of a plan has all of it. */
export interface PlannedStep {
  readonly id: string
  readonly kind: RunStepView['kind']
  /** "" for steps that belong to no collection. */
  readonly collection: string
  readonly version: string
  readonly name: string
}

type StepEvent = Extract<RunEvent, { step_id: string }>

/**
 * A run before its first event: every planned step is pending, in the order of the plan.
 *
 * `run` may be the record of a run that has ended: status and error stay as recorded, only `counts` begin at nothing,
 * because the events count again.
 */
export function snapshotOf(run: RunSummary, steps: readonly PlannedStep[]): RunSnapshot {
  return {
    run: { ...run, counts: {} },
    steps: steps.map(({ id, kind, collection, version, name }) => ({
      id,
      kind,
      ...(collection !== '' && { collection }),
      version,
      name,
      status: 'pending',
    })),
    warnings: [],
    last_seq: 0,
  }
}

/**
 * The run after one more event. Pure: the snapshot given stays as it is.
 *
 * An event whose number was seen already, or of another run, changes nothing: then the same object comes back, so a
 * reader that receives events twice after a reconnection need not care. A step that no plan told of is added behind the
 * others. `run.error` is the error of the first step that failed, until the run ends with an error of its own.
 */
export function reduceRun(snapshot: RunSnapshot, event: RunEvent): RunSnapshot {
  if (event.run_id !== snapshot.run.run_id || event.seq <= snapshot.last_seq) return snapshot
  return { ...next(snapshot, event), last_seq: event.seq }
}

function next(snapshot: RunSnapshot, event: RunEvent): RunSnapshot {
  const { run } = snapshot
  switch (event.type) {
    case 'run.started': {
      const { plan_hash, steps, resumes, warnings = [] } = event
      return { ...snapshot, run: { ...run, plan_hash, steps, ...(resumes !== undefined && { resumes }) }, warnings }
    }
    case 'run.finished': {
      const { counts, duration_ms, error } = event
      // A run that another one took over may still say a last word; the record knows better.
      const status = run.status === 'superseded' ? run.status : event.status
      const ended = { status, counts, duration_ms, finished_at: event.at, ...(error !== undefined && { error }) }
      return { ...snapshot, run: { ...withoutWaiting(run), ...ended } }
    }
    case 'run.paused': {
      const { paused } = event
      return { ...snapshot, run: { ...run, paused, pause_requested: paused } }
    }
    case 'run.contact':
      return { ...snapshot, run: withContact(run, event) }
    case 'step.started':
      return withStep(snapshot, event, { status: 'running', started_at: event.at })
    case 'step.progress': {
      const { done, total, unit, rate_per_s, remaining_s } = event
      return withStep(snapshot, event, {
        status: 'running',
        done,
        unit,
        ...(total !== undefined && { total }),
        ...(rate_per_s !== undefined && { rate_per_s }),
        ...(remaining_s !== undefined && { remaining_s }),
      })
    }
    case 'step.finished': {
      const { status, duration_ms, detail, leftovers, error } = event
      const after = withStep(snapshot, event, {
        status,
        duration_ms,
        ...(detail !== undefined && { detail }),
        ...(leftovers !== undefined && { leftovers }),
        ...(error !== undefined && { error }),
      })
      const counts = { ...run.counts, [status]: (run.counts[status] ?? 0) + 1 }
      return { ...after, run: { ...run, counts, ...(run.error === undefined && error !== undefined && { error }) } }
    }
  }
}

/** What is over does not wait, neither for a person nor for the database. */
function withoutWaiting({ paused: _paused, pause_requested: _asked, ...run }: RunSummary): RunSummary {
  const { unanswered_until: _until, ...rest } = run
  return rest
}

/** How long the run waits for a database that does not answer; nothing of it once it answers again. */
function withContact(
  { unanswered_until: _until, ...run }: RunSummary,
  { at, answers, lease_left_ms: leftMs }: Extract<RunEvent, { type: 'run.contact' }>,
): RunSummary {
  if (answers) return run
  return { ...run, unanswered_until: new Date(Date.parse(at) + leftMs).toISOString() }
}

/** How fast it goes is so for as long as it was told: not after a pause, and not of a step that has ended. */
function withoutRate({ rate_per_s: _rate, remaining_s: _remaining, ...step }: RunStepView): RunStepView {
  return step
}

function withStep(snapshot: RunSnapshot, event: StepEvent, change: Partial<RunStepView>): RunSnapshot {
  const steps = snapshot.steps.slice()
  const at = indexOf(snapshot, event.step_id)
  steps[at] = { ...withoutRate(steps[at] ?? stepOf(event)), ...change, seq: event.seq }
  return { ...snapshot, steps }
}

/** Where a step stands, or is to stand. Steps run in the order of the plan, so the first that is not finished is looked at first. */
function indexOf({ run, steps }: RunSnapshot, id: string): number {
  const finished = Object.values(run.counts).reduce((sum, count) => sum + count, 0)
  if (steps[finished]?.id === id) return finished
  const at = steps.findIndex((step) => step.id === id)
  return at < 0 ? steps.length : at
}

const stepOf = ({ step_id, kind, collection, version, name }: StepEvent): RunStepView => ({
  id: step_id,
  kind,
  ...(collection !== undefined && { collection }),
  ...(version !== undefined && { version }),
  name,
  status: 'pending',
})
