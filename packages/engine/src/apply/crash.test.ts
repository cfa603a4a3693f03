import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { repository, version } from '../testing/repository.ts'
import { apply, LEASE_MS } from '../testing/run.ts'

const COUNT_UP = { $set: { n: { $add: ['$n', 1] } } }

/** Every kind of step; the migrations count up, so that a second execution shows. */
const wanted = repository({
  copy: [version('copy', '1.0.0.0')],
  user: [
    version('user', '1.0.0.0', {
      unique: ['email'],
      data: [doc({ _id: 1, email: 'a', n: 0 }), doc({ _id: 2, email: 'b', n: 0 })],
    }),
    version('user', '1.0.1.0', { drop: ['email'], migrate: [COUNT_UP, { $out: 'user' }], unique: ['mail', 'nick'] }),
    version('user', '1.0.2.0', { migrate: [COUNT_UP, { $out: 'user' }] }),
  ],
})

async function uninterrupted(): Promise<{ readonly content: unknown; readonly operations: number }> {
  const database = new MemoryDatabase()
  const { target, last } = await apply(database, wanted)
  expect(last?.status).toBe('succeeded')
  return { content: database.content(), operations: target.operations.length }
}

describe('a process that dies', () => {
  it('W-03: at any operation is finished by the next run: the same database, each migration exactly once', async () => {
    const { content, operations } = await uninterrupted()
    expect(operations).toBeGreaterThan(20)
    for (let n = 1; n <= operations; n += 1) {
      for (const when of ['before', 'after'] as const) {
        const database = new MemoryDatabase()
        const clock = new FakeClock()
        const first = await apply(database, wanted, {
          clock,
          faults: { die: (_, count) => (count === n ? when : undefined) },
        })
        expect(first.died).toBe(true)
        await clock.advance(LEASE_MS)
        const second = await apply(database, wanted, { clock, runId: 'run-2' })
        expect([n, when, second.last?.status, second.last?.error]).toEqual([n, when, 'succeeded', undefined])
        expect([n, when, database.content()]).toEqual([n, when, content])
        expect(database.runs.every((run) => run.outcome !== undefined)).toBe(true)
      }
    }
  })

  it('W-03: twice, at any two operations, is finished by the third run', async () => {
    const { content, operations } = await uninterrupted()
    for (let n = 1; n <= operations; n += 3) {
      for (let m = 1; m <= operations; m += 2) {
        const database = new MemoryDatabase()
        const clock = new FakeClock()
        await apply(database, wanted, { clock, faults: { die: (_, count) => (count === n ? 'after' : undefined) } })
        await clock.advance(LEASE_MS)
        await apply(database, wanted, {
          clock,
          runId: 'run-2',
          faults: { die: (_, count) => (count === m ? 'before' : undefined) },
        })
        await clock.advance(LEASE_MS)
        const third = await apply(database, wanted, { clock, runId: 'run-3' })
        expect([n, m, third.last?.status]).toEqual([n, m, 'succeeded'])
        expect([n, m, database.content()]).toEqual([n, m, content])
      }
    }
  })

  it('W-03: a step that fails at any operation is repeated by the next run: the same database', async () => {
    const { content, operations } = await uninterrupted()
    for (let n = 1; n <= operations; n += 1) {
      const database = new MemoryDatabase()
      const clock = new FakeClock()
      const first = await apply(database, wanted, { clock, faults: { refuse: (_, count) => count === n } })
      await clock.advance(LEASE_MS)
      const second = await apply(database, wanted, { clock, runId: 'run-2' })
      expect([n, second.last?.status]).toEqual([n, 'succeeded'])
      expect([n, database.content()]).toEqual([n, content])
      if (first.last?.status === 'succeeded') expect(database.runs).toHaveLength(1)
    }
  })

  it('is named by the run that takes over, which first ends what the dead one still does on the server', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await apply(database, wanted, {
      clock,
      faults: { die: (operation) => (operation === 'runPipeline' ? 'before' : undefined) },
    })
    const tooEarly = await apply(database, wanted, { clock, runId: 'run-2' })
    expect(tooEarly.last?.error).toMatchObject({
      code: 'LOCK_HELD',
      message: expect.stringContaining('ann on here (process 7)'),
    })
    expect(tooEarly.last?.error?.message).toContain('user/1.0.1.0/migrate/m.json')
    await clock.advance(LEASE_MS)
    const second = await apply(database, wanted, { clock, runId: 'run-2' })
    expect(second.events[0]).toMatchObject({ type: 'run.started', resumes: 'run-1' })
    expect(database.ended).toEqual(['stage0 run run-1 token 1 step user/1.0.1.0/migrate/m.json'])
    expect(database.runs.map((run) => run.outcome?.status)).toEqual(['superseded', 'succeeded'])
  })

  it('in a migration that may not be repeated makes the next run refuse until a person states the outcome', async () => {
    const merging = repository({
      user: [
        version('user', '1.0.0.0', { data: [doc({ _id: 1, n: 0 })] }),
        version('user', '1.0.1.0', { migrate: [COUNT_UP, { $merge: { into: 'user', whenMatched: 'replace' } }] }),
      ],
    })
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await apply(database, merging, {
      clock,
      faults: { die: (operation) => (operation === 'runPipeline' ? 'after' : undefined) },
    })
    await clock.advance(LEASE_MS)
    const refused = await apply(database, merging, { clock, runId: 'run-2' })
    expect(refused.last?.error).toMatchObject({ code: 'PLAN_REFUSED', detail: [{ code: 'MIGRATION_UNCERTAIN' }] })
    const outcomes = { 'user/1.0.1.0/migrate/m.json': 'done' } as const
    const options = { environment: 'local', loadTestData: true, outcomes }
    const stated = await apply(database, merging, { clock, runId: 'run-3', options })
    expect(stated.last?.status).toBe('succeeded')
    expect(database.collections.get('user')?.documents.map((one) => one.get('n'))).toEqual([1])
  })
})
