import { savedPlan, type IndexSpec } from '@stage0/core'
import { doc } from '@stage0/bson-schema'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { observeAndPlan } from '../observe-and-plan.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { repository, version } from '../testing/repository.ts'
import { apply, LEASE_MS, type Ran, type RunOptions } from '../testing/run.ts'

const COUNT_UP = { $set: { n: { $add: ['$n', 1] } } }
const user = [
  version('user', '1.0.0.0', {
    unique: ['email'],
    data: ['a', 'b'].map((one, i) => doc({ _id: i + 1, email: one, mail: one, n: 0 })),
  }),
  version('user', '1.0.1.0', { drop: ['email'], migrate: [COUNT_UP, { $out: 'user' }], unique: ['mail'] }),
]
const wanted = repository({ copy: [version('copy', '1.0.0.0')], user })

const OPTIONS = { environment: 'local', loadTestData: true }
async function planOf(database: MemoryDatabase, clock: FakeClock, want = wanted) {
  const planned = await observeAndPlan({ target: memoryTarget(database, clock), wanted: want, options: OPTIONS })
  if (!planned.ok) throw new TypeError(planned.error.message)
  return planned.value.plan
}

/** A run of the plan with this hash, in a process of its own. */
const applyPlanned = (database: MemoryDatabase, clock: FakeClock, hash: string, more: RunOptions = {}): Promise<Ran> =>
  apply(database, wanted, { clock, expectedPlanHash: hash, ...more })

async function uninterrupted(): Promise<{ readonly content: unknown; readonly operations: number }> {
  const database = new MemoryDatabase()
  const { target } = await apply(database, wanted)
  return { content: database.content(), operations: target.operations.length }
}
/** Whether the run ended well before its process died: then its plan is done, which is said. */
const isDone = (database: MemoryDatabase): boolean => database.runs.at(-1)?.outcome?.status === 'succeeded'

describe('a plan that was agreed to', () => {
  it('is finished by repeating it, wherever its run was killed: each migration exactly once', async () => {
    const { content, operations } = await uninterrupted()
    for (let n = 1; n <= operations; n += 1) {
      const database = new MemoryDatabase()
      const clock = new FakeClock()
      const { hash } = await planOf(database, clock)
      await applyPlanned(database, clock, hash, { faults: { die: (_, count) => (count === n ? 'after' : undefined) } })
      const wasDone = isDone(database)
      await clock.advance(LEASE_MS)
      const again = await applyPlanned(database, clock, hash, { runId: 'run-2' })
      const ended = wasDone ? ['failed', 'PLAN_STALE'] : ['succeeded', undefined]
      expect([n, again.last?.status, again.last?.error?.code]).toEqual([n, ...ended])
      expect([n, database.content()]).toEqual([n, content])
    }
  })

  it('is finished by repeating it also where the repetition was killed', async () => {
    const { content, operations } = await uninterrupted()
    for (let n = 1; n <= operations; n += isDeep ? 1 : 4) {
      for (let m = 1; m <= operations; m += isDeep ? 1 : 3) {
        const database = new MemoryDatabase()
        const clock = new FakeClock()
        const { hash } = await planOf(database, clock)
        const dying = (at: number): RunOptions => ({
          faults: { die: (_, count) => (count === at ? 'before' : undefined) },
        })
        await applyPlanned(database, clock, hash, dying(n))
        await clock.advance(LEASE_MS)
        await applyPlanned(database, clock, hash, { runId: 'run-2', ...dying(m) })
        const wasDone = isDone(database)
        await clock.advance(LEASE_MS)
        const third = await applyPlanned(database, clock, hash, { runId: 'run-3' })
        expect([n, m, third.last?.status]).toEqual([n, m, wasDone ? 'failed' : 'succeeded'])
        expect([n, m, database.content()]).toEqual([n, m, content])
      }
    }
  })

  it.each(['cancelled', 'failed'] as const)('is finished by repeating it where its run was %s', async (how) => {
    const { content } = await uninterrupted()
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const { hash } = await planOf(database, clock)
    const cancel = (operation: string): void => {
      const run = database.runs[0]
      if (operation === 'buildIndexes' && run !== undefined) run.cancelRequested = true
    }
    const faults = how === 'cancelled' ? { before: cancel } : { refuse: (one: string) => one === 'buildIndexes' }
    const first = await applyPlanned(database, clock, hash, { faults })
    expect(first.last?.status).toBe(how)
    expect((await applyPlanned(database, clock, hash, { runId: 'run-2' })).last?.status).toBe('succeeded')
    expect(database.content()).toEqual(content)
    expect(database.runs.map(({ header }) => header.agreedPlanHash)).toEqual([undefined, hash])
  })

  /** A database in which a run of the plan was killed once it had made the indexes of the first version. */
  async function interrupted() {
    const [database, clock] = [new MemoryDatabase(), new FakeClock()]
    const plan = await planOf(database, clock)
    const die = (operation: string): 'after' | undefined => (operation === 'buildIndexes' ? 'after' : undefined)
    await applyPlanned(database, clock, plan.hash, { faults: { die } })
    await clock.advance(LEASE_MS)
    return { database, clock, plan }
  }

  it('does not fit any more once another plan was run, and nothing is changed', async () => {
    const { database, clock, plan } = await interrupted()
    await apply(database, repository({ copy: [version('copy', '1.0.0.0')] }), { clock, runId: 'run-2' })
    const before = database.content()
    const stale = await applyPlanned(database, clock, plan.hash, { runId: 'run-3' })
    expect([stale.last?.error?.code, database.content()]).toEqual(['PLAN_STALE', before])
  })

  it('does not fit any more where somebody replaced the index that is dropped: it stays, and the step is named', async () => {
    const [database, clock] = [new MemoryDatabase(), new FakeClock()]
    const first = repository({ copy: [version('copy', '1.0.0.0')], user: user.slice(0, 1) })
    await apply(database, first, { clock })
    const collection = database.collections.get('user')
    if (collection === undefined) throw new TypeError('the first version makes the collection')
    const unique = collection.indexes
    const named = (options: IndexSpec['options']) =>
      collection.indexes.map((one) => (one.name === 'email' ? { ...one, options } : one))
    collection.indexes = named(doc({}))
    const plan = await planOf(database, clock)
    const die = (operation: string): 'before' | undefined => (operation === 'runPipeline' ? 'before' : undefined)
    expect(plan.steps.map(({ kind }) => kind)).toContain('dropIndex')
    await applyPlanned(database, clock, plan.hash, { runId: 'run-2', faults: { die } })
    collection.indexes = unique
    await clock.advance(LEASE_MS)
    const stale = await applyPlanned(database, clock, plan.hash, { runId: 'run-3' })
    expect(stale.last?.error).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringContaining(
        'with risks that were not agreed to: 1.0.1.0 drop index email: LU of email',
      ) as string,
    })
    expect(collection.indexes.map(({ name }) => name)).toContain('email')
  })

  it('does not fit what is left where the repository wants more, and says which steps are new', async () => {
    const { database, clock, plan } = await interrupted()
    const more = repository({ copy: [version('copy', '1.0.0.0'), version('copy', '1.0.1.0')], user })
    const stale = await apply(database, more, { clock, runId: 'run-2', expectedPlanHash: plan.hash })
    expect(stale.last?.error).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringMatching(
        /since the repository and the database changed\. enumerators: .*copy: no longer needed: .*new: 1\.0\.1\.0/,
      ) as string,
      detail: { repositoryChanged: true, databaseChanged: true },
    })
  })

  it('that was applied to its end is told so, with the run that did', async () => {
    const [database, clock] = [new MemoryDatabase(), new FakeClock()]
    const { hash } = await planOf(database, clock)
    await applyPlanned(database, clock, hash)
    const again = await applyPlanned(database, clock, hash, { runId: 'run-2' })
    expect(again.last?.error).toMatchObject({
      code: 'PLAN_STALE',
      message: `Run run-1 has applied the plan ${hash.slice(0, 12)}, and nothing is left to do`,
    })
  })

  it('and never begun says what changed where the plan itself is at hand, and else only that it did', async () => {
    const [database, clock] = [new MemoryDatabase(), new FakeClock()]
    const plan = await planOf(database, clock)
    await apply(database, repository({ copy: [version('copy', '1.0.0.0')] }), { clock, runId: 'run-0' })
    const told = async (more: RunOptions): Promise<string | undefined> =>
      (await applyPlanned(database, clock, plan.hash, more)).last?.error?.message
    expect(await told({ expectedPlan: savedPlan(plan) })).toMatch(
      /^The plan [0-9a-f]{12} no longer fits: now it would be [0-9a-f]{12}, since the database changed\. enumerators: no longer needed: store enumerators 0\. copy: no longer needed: 1\.0\.0\.0 create the collection/,
    )
    expect(await told({})).toMatch(/^The plan [0-9a-f]{12} no longer fits: now it would be [0-9a-f]{12}$/)
  })
})
