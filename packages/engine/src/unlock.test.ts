import { ERRORS } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { LockKeeper } from './apply/lock-keeper.ts'
import type { LockHolder } from './ports.ts'
import { FakeClock, settle } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget } from './testing/memory-target.ts'
import { repository, version } from './testing/repository.ts'
import { apply, LEASE_MS } from './testing/run.ts'
import { examineLock, unlock } from './unlock.ts'

const holder = (runId: string): LockHolder => ({ host: 'there', pid: 9, user: 'ben', runId, command: 'stage0 apply' })
const BY = { user: 'cleo', host: 'desk' }
const never = new AbortController().signal

/** A database whose lock the run `r1` has claimed; its process is alive or not. */
async function locked(isAlive: boolean) {
  const clock = new FakeClock()
  const target = memoryTarget(new MemoryDatabase(), clock)
  const claim = await target.lock.claim(holder('r1'), LEASE_MS)
  if (!claim.ok || !claim.value.claimed) throw new Error('a new lock was not claimed')
  const { token } = claim.value
  const keeper = new LockKeeper({ target, runId: 'r1', token, leaseMs: LEASE_MS, clock })
  if (isAlive) keeper.start()
  return { clock, target, token, keeper }
}
/** Moves time in small steps until `work` is done. */
async function during<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isDone = false
  void work.finally(() => (isDone = true))
  for (let i = 0; i < 100 && !isDone; i += 1) await clock.advance(LEASE_MS / 20)
  return work
}

describe('a lock that is examined', () => {
  it('is alive when its lease is extended meanwhile, and silent when it is not', async () => {
    for (const isAlive of [true, false]) {
      const { clock, target, keeper, token } = await locked(isAlive)
      const seen = await during(clock, examineLock({ target, runId: 'r1', watch: true, clock, signal: never }))
      expect(seen).toMatchObject({ ok: true, value: { state: isAlive ? 'alive' : 'silent', held: { token } } })
      await keeper.stop()
    }
  })

  it('is seen alive whenever the look begins', async () => {
    for (let at = 0; at < 10; at += 1) {
      const { clock, target, keeper } = await locked(true)
      await clock.advance((LEASE_MS / 10) * at)
      const seen = await during(clock, examineLock({ target, runId: 'r1', watch: true, clock, signal: never }))
      expect(seen).toMatchObject({ ok: true, value: { state: 'alive' } })
      await keeper.stop()
    }
  })

  it('is only named where nobody waits for a heartbeat', async () => {
    const { clock, target, token } = await locked(false)
    const seen = await examineLock({ target, runId: 'r1', watch: false, clock, signal: never })
    expect(seen).toMatchObject({ ok: true, value: { state: 'held', held: { token, leftMs: LEASE_MS } } })
  })

  it('is free where its lease has ended', async () => {
    const { clock, target } = await locked(false)
    await clock.advance(LEASE_MS)
    expect(await examineLock({ target, runId: 'r1', watch: true, clock, signal: never })).toEqual({
      ok: true,
      value: { state: 'free' },
    })
  })

  it('of another run is refused, naming the holder', async () => {
    const { clock, target } = await locked(false)
    expect(await examineLock({ target, runId: 'r0', watch: true, clock, signal: never })).toMatchObject({
      ok: false,
      error: { code: 'LOCK_OF_ANOTHER_RUN', message: expect.stringContaining('ben on there (process 9)') },
    })
    expect(ERRORS.LOCK_OF_ANOTHER_RUN.status).toBe(409)
  })

  it('is left as it is when nobody waits for the answer any more', async () => {
    const { clock, target, token } = await locked(false)
    const stop = new AbortController()
    const seen = examineLock({ target, runId: 'r1', watch: true, clock, signal: stop.signal })
    await settle()
    stop.abort()
    expect(await seen).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(await target.lock.read()).toMatchObject({ ok: true, value: { token } })
  })
})

describe('unlocking', () => {
  it('lets the token grow, so that a process that was alive after all stops', async () => {
    const { clock, target, token, keeper } = await locked(true)
    expect(await unlock({ target, runId: 'r1', by: BY }, token)).toEqual({ ok: true, value: true })
    await clock.advance(LEASE_MS / 3)
    expect([keeper.lost.aborted, keeper.lossReason]).toEqual([true, 'gone'])
    await keeper.stop()
    expect(await target.lock.fate(token)).toMatchObject({ value: { state: 'freed', by: BY } })
    expect(await target.lock.claim(holder('r2'), LEASE_MS)).toMatchObject({
      value: { claimed: true, token: token + 2 },
    })
    expect(await target.lock.fate(token)).toMatchObject({ value: { state: 'taken', by: { runId: 'r2' } } })
  })

  it('leaves a claim alone that came after it was agreed to', async () => {
    const { clock, target, token } = await locked(false)
    await clock.advance(LEASE_MS)
    await target.lock.claim(holder('r1'), LEASE_MS)
    expect(await unlock({ target, runId: 'r1', by: BY }, token)).toEqual({ ok: true, value: false })
    expect(await target.lock.read()).toMatchObject({ ok: true, value: { token: token + 1 } })
  })

  it('never touches the lock of another run', async () => {
    const { target, token } = await locked(false)
    expect(await unlock({ target, runId: 'r0', by: BY }, token)).toMatchObject({
      error: { code: 'LOCK_OF_ANOTHER_RUN' },
    })
    expect(await target.lock.read()).toMatchObject({ ok: true, value: { holder: { runId: 'r1' } } })
  })

  it('lets the next run finish what a killed one began, before its lease would have ended', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const wanted = repository({ user: [version('user', '1.0.0.0', { unique: ['email'] })] })
    const died = await apply(database, wanted, {
      clock,
      faults: { die: (name) => (name === 'buildIndexes' ? 'before' : undefined) },
    })
    expect(died.died).toBe(true)
    const blocked = await apply(database, wanted, { clock, runId: 'run-2' })
    expect(blocked.last?.error?.code).toBe('LOCK_HELD')
    const target = memoryTarget(database, clock)
    const held = await target.lock.read()
    if (!held.ok || held.value === undefined) throw new Error('the killed run does not hold the lock')
    expect(await unlock({ target, runId: 'run-1', by: BY }, held.value.token)).toEqual({ ok: true, value: true })
    const next = await apply(database, wanted, { clock, runId: 'run-3' })
    expect(next.last?.status).toBe('succeeded')
    expect(next.events[0]).toMatchObject({ type: 'run.started', resumes: 'run-1' })
  })
})
