import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { apply, applyInput, LEASE_MS } from '../testing/run.ts'
import { ended, two } from '../testing/two-collections.ts'
import { applyPlan } from './apply-plan.ts'

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
  it('is waited for also where nothing is left to do, so that a run is ended that died before it could tell its outcome', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await apply(database, two, { clock, runId: 'run-0' })
    const [done] = database.runs
    if (done === undefined) throw new Error('nothing was recorded')
    done.outcome = undefined
    await memoryTarget(database, clock).lock.claim({ ...done.header.holder, runId: done.header.runId }, 2000)
    expect((await apply(database, two, { clock })).events.at(-1)).toMatchObject({ status: 'succeeded' })
    expect(database.runs.map(({ outcome }) => outcome?.status)).toEqual([undefined])
    const running = apply(database, two, { clock, waitMs: 5000 })
    for (let i = 0; i < 4; i += 1) {
      await settle()
      await clock.advance(1000)
    }
    expect((await running).last?.status).toBe('succeeded')
    expect(database.runs.filter(({ outcome }) => outcome === undefined)).toEqual([])
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
