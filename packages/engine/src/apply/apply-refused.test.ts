import { doc } from '@stage0/bson-schema'
import { ERRORS } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { observeAndPlan } from '../observe-and-plan.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { repository, version } from '../testing/repository.ts'
import { apply, LEASE_MS } from '../testing/run.ts'
import { ended, first, OPTIONS, two } from '../testing/two-collections.ts'

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
