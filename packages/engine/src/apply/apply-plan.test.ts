import { doc, EMPTY_DOC } from '@stage0/bson-schema'
import { ERRORS } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { observeAndPlan } from '../observe-and-plan.ts'
import { readRun } from '../read-runs.ts'
import { readStatus } from '../status.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { repository, version } from '../testing/repository.ts'
import { apply, applyInput, LEASE_MS, type Ran } from '../testing/run.ts'
import { applyPlan } from './apply-plan.ts'

const OPTIONS = { environment: 'local', loadTestData: true }
const two = repository({
  media: [version('media', '1.0.0.0', { unique: ['title'] })],
  user: [version('user', '1.0.0.0', { data: [doc({ _id: 1 }), doc({ _id: 2 })] })],
})
const first = repository({ media: two.collections[0]?.versions ?? [] })

const ended = ({ events }: Ran) =>
  events.flatMap((event) =>
    event.type === 'step.finished' ? [`${event.collection ?? ''} ${event.kind} ${event.status}`.trim()] : [],
  )

describe('the events of a run', () => {
  it('are numbered without gaps, begin and end, pair up, and are stored as they were told', async () => {
    const database = new MemoryDatabase()
    const { events, last } = await apply(database, two)
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
    expect([events[0]?.type, last?.status, last?.counts]).toEqual(['run.started', 'succeeded', { succeeded: 7 }])
    const started = events.filter((event) => event.type === 'step.started').map((event) => event.step_id)
    expect(events.filter((event) => event.type === 'step.finished').map((event) => event.step_id)).toEqual(started)
    expect(database.runs[0]?.events).toEqual(events)
    expect(database.runs[0]?.outcome).toEqual({ status: 'succeeded', error: undefined, counts: { succeeded: 7 } })
  })

  it('tell whole milliseconds, and of the run those since it began, as its record does', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const before = (): void => clock.suspend(10.25)
    const { events } = await apply(database, two, { clock, faults: { before } })
    const told = events.flatMap((event) => ('duration_ms' in event ? [event.duration_ms] : []))
    expect(told.filter((ms) => !Number.isInteger(ms))).toEqual([])
    const recorded = await readRun(memoryTarget(database, clock), 'run-1')
    const summary = recorded.ok ? recorded.value : undefined
    expect(summary?.duration_ms).toBeGreaterThan(0)
    expect(Math.abs((told.at(-1) ?? NaN) - (summary?.duration_ms ?? NaN))).toBeLessThanOrEqual(1)
  })

  it('tell progress at most four times a second', async () => {
    const documents = Array.from({ length: 1000 }, (_, i) => doc({ _id: i }))
    const { events } = await apply(
      new MemoryDatabase(),
      repository({ user: [version('user', '1.0.0.0', { data: documents })] }),
    )
    expect(events.filter((event) => event.type === 'step.progress')).toMatchObject([
      { done: 1, total: 1000, unit: 'documents' },
    ])
  })

  it('W-15: who, what and when of an applied version is kept', async () => {
    const database = new MemoryDatabase()
    await apply(database, first)
    expect(database.history).toMatchObject([
      { collection: 'media', version: '1.0.0.0', runId: 'run-1', appliedBy: 'ann@here', toolVersion: '0.1.0' },
    ])
  })
})

describe('a second run', () => {
  it('changes nothing, not even the lock', async () => {
    const database = new MemoryDatabase()
    await apply(database, two)
    const second = await apply(database, two, { runId: 'run-2' })
    expect([second.target.operations, second.last?.status, second.events.map((event) => event.type)]).toEqual([
      [],
      'succeeded',
      ['run.started', 'run.finished'],
    ])
  })
})

describe('a step that fails', () => {
  const refuse = (operation: string) => operation === 'buildIndexes'
  it('W-06: makes the run failed, skips the rest of its collection and lets others go on', async () => {
    const ran = await apply(new MemoryDatabase(), two, { faults: { refuse } })
    expect(ended(ran)).toEqual([
      'recordEnumerators succeeded',
      'media createCollection succeeded',
      'media buildIndexes failed',
      'media recordVersion skipped',
      'user createCollection succeeded',
      'user loadData succeeded',
      'user recordVersion succeeded',
    ])
    expect(ran.last).toMatchObject({
      status: 'failed',
      counts: { succeeded: 5, failed: 1, skipped: 1 },
      error: { code: 'STEP_FAILED' },
    })
    expect(ran.events.find((event) => event.type === 'step.finished' && event.status === 'failed')).toMatchObject({
      error: { code: 'TARGET_REFUSED', message: 'refused: buildIndexes' },
    })
  })
  it('stops everything under fail-fast', async () => {
    const ran = await apply(new MemoryDatabase(), two, { faults: { refuse }, failFast: true })
    expect(ended(ran).slice(3)).toEqual([
      'media recordVersion skipped',
      'user createCollection skipped',
      'user loadData skipped',
      'user recordVersion skipped',
    ])
  })
  it('W-04: leaves the validator of the version before in force', async () => {
    const database = new MemoryDatabase()
    await apply(database, first)
    const before = database.collections.get('media')?.validator
    const next = repository({
      media: [...(first.collections[0]?.versions ?? []), version('media', '1.0.1.0', { migrate: [{ $out: 'media' }] })],
    })
    await apply(database, next, { runId: 'run-2', faults: { refuse: (operation) => operation === 'runPipeline' } })
    expect(database.collections.get('media')?.validator).toEqual(before)
  })
  it('of the enumerators stops everything, since all collections build on them', async () => {
    const ran = await apply(new MemoryDatabase(), two, {
      faults: { refuse: (operation) => operation === 'recordEnumerators' },
    })
    expect(ran.last?.counts).toEqual({ failed: 1, skipped: 6 })
  })
})

describe('the lock', () => {
  it('W-11: of another run is respected, and the holder is named', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await memoryTarget(database, clock).lock.claim(
      { host: 'there', pid: 9, user: 'bob', runId: 'run-0', command: 'x' },
      LEASE_MS,
    )
    const ran = await apply(database, two, { clock })
    expect(ran.last?.error).toMatchObject({
      code: 'LOCK_HELD',
      message: expect.stringContaining('bob on there (process 9)'),
    })
    expect([ran.events.length, database.collections.size]).toEqual([1, 0])
  })
  it('is waited for when asked to', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await memoryTarget(database, clock).lock.claim(
      { host: 'there', pid: 9, user: 'bob', runId: 'run-0', command: 'x' },
      2000,
    )
    const running = apply(database, two, { clock, waitMs: 5000 })
    for (let i = 0; i < 4; i += 1) {
      await settle()
      await clock.advance(1000)
    }
    expect((await running).last?.status).toBe('succeeded')
  })
  it('is taken over when the lease of a dead run ends, not at the next regular look', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const dead = { host: 'there', pid: 9, user: 'bob', runId: 'run-0', command: 'x' }
    await memoryTarget(database, clock).lock.claim(dead, 1300)
    const running = apply(database, two, { clock, waitMs: 60_000 })
    await settle()
    await clock.advance(1000)
    expect(database.lock?.holder).toEqual(dead)
    await clock.advance(300)
    expect((await running).last?.status).toBe('succeeded')
  })
  it('is not waited for any longer once the run is cancelled', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const other = { host: 'there', pid: 9, user: 'bob', runId: 'run-0', command: 'x' }
    await memoryTarget(database, clock).lock.claim(other, 2000)
    const controller = new AbortController()
    const running = apply(database, two, { clock, waitMs: 60_000, signal: controller.signal })
    await settle()
    controller.abort()
    expect((await running).last).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
  })
  it('is released in every path: success, failure, refusal under the lock, and a reader that stops', async () => {
    const clock = new FakeClock()
    const isFree = (database: MemoryDatabase) => (database.lock?.leaseEndMs ?? 0) <= clock.monotonicMs()
    const [success, failure, refusal, stopped] = [1, 2, 3, 4].map(() => new MemoryDatabase()) as [
      MemoryDatabase,
      MemoryDatabase,
      MemoryDatabase,
      MemoryDatabase,
    ]
    await apply(success, two, { clock })
    await apply(failure, two, { clock, faults: { refuse: (operation) => operation === 'buildIndexes' } })
    const stale = await apply(refusal, two, { clock, expectedPlanHash: 'f'.repeat(64) })
    for await (const event of applyPlan(applyInput(memoryTarget(stopped, clock), two, clock)))
      if (event.seq === 4) break
    expect(stale.last?.error?.code).toBe('PLAN_STALE')
    expect([success, failure, refusal, stopped].map((one) => [one.lock?.token, isFree(one)])).toEqual(
      [1, 1, 1, 1].map((token) => [token, true]),
    )
    expect(stopped.runs[0]?.outcome?.status).toBe('cancelled')
  })
  it('W-11: lost before a step stops the run at once, and the successor is not disturbed', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const steal = (operation: string) => {
      if (operation === 'createCollection' && database.lock?.token === 1) database.lock = { ...database.lock, token: 2 }
    }
    const ran = await apply(database, two, { clock, faults: { before: steal } })
    expect(ran.last).toMatchObject({
      status: 'failed',
      error: { code: 'LOCK_LOST' },
      counts: { succeeded: 2, skipped: 5 },
    })
    expect(database.lock?.token).toBe(2)
    expect(database.lock?.leaseEndMs).toBeGreaterThan(clock.monotonicMs())
  })
  it('lost during a step makes the journal refuse its outcome', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const steal = (operation: string) => {
      const run = database.runs[0]
      if (operation === 'insertDocuments' && run !== undefined) run.fence = 2
    }
    const ran = await apply(database, two, { clock, faults: { before: steal } })
    expect(ended(ran).slice(-2)).toEqual(['user loadData failed', 'user recordVersion skipped'])
    expect(ran.last?.error?.code).toBe('LOCK_LOST')
  })
  it('is kept by a heartbeat while a step takes longer than the lease', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const slow = async (operation: string) => {
      if (operation === 'buildIndexes') for (let i = 0; i < 10; i += 1) await clock.advance(LEASE_MS / 3)
    }
    const ran = await apply(database, two, { clock, faults: { before: slow } })
    expect(ran.last?.status).toBe('succeeded')
    expect(database.lock?.token).toBe(1)
  })
})

describe('cancelling', () => {
  it('W-22: by signal finishes the step that is under way and then ends', async () => {
    const controller = new AbortController()
    const before = (operation: string) => (operation === 'buildIndexes' ? controller.abort() : undefined)
    const ran = await apply(new MemoryDatabase(), two, { signal: controller.signal, faults: { before } })
    expect(ended(ran).slice(2, 5)).toEqual([
      'media buildIndexes succeeded',
      'media recordVersion cancelled',
      'user createCollection cancelled',
    ])
    expect(ran.last).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
  })
  it('by the flag in the run document does the same, and the next run goes on from there', async () => {
    const database = new MemoryDatabase()
    const before = (operation: string) => {
      const run = database.runs[0]
      if (operation === 'buildIndexes' && run !== undefined) run.cancelRequested = true
    }
    expect((await apply(database, two, { faults: { before } })).last?.status).toBe('cancelled')
    expect((await apply(database, two, { runId: 'run-2' })).last?.status).toBe('succeeded')
  })
})

describe('what is refused', () => {
  it('W-13: a plan writes nothing, and applying it by its hash does exactly that', async () => {
    const database = new MemoryDatabase()
    const target = memoryTarget(database, new FakeClock())
    const planned = await observeAndPlan({ target, wanted: two, options: OPTIONS })
    expect([planned.ok, target.operations]).toEqual([true, []])
    const hash = planned.ok ? planned.value.plan.hash : ''
    const ran = await apply(database, two, { expectedPlanHash: hash })
    expect([ran.last?.status, ran.events[0]]).toMatchObject(['succeeded', { plan_hash: hash }])
  })
  it('is a plan that no longer fits', async () => {
    const database = new MemoryDatabase()
    const planned = await observeAndPlan({
      target: memoryTarget(database, new FakeClock()),
      wanted: two,
      options: OPTIONS,
    })
    await apply(database, first, { runId: 'run-0' })
    const ran = await apply(database, two, { expectedPlanHash: planned.ok ? planned.value.plan.hash : '' })
    expect([ran.last?.error?.code, database.collections.has('user')]).toEqual(['PLAN_STALE', false])
  })
  it('W-05: a plan with errors changes nothing and does not take the lock', async () => {
    const database = new MemoryDatabase()
    database.versions.set('media', { stored: 'media.9.0.0.0', schemaHash: '' })
    const ran = await apply(database, two)
    expect(ran.last?.error).toMatchObject({ code: 'PLAN_REFUSED', detail: [{ code: 'VERSION_AHEAD' }] })
    expect([ran.target.operations, ran.events.length]).toEqual([[], 1])
  })
  it('W-11: what the run of somebody else has half done does not speak against a plan: the lock does', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    database.versions.set('media', { stored: 'media.9.0.0.0', schemaHash: '' })
    const holder = { host: 'there', pid: 9, user: 'bob', runId: 'run-0', command: 'x' }
    await memoryTarget(database, clock).lock.claim(holder, LEASE_MS)
    expect((await apply(database, two, { clock })).last?.error?.code).toBe('LOCK_HELD')
  })
  it('is a lease that no heartbeat can keep', async () => {
    await expect(apply(new MemoryDatabase(), two, { leaseMs: 499 })).rejects.toThrow(RangeError)
  })
})

describe('test data', () => {
  const title = version('media', '1.0.0.0', { unique: ['title'], data: [doc({ _id: 1, title: 'a' })] })
  const withStored = (...documents: ReturnType<typeof doc>[]) => {
    const database = new MemoryDatabase()
    database.create('media').documents.push(...documents)
    return database
  }
  it.each([
    { why: 'another document under the _id', stored: doc({ _id: 1, title: 'b' }), code: 'TEST_DATA_CONFLICT' },
    { why: 'an equal key in a unique index', stored: doc({ _id: 2, title: 'a' }), code: 'DUPLICATE_KEY' },
  ])('that meets $why is refused before anything is changed', async ({ stored, code }) => {
    const ran = await apply(withStored(stored), repository({ media: [title] }))
    expect(ran.last?.error).toMatchObject({ code: 'PLAN_REFUSED', detail: [{ code }] })
    expect(ran.target.operations).toEqual([])
  })
  it('that meets a stored document with its fields in another order is refused as loading would refuse it', async () => {
    const stored = doc({ title: 'a', _id: 1, year: 2020 })
    const wanted = version('media', '1.0.0.0', { data: [doc({ _id: 1, year: 2020, title: 'a' })] })
    const ran = await apply(withStored(stored), repository({ media: [wanted] }))
    expect(ran.last?.error).toMatchObject({ code: 'PLAN_REFUSED', detail: [{ code: 'TEST_DATA_CONFLICT' }] })
  })
  it('that is there already, wherever its _id stands, is no problem', async () => {
    const ran = await apply(withStored(doc({ title: 'a', _id: 1 })), repository({ media: [title] }))
    expect([ran.last?.status, ended(ran).includes('media loadData already')]).toEqual(['succeeded', true])
  })
  it('is not compared where a migration changes the stored documents first', async () => {
    const migrating = { ...title, migrations: version('media', '1.0.0.0', { migrate: [{ $out: 'media' }] }).migrations }
    const target = memoryTarget(withStored(doc({ _id: 2, title: 'b' })), new FakeClock())
    const planned = await observeAndPlan({ target, wanted: repository({ media: [migrating] }), options: OPTIONS })
    expect(planned.ok && planned.value.plan.problems.map((one) => one.code)).toEqual(['TEST_DATA_NOT_CHECKED'])
  })
})

describe('verifying', () => {
  it('fails a run whose result somebody changed meanwhile, with the difference', async () => {
    const database = new MemoryDatabase()
    const before = (operation: string) => {
      const media = database.collections.get('media')
      if (operation === 'recordVersion' && media !== undefined)
        Object.assign(media, { validator: EMPTY_DOC, level: 'off' })
    }
    const ran = await apply(database, first, { faults: { before } })
    expect(ran.last).toMatchObject({
      status: 'failed',
      error: { code: 'VERIFY_FAILED', detail: ['media: there is no validator'] },
    })
  })
})

describe('readStatus', () => {
  it('W-13, W-18: tells state, lock and interrupted run, and writes nothing', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await apply(database, two, {
      clock,
      faults: { die: (operation) => (operation === 'insertDocuments' ? 'after' : undefined) },
    })
    const target = memoryTarget(database, clock)
    const during = await readStatus({ target, wanted: two, options: OPTIONS })
    await clock.advance(LEASE_MS)
    const after = await readStatus({ target, wanted: two, options: OPTIONS })
    expect(during).toMatchObject({ ok: true, value: { lock: { holder: { user: 'ann' } }, interrupted: undefined } })
    expect(after).toMatchObject({ ok: true, value: { interrupted: { runId: 'run-1' }, steps: 2 } })
    expect(after.ok && after.value.collections.map((one) => [one.name, one.recorded, one.state])).toEqual([
      ['media', '1.0.0.0', 'in sync'],
      ['user', undefined, 'interrupted'],
    ])
    expect(target.operations).toEqual([])
  })
})

describe('a key of who asks', () => {
  it('begins one run: a second request with it is refused, naming the first, whatever would be to do now', async () => {
    const database = new MemoryDatabase()
    await apply(database, two, { idempotencyKey: 'k' })
    const again = await apply(database, two, { idempotencyKey: 'k', runId: 'run-2', expectedPlanHash: 'f'.repeat(64) })
    expect(again.events).toMatchObject([
      { type: 'run.finished', status: 'failed', error: { code: 'IDEMPOTENCY_KEY_USED', detail: { run_id: 'run-1' } } },
    ])
    expect(again.target.operations).toEqual([])
    expect(ERRORS.IDEMPOTENCY_KEY_USED.status).toBe(409)
  })

  it('keeps its run also where nothing was to do: a repeated request finds that one, whatever would be to do by then', async () => {
    const database = new MemoryDatabase()
    await apply(database, two)
    const idle = await apply(database, two, { idempotencyKey: 'k', runId: 'run-2' })
    expect(idle.events.map(({ type }) => type)).toEqual(['run.started', 'run.finished'])
    const again = await apply(database, two, { idempotencyKey: 'k', runId: 'run-3' })
    expect(again.last).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_USED', detail: { run_id: 'run-2' } } })
    expect(again.target.operations).toEqual([])
  })

  it('that became a run while this one was on its way is refused under the lock, and the lock given back', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    let isFirst = true
    const before = async (operation: string): Promise<void> => {
      if (operation !== 'claim' || !isFirst) return
      isFirst = false
      await apply(database, two, { clock, idempotencyKey: 'k' })
    }
    const late = await apply(database, two, { clock, idempotencyKey: 'k', runId: 'run-2', faults: { before } })
    expect(late.last).toMatchObject({ status: 'failed', error: { code: 'IDEMPOTENCY_KEY_USED' } })
    expect(late.target.operations.at(-1)).toBe('release')
    expect(database.runs.map((run) => run.header.runId)).toEqual(['run-1'])
  })
})
