import { doc } from '@stage0/bson-schema'
import { isDeep } from '@stage0/testkit'
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
      data: ['a', 'b'].map((one, i) => doc({ _id: i + 1, email: one, mail: one, nick: one, n: 0 })),
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
    for (let n = 1; n <= operations; n += isDeep ? 1 : 3) {
      for (let m = 1; m <= operations; m += isDeep ? 1 : 2) {
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

  it('after it lost its connection leaves nothing at work on the server either: the next run ends it first', async () => {
    const database = new MemoryDatabase()
    await apply(database, wanted, { faults: { refuse: (operation) => operation === 'runPipeline' } })
    expect(database.runs[0]?.outcome?.status).toBe('failed')
    const second = await apply(database, wanted, { runId: 'run-2' })
    expect([second.last?.status, database.ended]).toEqual([
      'succeeded',
      ['stage0 run run-1 token 1 step user/1.0.1.0/migrate/m.json'],
    ])
  })

  it('while it takes a run over leaves what that run does to the next one', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const dieAt = (name: string) => ({
      die: (operation: string) => (operation === name ? ('before' as const) : undefined),
    })
    await apply(database, wanted, { clock, faults: dieAt('runPipeline') })
    await clock.advance(LEASE_MS)
    await apply(database, wanted, { clock, runId: 'run-2', faults: dieAt('endOperations') })
    await clock.advance(LEASE_MS)
    await apply(database, wanted, { clock, runId: 'run-3' })
    expect(database.ended).toHaveLength(1)
  })

  it('is no more dangerous suspended: it does not begin a migration after its lease, whoever answers first', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const suspended = await apply(database, wanted, {
      clock,
      faults: {
        // The clock goes on, the timers of the process do not.
        before: (operation) =>
          operation === 'journal intended' && database.runs[0]?.journal.length === 2
            ? clock.suspend(LEASE_MS)
            : undefined,
      },
    })
    expect(suspended.last?.error?.code).toBe('LOCK_LOST')
    expect(suspended.target.operations).not.toContain('runPipeline')
  })

  it.each([
    { what: '$out that the server refuses, its target unchanged', stages: [COUNT_UP, { $out: 'user' }], code: 2 },
    { what: '$merge that the server cannot read', stages: [COUNT_UP, { $merge: { into: 'user' } }], code: 168 },
  ])('counts $what as never begun: a corrected file is applied', async ({ stages, code }) => {
    const before = version('user', '1.0.0.0', { data: [doc({ _id: 1, n: 0 })] })
    const at = (...pipeline: typeof stages) =>
      repository({ user: [before, version('user', '1.0.1.0', { migrate: pipeline })] })
    const database = new MemoryDatabase()
    const failing = at(...stages)
    const ran = await apply(database, failing, { faults: { refuse: (name) => name === 'runPipeline' && code } })
    expect(ran.last?.status).toBe('failed')
    const corrected = at({ $set: { n: { $add: ['$n', 5] } } }, { $out: 'user' })
    const second = await apply(database, corrected, { runId: 'run-2' })
    expect([second.last?.status, second.last?.error]).toEqual(['succeeded', undefined])
    expect(database.collections.get('user')?.documents.map((one) => one.get('n'))).toEqual([5])
  })

  it('in a $merge that failed among documents is not taken for never begun', async () => {
    const merging = repository({
      user: [version('user', '1.0.0.0', { migrate: [COUNT_UP, { $merge: { into: 'user' } }] })],
    })
    const database = new MemoryDatabase()
    await apply(database, merging, { faults: { refuse: (name) => name === 'runPipeline' && 121 } })
    const second = await apply(database, merging, { runId: 'run-2' })
    expect(second.last?.error).toMatchObject({ detail: [{ code: 'MIGRATION_UNCERTAIN' }] })
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
    expect(database.runs[0]?.journal.at(-1)).toMatchObject({ state: 'intended', mustFinish: true })
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

describe('a second run', () => {
  it('W-11: at any moment of the first is told who holds the lock, and never of what is half done', async () => {
    const { content, operations } = await uninterrupted()
    for (let n = 1; n <= operations; n += 1) {
      const database = new MemoryDatabase()
      const clock = new FakeClock()
      const codes: (string | undefined)[] = []
      const before = async (_: string, count: number) => {
        if (count !== n) return
        const second = await apply(database, wanted, { clock, runId: 'run-2' })
        codes.push(second.last?.error?.code)
      }
      const first = await apply(database, wanted, { clock, faults: { before } })
      expect([n, first.last?.status]).toEqual([n, 'succeeded'])
      expect([[undefined], ['LOCK_HELD']]).toContainEqual(codes)
      expect([n, database.content()]).toEqual([n, content])
    }
  })
})
