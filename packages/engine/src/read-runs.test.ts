import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { applyPlan } from './apply/apply-plan.ts'
import { followRun } from './follow-run.ts'
import { listRuns, readRun, readRunSnapshot, type RunSource } from './read-runs.ts'
import { FakeClock, settle } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget } from './testing/memory-target.ts'
import { repository, version } from './testing/repository.ts'
import { apply, applyInput, LEASE_MS } from './testing/run.ts'
import type { RunEvent } from '@stage0/types'

const wanted = repository({
  order: [version('order', '1.0.0.0', { unique: ['number'] })],
  user: [version('user', '1.0.0.0', { unique: ['email'], data: [doc({ _id: 1, email: 'a' })] })],
})

/** A database with the record of one run, `run-1`. */
async function recorded(given: Parameters<typeof apply>[2] = {}) {
  const database = new MemoryDatabase()
  const clock = new FakeClock()
  const ran = await apply(database, wanted, { clock, ...given })
  return { database, clock, ...ran, target: memoryTarget(database, clock) }
}
const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (!result.ok) throw new Error('not ok')
  return result.value
}
const dieAt = (operation: string) => ({ die: (name: string) => (name === operation ? ('after' as const) : undefined) })
const listed = async (target: RunSource, status?: Parameters<typeof listRuns>[1]['status']) => {
  const { runs, total } = value(await listRuns(target, { status, offset: 0, limit: 10 }))
  return { ids: runs.map((run) => `${run.run_id} ${run.status}`), total }
}

describe('a recorded run', () => {
  it('is told with its holder, its collections, its counts and its time', async () => {
    const { target, last, clock } = await recorded()
    const startedAt = clock.now().toISOString()
    expect(value(await readRun(target, 'run-1'))).toEqual({
      run_id: 'run-1',
      status: 'succeeded',
      started_at: startedAt,
      finished_at: startedAt,
      duration_ms: 0,
      user: 'ann',
      host: 'here',
      command: 'stage0 apply',
      plan_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      collections: ['order', 'user'],
      steps: last?.counts['succeeded'],
      counts: last?.counts,
      cancel_requested: false,
    })
  })

  it('that failed tells its error', async () => {
    const { target } = await recorded({ faults: { refuse: (name) => name === 'buildIndexes' } })
    const run = value(await readRun(target, 'run-1'))
    expect(run).toMatchObject({ status: 'failed', error: { code: 'STEP_FAILED' }, counts: { failed: 2 } })
  })

  it('is none under another id', async () => {
    const { target } = await recorded()
    expect(value(await readRun(target, 'run-9'))).toBeUndefined()
    expect(value(await readRunSnapshot(target, 'run-9'))).toBeUndefined()
  })

  it.each(['lock', 'runs'] as const)('cannot be told where the database does not answer about %s', async (which) => {
    const { target } = await recorded({ faults: dieAt('begin') })
    const error = { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: 'gone' } as const
    const fail = async () => ({ ok: false, error }) as const
    const broken: RunSource =
      which === 'lock'
        ? { ...target, lock: { ...target.lock, read: fail } }
        : { ...target, runs: { ...target.runs, read: fail, list: fail } }
    expect(await readRunSnapshot(broken, 'run-1')).toEqual({ ok: false, error })
    expect(await listRuns(broken, { offset: 0, limit: 1 })).toEqual({ ok: false, error })
  })
})

describe('an open run', () => {
  it('is running while it holds the lock, interrupted afterwards, superseded once another run has finished it', async () => {
    const { database, clock, target } = await recorded({ faults: dieAt('createCollection') })
    expect(value(await readRun(target, 'run-1'))).toMatchObject({ status: 'running', steps: expect.any(Number) })
    await clock.advance(LEASE_MS)
    expect(value(await readRun(target, 'run-1'))).toMatchObject({ status: 'interrupted' })
    await apply(database, wanted, { clock, runId: 'run-2' })
    expect(value(await readRun(target, 'run-1'))).toMatchObject({ status: 'superseded' })
    expect(value(await readRun(target, 'run-2'))).toMatchObject({ status: 'succeeded', resumes: 'run-1' })
  })

  it('that ends between the looks at the run and at the lock is never called interrupted', async () => {
    const { database, target } = await recorded({ faults: dieAt('createCollection') })
    const run = database.runs[0]
    const endsMeanwhile: RunSource = {
      ...target,
      lock: {
        ...target.lock,
        read: async () => {
          if (run !== undefined) run.outcome = { status: 'succeeded', error: undefined, counts: { succeeded: 1 } }
          return { ok: true, value: undefined }
        },
      },
    }
    expect(value(await readRun(endsMeanwhile, 'run-1'))).toMatchObject({
      status: 'succeeded',
      counts: { succeeded: 1 },
    })
  })
})

describe('the list of runs', () => {
  it('has the state of each, filters by it, and names who holds the lock', async () => {
    const { database, clock, target } = await recorded({ faults: dieAt('createCollection') })
    await clock.advance(LEASE_MS)
    await apply(database, wanted, { clock, runId: 'run-2' })
    const more = repository({ user: [version('user', '1.0.0.0'), version('user', '2.0.0.0')] })
    await apply(database, more, { clock, runId: 'run-3', faults: dieAt('setValidator') })
    const all = ['run-3 running', 'run-2 succeeded', 'run-1 superseded']
    expect(await listed(target)).toEqual({ ids: all, total: 3 })
    expect(await listed(target, 'running')).toEqual({ ids: ['run-3 running'], total: 1 })
    expect(await listed(target, 'interrupted')).toEqual({ ids: [], total: 0 })
    expect(await listed(target, 'superseded')).toEqual({ ids: ['run-1 superseded'], total: 1 })
    expect(value(await listRuns(target, { offset: 0, limit: 1 })).lock).toMatchObject({ holder: { runId: 'run-3' } })
    await clock.advance(LEASE_MS)
    expect(await listed(target, 'running')).toEqual({ ids: [], total: 0 })
    expect(await listed(target, 'interrupted')).toEqual({ ids: ['run-3 interrupted'], total: 1 })
    expect(value(await listRuns(target, { offset: 1, limit: 1 }))).toMatchObject({ total: 3, lock: undefined })
    expect(value(await listRuns(target, { status: 'interrupted', offset: 1, limit: 1 }))).toMatchObject({
      runs: [],
      total: 1,
    })
  })
})

describe('the snapshot of a run', () => {
  it('has every planned step as its events left it', async () => {
    const { target, events, last } = await recorded({ faults: { refuse: (name) => name === 'buildIndexes' } })
    const snapshot = value(await readRunSnapshot(target, 'run-1'))
    expect(snapshot?.last_seq).toBe(events.at(-1)?.seq)
    expect(snapshot?.run).toMatchObject({ status: 'failed', counts: last?.counts })
    const ended = events.flatMap((event) => (event.type === 'step.finished' ? [[event.step_id, event.status]] : []))
    expect(snapshot?.steps.map((step) => [step.id, step.status])).toEqual(ended)
  })

  it('of an interrupted run shows what had not begun, and what its events counted', async () => {
    const { clock, target } = await recorded({ faults: dieAt('buildIndexes') })
    await clock.advance(LEASE_MS)
    const snapshot = value(await readRunSnapshot(target, 'run-1'))
    expect(snapshot?.run.status).toBe('interrupted')
    expect(snapshot?.steps.map((step) => step.status)).toContain('pending')
    expect(snapshot?.steps).toHaveLength(snapshot?.run.steps ?? 0)
  })

  it('tells a wish to pause from its record, and nothing of it once the run is not at work', async () => {
    const { clock, target } = await recorded({ faults: dieAt('createCollection') })
    const pause = async () => {
      const { paused, pause_requested } = value(await readRunSnapshot(target, 'run-1'))?.run ?? {}
      return { paused, pause_requested }
    }
    const seq = value(await readRunSnapshot(target, 'run-1'))?.last_seq ?? 0
    const told = (paused: boolean, at: number): RunEvent => ({
      ...{ type: 'run.paused', run_id: 'run-1', seq: seq + at, at: clock.now().toISOString(), paused },
    })
    await target.runs.requestPause('run-1', true)
    expect(await pause()).toEqual({ paused: undefined, pause_requested: true })
    await target.runs.appendEvents('run-1', [told(true, 1), told(false, 2)])
    expect(await pause(), 'asked for again after it went on').toEqual({ paused: false, pause_requested: true })
    await target.runs.appendEvents('run-1', [told(true, 3)])
    await target.runs.requestPause('run-1', false)
    expect(await pause(), 'asked to go on, and not gone on yet').toEqual({ paused: true, pause_requested: false })
    await target.runs.requestPause('run-1', true)
    await clock.advance(LEASE_MS)
    expect(await pause(), 'cut off while it waited').toEqual({ paused: undefined, pause_requested: undefined })
  })

  it('of a run whose last event was never stored is that of its record', async () => {
    const { database, target, last } = await recorded()
    database.runs[0]?.events.pop()
    const snapshot = value(await readRunSnapshot(target, 'run-1'))
    expect(snapshot?.run).toMatchObject({ status: 'succeeded', counts: last?.counts })
  })

  it('of a run recorded by a version with another form of plan has the steps that its events name', async () => {
    const { database, target, events } = await recorded()
    const [run] = database.runs
    if (run !== undefined) Object.assign(run.header, { plan: '{"steps":[{"id":1}]}' })
    const ids = events.flatMap((event) => (event.type === 'step.started' ? [event.step_id] : []))
    const snapshot = value(await readRunSnapshot(target, 'run-1'))
    expect(snapshot?.steps.map((step) => step.id)).toEqual(ids)
  })
})

/** Follows until the end, moving the clock as long as the follower waits. */
async function follow(target: RunSource, clock: FakeClock, after: number, signal = new AbortController().signal) {
  const startedAtMs = clock.monotonicMs()
  const state = { events: [] as RunEvent[], isOver: false }
  const ending = (async () => {
    const following = followRun(target, 'run-1', after, { clock, signal })
    for (;;) {
      const next = await following.next()
      state.isOver = next.done === true
      if (next.done === true) return next.value
      state.events.push(next.value)
    }
  })()
  for (let looks = 0; looks < 50; looks += 1) {
    await settle()
    if (state.isOver) break
    await clock.advance(200)
  }
  return { events: state.events, end: await ending, waitedMs: clock.monotonicMs() - startedAtMs }
}

describe('following a run', () => {
  it('gives what was recorded after a number, then ends with the run', async () => {
    const { target, clock, events } = await recorded()
    const followed = await follow(target, clock, 3)
    expect(followed.events).toEqual(events.slice(3))
    expect(followed.end).toMatchObject({ ok: true, value: { status: 'succeeded' } })
  })

  it('does not wait where the last event is known already', async () => {
    const { target, clock, events } = await recorded()
    const followed = await follow(target, clock, events.length)
    expect(followed).toMatchObject({ events: [], end: { ok: true, value: { status: 'succeeded' } }, waitedMs: 0 })
  })

  it('gives every event of a run at work, once and in order, looking every 200 ms', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const target = memoryTarget(database, clock)
    const run = applyPlan(applyInput(memoryTarget(database, clock), wanted, clock, 'run-1', { leaseMs: 60_000 }))
    const told: RunEvent[] = []
    const first = await run.next()
    if (first.done !== true) told.push(first.value)
    let looks = 0
    const counted: RunSource = {
      ...target,
      runs: {
        ...target.runs,
        readEvents: (...args) => {
          looks += 1
          return target.runs.readEvents(...args)
        },
      },
    }
    const following = follow(counted, clock, 0)
    for await (const event of run) {
      told.push(event)
      await clock.advance(100)
    }
    const { events, end } = await following
    expect(events).toEqual(told)
    expect(end).toMatchObject({ ok: true, value: { status: 'succeeded' } })
    expect(looks).toBeGreaterThan(2)
  })

  it('ends without a last event where the run was interrupted, but not before it has looked again', async () => {
    const { target, clock } = await recorded({ faults: dieAt('buildIndexes') })
    await clock.advance(LEASE_MS)
    const { end, waitedMs } = await follow(target, clock, 0)
    expect(end).toMatchObject({ ok: true, value: { status: 'interrupted' } })
    expect(waitedMs).toBeGreaterThan(0)
  })

  it('has nothing to give where there is no such run', async () => {
    const clock = new FakeClock()
    const { events, end } = await follow(memoryTarget(new MemoryDatabase(), clock), clock, 0)
    expect({ events, end }).toEqual({ events: [], end: { ok: true, value: undefined } })
  })

  it('ends when nobody listens any more', async () => {
    const { target, clock } = await recorded({ faults: dieAt('buildIndexes') })
    const leaving = new AbortController()
    leaving.abort()
    expect(await follow(target, clock, 0, leaving.signal)).toMatchObject({ events: [], end: { ok: true } })
  })

  it('ends with the failure where the database is gone', async () => {
    const { target, clock } = await recorded()
    const error = { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: 'gone' } as const
    const broken = { ...target, runs: { ...target.runs, readEvents: async () => ({ ok: false, error }) as const } }
    expect((await follow(broken, clock, 0)).end).toEqual({ ok: false, error })
  })
})
