import type { LegacyEventTree, RunSnapshot, RunStepView } from '@stage0/types'

type Status = 'SUCCESS' | 'FAILURE'

/**
 * A run that has ended, in the shape that clients of the first implementation read: the run, its collections, their versions, their
 * steps. It tells the truth at every level: a node is SUCCESS only if all below it is, nothing stays PENDING, a failure stands at the
 * leaf that it belongs to, and the context of a failing step stays beside its error. Ids are unique, times in UTC.
 */
export function eventTree({ run, steps, warnings }: RunSnapshot): LegacyEventTree {
  const end = run.finished_at ?? run.started_at
  const at: Times = { starts: run.started_at, ends: end }
  const groups = grouped(steps, ({ collection }) => collection ?? ENUMERATORS)
  const below = [...groups].map(([name, own]) => collectionEvent(`${run.run_id}/${name}`, name, own, at))
  // What is nobody's step: the lock was lost, the database is not as promised, the run was cancelled.
  const status: Status = run.status === 'succeeded' ? 'SUCCESS' : 'FAILURE'
  const isExplained = status === 'SUCCESS' || steps.some((step) => step.status === 'failed' || hasLeftovers(step))
  const own = run.error === undefined ? { status: run.status } : { status: run.status, error: run.error }
  const outcome = leaf(`${run.run_id}/outcome`, 'OUTCOME', 'FAILURE', own, { starts: end, ends: end })
  return {
    id: run.run_id,
    type: 'PROCESS',
    status,
    data: {
      run_id: run.run_id,
      status: run.status,
      plan_hash: run.plan_hash,
      duration_ms: run.duration_ms ?? 0,
      steps: run.steps,
      counts: run.counts,
      ...(warnings.length > 0 && { warnings }),
      ...(run.error !== undefined && { error: run.error }),
    },
    ...at,
    sub_events: isExplained ? below : [...below, outcome],
  }
}

const ENUMERATORS = 'enumerators'

interface Times {
  readonly starts: string
  readonly ends: string
}

function collectionEvent(id: string, name: string, steps: readonly RunStepView[], ofRun: Times): LegacyEventTree {
  if (name === ENUMERATORS) {
    const events = steps.map((step) => stepEvent(id, step, ofRun))
    return node(id, 'ENUMERATORS', {}, events, ofRun)
  }
  const versions = [...grouped(steps, ({ version = '' }) => version)].map(([version, own]) => {
    const events = own.map((step) => stepEvent(id, step, ofRun))
    return node(`${id}/${version}`, 'VERSION', { collection: name, version }, events, ofRun)
  })
  return node(id, 'CONFIGURATION', { collection: name }, versions, ofRun)
}

/** The step did what it should, and found documents that do not match: who reads only SUCCESS must not take that for all well. */
const hasLeftovers = ({ leftovers }: RunStepView): boolean => leftovers !== undefined

function stepEvent(parent: string, step: RunStepView, ofRun: Times): LegacyEventTree {
  const { collection, version, name, status, duration_ms = 0, detail, leftovers, error } = step
  const starts = step.started_at ?? ofRun.ends
  const ends = new Date(Date.parse(starts) + duration_ms).toISOString()
  const isDone = (status === 'succeeded' || status === 'already') && !hasLeftovers(step)
  const data = {
    ...(collection !== undefined && { collection }),
    ...(version !== undefined && { version }),
    name,
    status,
    duration_ms,
    ...(detail !== undefined && { detail }),
    ...(leftovers !== undefined && { leftovers }),
    ...(error !== undefined && { error }),
  }
  return leaf(`${parent}/step/${step.id}`, upperSnake(step.kind), isDone ? 'SUCCESS' : 'FAILURE', data, {
    starts,
    ends,
  })
}

/** "buildIndexes" as BUILD_INDEXES. */
const upperSnake = (kind: string): string => kind.replaceAll(/[A-Z]/g, '_$&').toUpperCase()

const leaf = (id: string, type: string, status: Status, data: unknown, times: Times): LegacyEventTree => ({
  id,
  type,
  status,
  data,
  ...times,
  sub_events: [],
})

/** From the beginning of the first to the end of the last below it. */
function node(
  id: string,
  type: string,
  context: object,
  events: readonly LegacyEventTree[],
  ofRun: Times,
): LegacyEventTree {
  const status: Status = events.every((one) => one.status === 'SUCCESS') ? 'SUCCESS' : 'FAILURE'
  const starts = events.map((one) => one.starts).sort()[0] ?? ofRun.starts
  const ends =
    events
      .map((one) => one.ends ?? ofRun.ends)
      .sort()
      .at(-1) ?? ofRun.ends
  const data = { ...context, duration_ms: Date.parse(ends) - Date.parse(starts) }
  return { id, type, status, data, starts, ends, sub_events: events }
}

function grouped(
  steps: readonly RunStepView[],
  keyOf: (step: RunStepView) => string,
): ReadonlyMap<string, readonly RunStepView[]> {
  const groups = new Map<string, RunStepView[]>()
  for (const step of steps) {
    const key = keyOf(step)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [step])
    else group.push(step)
  }
  return groups
}
