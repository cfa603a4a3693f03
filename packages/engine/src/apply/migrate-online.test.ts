import { doc } from '@stage0/bson-schema'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import type { MemoryDatabase } from '../testing/memory-database.ts'
import type { Faults } from '../testing/memory-target.ts'
import { V1, online, wanted, before, small, counted, allOnce, migrateEvent, rangesOf } from '../testing/online.ts'
import { repository } from '../testing/repository.ts'
import { apply, LEASE_MS } from '../testing/run.ts'

describe('a migration in ranges', () => {
  it('W-03: meets documents of every type once, in ranges of the size that is asked for', async () => {
    const database = await before()
    const uuid = database.collections.get('user')?.uuid
    const ran = await apply(database, wanted, small)
    expect([ran.last?.status, counted(database), rangesOf(ran)]).toEqual(['succeeded', allOnce, 4])
    expect(migrateEvent(ran)).toMatchObject({ status: 'succeeded', detail: '10 documents changed' })
    // Nothing was replaced: who holds the collection open still does.
    expect(database.collections.get('user')?.uuid).toBe(uuid)
  })

  it('ends where the collection ended when it began, whatever others add meanwhile', async () => {
    const database = await before()
    let next = 100
    const add = (operation: string): void => {
      if (operation !== 'applyRange' || next > 1000) return
      // Behind the last one, and among those that are still to come.
      database.collections.get('user')?.documents.push(doc({ _id: new Date(next), n: 5 }), doc({ _id: -next, n: 5 }))
      next += 1
    }
    const ran = await apply(database, wanted, { ...small, faults: { before: add } })
    expect([ran.last?.status, rangesOf(ran)]).toEqual(['succeeded', 4])
    expect(counted(database)?.filter(([, n]) => n === 1)).toHaveLength(10)
  })

  it('of an empty collection is done at once', async () => {
    const database = await before()
    const one = database.collections.get('user')
    if (one !== undefined) one.documents = []
    expect(migrateEvent(await apply(database, wanted, small))).toMatchObject({ detail: '0 documents changed' })
  })

  it('tells progress with rate and remaining time', async () => {
    const clock = new FakeClock()
    const slow: Faults = { before: (operation) => (operation === 'applyRange' ? clock.suspend(300) : undefined) }
    const { events } = await apply(await before(), wanted, { ...small, clock, faults: slow, leaseMs: 60_000 })
    expect(events.filter((event) => event.type === 'step.progress')).toMatchObject([
      { done: 3, total: 10, unit: 'documents' },
      { done: 6, rate_per_s: 10, remaining_s: 1 },
      { done: 9, rate_per_s: 10, remaining_s: 1 },
      { done: 10, rate_per_s: 8, remaining_s: 0 },
    ])
  })

  it('takes fewer documents where a range takes too long, and more again', async () => {
    const clock = new FakeClock()
    let took = 4000
    const database = await before()
    const sizes: (number | undefined)[] = []
    const checkpoint = () => database.runs.at(-1)?.journal.at(-1)?.checkpoint?.done
    const slow: Faults = {
      before: (operation) => {
        if (operation !== 'applyRange') return
        sizes.push(checkpoint())
        clock.suspend(took)
        took = 0
      },
    }
    const options = { migration: { batchSize: 4 }, clock, faults: slow, leaseMs: 60_000 }
    expect((await apply(database, wanted, options)).last?.status).toBe('succeeded')
    expect(sizes).toEqual([0, 4, 5, 7])
  })

  it('rests between ranges where that is asked for', async () => {
    const clock = new FakeClock()
    const run = apply(await before(), wanted, { migration: { batchSize: 5, pauseMs: 50 }, clock })
    for (let turns = 0; turns < 4; turns += 1) {
      await settle()
      await clock.advance(50)
    }
    expect((await run).last?.status).toBe('succeeded')
  })
})

describe('a process that dies in a migration in ranges', () => {
  const whole = async (): Promise<{ readonly content: unknown; readonly operations: number }> => {
    const database = await before()
    const { target, last } = await apply(database, wanted, small)
    expect(last?.status).toBe('succeeded')
    return { content: database.content(), operations: target.operations.length }
  }

  it('W-03: at any operation is finished by the next run: the same database, each document exactly once', async () => {
    const { content, operations } = await whole()
    expect(operations).toBeGreaterThan(12)
    for (let n = 1; n <= operations; n += 1) {
      for (const when of ['before', 'after'] as const) {
        const database = await before()
        const clock = new FakeClock()
        const die = (_: string, count: number) => (count === n ? when : undefined)
        expect((await apply(database, wanted, { ...small, clock, faults: { die } })).died).toBe(true)
        await clock.advance(LEASE_MS)
        const second = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
        expect([n, when, second.last?.status]).toEqual([n, when, 'succeeded'])
        expect([n, when, database.content()]).toEqual([n, when, content])
      }
    }
  })

  it('is gone on with by a run that tells what it changed itself, and how much that is in all', async () => {
    const [database, clock] = [await before(), new FakeClock()]
    let ranges = 0
    const die = (operation: string) => (operation === 'applyRange' && ++ranges === 2 ? 'after' : undefined)
    expect((await apply(database, wanted, { ...small, clock, faults: { die } })).died).toBe(true)
    await clock.advance(LEASE_MS)
    const second = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
    expect(migrateEvent(second)).toMatchObject({ detail: '4 documents changed, 10 in all' })
  })

  it('W-03: twice, at any two operations, is finished by the third run', async () => {
    const { content, operations } = await whole()
    for (let n = 1; n <= operations; n += isDeep ? 1 : 2) {
      for (let m = 1; m <= operations; m += isDeep ? 1 : 2) {
        const database = await before()
        const clock = new FakeClock()
        const dieAt = (at: number, when: 'before' | 'after') => ({
          die: (_: string, count: number) => (count === at ? when : undefined),
        })
        await apply(database, wanted, { ...small, clock, faults: dieAt(n, 'after') })
        await clock.advance(LEASE_MS)
        await apply(database, wanted, { ...small, clock, runId: 'run-2', faults: dieAt(m, 'before') })
        await clock.advance(LEASE_MS)
        const third = await apply(database, wanted, { ...small, clock, runId: 'run-3' })
        expect([n, m, third.last?.status]).toEqual([n, m, 'succeeded'])
        expect([n, m, database.content()]).toEqual([n, m, content])
      }
    }
  })

  it('W-03: a range that is refused at any operation is gone on with by the next run', async () => {
    const { content, operations } = await whole()
    for (let n = 1; n <= operations; n += 1) {
      const database = await before()
      const clock = new FakeClock()
      await apply(database, wanted, { ...small, clock, faults: { refuse: (_, count) => count === n } })
      await clock.advance(LEASE_MS)
      const second = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
      expect([n, second.last?.status, database.content()]).toEqual([n, 'succeeded', content])
    }
  })

  it('a second run at any moment is told who holds the lock, and changes nothing', async () => {
    const { content, operations } = await whole()
    for (let n = 1; n <= operations; n += 1) {
      const database = await before()
      const clock = new FakeClock()
      const other = async (_: string, count: number) => {
        if (count === n) await apply(database, wanted, { ...small, clock, runId: 'run-2' })
      }
      const first = await apply(database, wanted, { ...small, clock, faults: { before: other } })
      expect([n, first.last?.status, database.content()]).toEqual([n, 'succeeded', content])
    }
  })

  it('suspended beyond its lease changes nothing any more: its ranges are fenced off', async () => {
    const database = await before()
    const clock = new FakeClock()
    let isSuspended = false
    const takenOver: Faults = {
      before: async (operation) => {
        if (operation !== 'applyRange' || isSuspended) return
        isSuspended = true
        // The timers of the process stand still while another one takes over and finishes.
        clock.suspend(LEASE_MS)
        const other = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
        expect(other.last?.status).toBe('succeeded')
      },
    }
    const first = await apply(database, wanted, { ...small, clock, faults: takenOver })
    expect([first.last?.error?.code, counted(database)]).toEqual(['LOCK_LOST', allOnce])
  })

  it('leaves the first range undone where the server cannot read the stages: a corrected file is applied', async () => {
    const database = await before()
    const refused = await apply(database, wanted, {
      ...small,
      faults: { refuse: (name) => name === 'applyRange' && 168 },
    })
    expect(refused.last?.status).toBe('failed')
    const corrected = repository({ user: [V1, online({ $set: { n: { $add: ['$n', 5] } } })] })
    const second = await apply(database, corrected, { ...small, runId: 'run-2' })
    expect([second.last?.status, counted(database)?.every(([, n]) => n === 5)]).toEqual(['succeeded', true])
  })

  it('an edited file is refused once a range is through', async () => {
    const database = await before()
    let ranges = 0
    const refuse = (name: string) => name === 'applyRange' && (ranges += 1) > 1
    await apply(database, wanted, { ...small, faults: { refuse } })
    const edited = repository({ user: [V1, online({ $set: { n: { $add: ['$n', 5] } } })] })
    const second = await apply(database, edited, { ...small, runId: 'run-2' })
    expect(second.last?.error).toMatchObject({ code: 'PLAN_REFUSED', detail: [{ code: 'MIGRATION_EDITED' }] })
  })
})

describe('a range that meets writes of others', () => {
  const conflicting = (times: number): Faults => {
    let left = times
    return { conflict: (operation) => operation === 'applyRange' && (left -= 1) >= 0 }
  }
  const attended = async (database: MemoryDatabase, faults: Faults, clock = new FakeClock()) => {
    const run = apply(database, wanted, { migration: { batchSize: 8 }, clock, faults, leaseMs: 600_000 })
    for (let turns = 0; turns < 30; turns += 1) {
      await settle()
      await clock.advance(5000)
    }
    return run
  }

  it('is tried again with fewer documents', async () => {
    const database = await before()
    const ran = await attended(database, conflicting(2))
    expect([ran.last?.status, counted(database)]).toEqual(['succeeded', allOnce])
    expect(rangesOf(ran)).toBeGreaterThan(3)
  })

  it('gives up in the end, and the next run goes on', async () => {
    const database = await before()
    const clock = new FakeClock()
    const ran = await attended(database, conflicting(100), clock)
    expect(migrateEvent(ran)).toMatchObject({ status: 'failed', error: { code: 'MIGRATION_CONFLICTS' } })
    const second = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
    expect([second.last?.status, counted(database)]).toEqual(['succeeded', allOnce])
  })
})
