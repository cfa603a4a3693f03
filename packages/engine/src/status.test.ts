import { describe, expect, it } from 'vitest'
import { readStatus } from './status.ts'
import { FakeClock, settle } from './testing/fake-clock.ts'
import { memoryTarget, type Faults } from './testing/memory-target.ts'
import { before, small, wanted } from './testing/online.ts'
import { apply, LEASE_MS } from './testing/run.ts'

const OPTIONS = { environment: 'local', loadTestData: true }

/** An online migration that stands still after its first range, asked to pause. */
async function pausedRun() {
  const database = await before()
  const clock = new FakeClock()
  const faults: Faults = {
    before: (operation) => {
      const run = database.runs.at(-1)
      if (operation === 'applyRange' && run !== undefined) run.pauseRequested = true
      if (operation === 'applyRange') clock.suspend(200)
    },
  }
  const running = apply(database, wanted, { ...small, clock, faults })
  await settle()
  await settle()
  return { database, clock, running, target: memoryTarget(database, clock) }
}

async function looked(target: Parameters<typeof readStatus>[0]['target']) {
  const read = await readStatus({ target, wanted, options: OPTIONS })
  if (!read.ok) throw new Error(read.error.message)
  return read.value
}
const user = async (target: Parameters<typeof readStatus>[0]['target']) =>
  (await looked(target)).collections.find(({ name }) => name === 'user')?.state

describe('the status while a run has begun a migration', () => {
  it('is paused where the run waits, at work where it goes on, and in sync at its end', async () => {
    const { database, clock, running, target } = await pausedRun()
    expect(await looked(target)).toMatchObject({
      collections: [{ name: 'user', state: 'paused' }],
      run: { run_id: 'run-1', status: 'running', paused: true },
      interrupted: undefined,
    })
    const standing = database.runs.at(-1)
    if (standing === undefined) throw new Error('no run is recorded')
    standing.pauseRequested = false
    expect(await user(target), 'asked to go on').toBe('at work')
    await clock.advance(500)
    // The run asked itself to pause again before its next range.
    for (let looks = 0; looks < 10 && standing.outcome === undefined; looks += 1) {
      standing.pauseRequested = false
      await clock.advance(500)
    }
    expect((await running).last?.status).toBe('succeeded')
    expect(await looked(target)).toMatchObject({ collections: [{ state: 'in sync' }], lock: undefined, run: undefined })
  })

  it('is at work where its lease has not ended, and interrupted where it has', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults: Faults = { die: (operation) => (operation === 'applyRange' ? 'after' : undefined) }
    await apply(database, wanted, { ...small, clock, faults })
    const target = memoryTarget(database, clock)
    expect(await user(target)).toBe('at work')
    expect(await looked(target)).toMatchObject({ run: { run_id: 'run-1' }, interrupted: undefined })
    await clock.advance(LEASE_MS)
    expect(await user(target)).toBe('interrupted')
    expect(await looked(target)).toMatchObject({ run: undefined, interrupted: { runId: 'run-1' }, lock: undefined })
  })

  it('is interrupted before its lease ends where its process is known to be gone', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults: Faults = { die: (operation) => (operation === 'applyRange' ? 'after' : undefined) }
    await apply(database, wanted, { ...small, clock, faults })
    const input = { target: memoryTarget(database, clock), wanted, options: OPTIONS }
    expect(await readStatus({ ...input, isGone: ({ pid }) => pid === 7 })).toMatchObject({
      value: { collections: [{ state: 'interrupted' }], isHolderGone: true, run: undefined, lock: { token: 2 } },
    })
    expect(await readStatus({ ...input, isGone: () => false })).toMatchObject({
      value: { collections: [{ state: 'at work' }], isHolderGone: false, run: { run_id: 'run-1' } },
    })
  })

  it('is looked at again where the run ends meanwhile: what it left then is not called interrupted', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults: Faults = { die: (operation) => (operation === 'applyRange' ? 'after' : undefined) }
    await apply(database, wanted, { ...small, clock, faults })
    const target = memoryTarget(database, clock)
    const ending: typeof target = {
      ...target,
      observe: async (options) => {
        const seen = await target.observe(options)
        // Its lease ends and the next run does the rest, between the look at the database and the one at the lock.
        if (database.runs.length === 2) {
          await clock.advance(LEASE_MS)
          await apply(database, wanted, { ...small, clock, runId: 'run-2' })
        }
        return seen
      },
    }
    expect(await user(ending)).toBe('in sync')
  })
})
