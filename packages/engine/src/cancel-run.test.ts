import { describe, expect, it } from 'vitest'
import { pauseRun } from './ask-run.ts'
import { awaitRunEnd, cancelRun } from './cancel-run.ts'
import { applyPlan } from './apply/apply-plan.ts'
import { FakeClock, settle } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget, type Faults } from './testing/memory-target.ts'
import { repository, version } from './testing/repository.ts'
import { apply, applyInput } from './testing/run.ts'

const wanted = repository({ user: [version('user', '1.0.0.0', { unique: ['email'] })] })
const never = new AbortController().signal

/** Runs to the end, and does something before the first index is built. */
async function meanwhile(work: (database: MemoryDatabase, clock: FakeClock) => Promise<void>) {
  const database = new MemoryDatabase()
  const clock = new FakeClock()
  const faults: Faults = { before: (name) => (name === 'buildIndexes' ? work(database, clock) : undefined) }
  return { database, clock, ran: await apply(database, wanted, { clock, faults }) }
}

describe('cancelling', () => {
  it.each([undefined, 'run-1'])('asks the run that holds the lock, or the named one: %s', async (runId) => {
    const { database, ran } = await meanwhile(async (there, clock) => {
      expect(await cancelRun(memoryTarget(there, clock), runId)).toMatchObject({
        ok: true,
        value: { state: 'asked', run: { run_id: 'run-1', cancel_requested: true } },
      })
    })
    expect(ran.last?.status).toBe('cancelled')
    expect(database.lock?.leaseEndMs).toBeLessThanOrEqual(Date.UTC(2026, 0, 1))
  })

  it('has nothing to do where nobody is at work', async () => {
    const clock = new FakeClock()
    const database = new MemoryDatabase()
    expect(await cancelRun(memoryTarget(database, clock))).toEqual({ ok: true, value: { state: 'nobody' } })
    await apply(database, wanted, { clock })
    expect(await cancelRun(memoryTarget(database, clock), 'run-1')).toMatchObject({
      value: { state: 'ended', run: { status: 'succeeded' } },
    })
  })

  it('of a run that nobody recorded is refused', async () => {
    const target = memoryTarget(new MemoryDatabase(), new FakeClock())
    expect(await cancelRun(target, 'nobody')).toMatchObject({ ok: false, error: { code: 'RUN_UNKNOWN' } })
  })
})

describe('waiting for the end of a run', () => {
  it('gives the run as it ended', async () => {
    const { database, clock } = await meanwhile(async () => {})
    const input = { target: memoryTarget(database, clock), runId: 'run-1', waitMs: 5000, clock, signal: never }
    expect(await awaitRunEnd(input)).toMatchObject({ value: { status: 'succeeded' } })
    expect(await awaitRunEnd({ ...input, runId: 'nobody' })).toEqual({ ok: true, value: undefined })
  })

  it('is given up after its time, and goes on looking until then', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const target = memoryTarget(database, clock)
    const events = applyPlan(applyInput(target, wanted, clock))
    await events.next()
    const input = { target, runId: 'run-1', clock, signal: never }
    expect(await awaitRunEnd({ ...input, waitMs: 0 })).toMatchObject({ value: { status: 'running' } })
    const waiting = awaitRunEnd({ ...input, waitMs: 60_000 })
    for await (const event of events) void event
    await clock.advance(500)
    expect(await waiting).toMatchObject({ value: { status: 'succeeded' } })
  })
})

describe('pausing', () => {
  it('asks the run that holds the lock to wait, and to go on; it keeps the lock meanwhile', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const faults: Faults = {
      before: async (name) => {
        if (name !== 'buildIndexes') return
        expect(await pauseRun(memoryTarget(database, clock), true)).toMatchObject({
          value: { state: 'asked', run: { run_id: 'run-1', pause_requested: true } },
        })
      },
    }
    const run = apply(database, wanted, { clock, faults })
    await settle()
    await settle()
    expect([database.runs[0]?.outcome, database.runs[0]?.pauseRequested]).toEqual([undefined, true])
    const resumed = await pauseRun(memoryTarget(database, clock), false, 'run-1')
    expect(resumed.ok && resumed.value.state === 'asked' && resumed.value.run.pause_requested).toBe(undefined)
    await clock.advance(500)
    expect((await run).last?.status).toBe('succeeded')
  })

  it('has nothing to do where nobody is at work, and refuses a run that nobody recorded', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const target = memoryTarget(database, clock)
    expect(await pauseRun(target, true)).toEqual({ ok: true, value: { state: 'nobody' } })
    expect(await pauseRun(target, true, 'nobody')).toMatchObject({ ok: false, error: { code: 'RUN_UNKNOWN' } })
    await apply(database, wanted, { clock })
    expect(await pauseRun(target, true, 'run-1')).toMatchObject({ value: { state: 'ended' } })
  })
})
