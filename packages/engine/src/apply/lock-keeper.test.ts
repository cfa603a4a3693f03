import { err, ok } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import type { TargetError } from '../ports.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { LEASE_MS } from '../testing/run.ts'
import { LockKeeper, type Contact } from './lock-keeper.ts'

const unreachable: TargetError = { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: 'no answer' }

function keeperOver(renew: () => ReturnType<typeof ok<boolean>> | ReturnType<typeof err<TargetError>>) {
  const clock = new FakeClock()
  const renewals: number[] = []
  const server = { answers: true }
  const target = {
    ping: async () => (server.answers ? ok(undefined) : err(unreachable)),
    lock: {
      renew: async () => {
        renewals.push(clock.monotonicMs())
        return renew()
      },
    },
    runs: { readFlags: async () => ok({ cancel: false, pause: false }) },
  }
  const keeper = new LockKeeper({ target, runId: 'run-1', token: 1, leaseMs: LEASE_MS, clock })
  return { clock, keeper, renewals, server, startedAtMs: clock.monotonicMs() }
}

describe('LockKeeper', () => {
  it('renews at a third of the lease, and no more once stopped', async () => {
    const { clock, keeper, renewals, startedAtMs } = keeperOver(() => ok(true))
    keeper.start()
    for (let i = 0; i < 3; i += 1) await clock.advance(LEASE_MS / 3)
    await keeper.stop()
    await clock.advance(LEASE_MS)
    expect(renewals.map((at) => at - startedAtMs)).toEqual([1000, 2000, 3000])
  })
  it('gives the lock up when it could not be renewed for a whole lease, not before', async () => {
    const { clock, keeper } = keeperOver(() => err(unreachable))
    keeper.start()
    await clock.advance(1000)
    await clock.advance(1000)
    expect(keeper.lost.aborted).toBe(false)
    await clock.advance(1000)
    expect(keeper.lost.aborted).toBe(true)
    await keeper.stop()
  })
  it('survives a renewal that fails once', async () => {
    const answers = [err(unreachable), ok(true), err(unreachable), ok(true)]
    const { clock, keeper } = keeperOver(() => answers.shift() ?? ok(true))
    keeper.start()
    for (let i = 0; i < 6; i += 1) await clock.advance(1000)
    await settle()
    expect(keeper.lost.aborted).toBe(false)
    await keeper.stop()
  })
  it('says so at once when the lock has another owner', async () => {
    const { clock, keeper } = keeperOver(() => ok(false))
    keeper.start()
    await clock.advance(1000)
    expect(keeper.lost.aborted).toBe(true)
    expect((await keeper.confirm('a step'))?.code).toBe('LOCK_LOST')
    await keeper.stop()
  })
  it('does not let a step begin when the target cannot be asked', async () => {
    const { keeper } = keeperOver(() => err(unreachable))
    expect(await keeper.confirm('a step')).toEqual(unreachable)
  })
  it('tells within a second that the database does not answer and how long the lease lasts, and when it answers again, once each', async () => {
    const { clock, keeper, server } = keeperOver(() => ok(true))
    const told: Contact[] = []
    keeper.listen((contact) => told.push(contact))
    keeper.start()
    await clock.advance(LEASE_MS / 3)
    server.answers = false
    await clock.advance(500)
    expect(told).toEqual([{ answers: false, leaseLeftMs: LEASE_MS - 500 }])
    await clock.advance(500)
    server.answers = true
    await clock.advance(500)
    expect(told.slice(1)).toEqual([{ answers: true, leaseLeftMs: LEASE_MS }])
    expect(keeper.lost.aborted).toBe(false)
    await keeper.stop()
  })
  it('tells who listens later that the database does not answer', async () => {
    const { clock, keeper, server } = keeperOver(() => ok(true))
    server.answers = false
    keeper.start()
    await clock.advance(500)
    const told: Contact[] = []
    keeper.listen((contact) => told.push(contact))
    expect(told).toMatchObject([{ answers: false }])
    await keeper.stop()
  })
  it('knows why it is lost: nobody answered, another has it, or the process was suspended', async () => {
    const silent = keeperOver(() => ok(true))
    silent.server.answers = false
    silent.keeper.start()
    for (let i = 0; i < 6; i += 1) await silent.clock.advance(LEASE_MS / 6)
    expect(silent.keeper.lossReason).toBe('unanswered')
    const taken = keeperOver(() => ok(false))
    await taken.keeper.confirm('a step')
    expect(taken.keeper.lossReason).toBe('gone')
    const suspended = keeperOver(() => ok(true))
    suspended.clock.suspend(LEASE_MS)
    expect([suspended.keeper.isLeaseOver(), suspended.keeper.lossReason]).toEqual([true, 'lapsed'])
    await silent.keeper.stop()
  })
  it('lets nobody go on who asks its signal after the process stood still, before any timer has fired', () => {
    const { clock, keeper } = keeperOver(() => ok(true))
    keeper.lost.throwIfAborted()
    clock.suspend(LEASE_MS)
    expect(() => keeper.lost.throwIfAborted()).toThrow()
    expect(keeper.lossReason).toBe('lapsed')
  })
  it('lets what failed be tried again when the database answers and the lock is ours, and not after the lease', async () => {
    const { clock, keeper, server } = keeperOver(() => ok(true))
    const never = new AbortController().signal
    expect(await keeper.answering(never)).toBe(true)
    server.answers = false
    const waiting = keeper.answering(never)
    await clock.advance(500)
    server.answers = true
    await clock.advance(500)
    expect(await waiting).toBe(true)
    server.answers = false
    const inVain = keeper.answering(never)
    for (let i = 0; i < 6; i += 1) await clock.advance(500)
    expect([await inVain, keeper.lossReason]).toEqual([false, 'unanswered'])
    expect(await keeperOver(() => ok(false)).keeper.answering(never)).toBe(false)
    expect(await keeperOver(() => ok(true)).keeper.answering(AbortSignal.abort())).toBe(false)
  })
  describe.each([500, 600, 1000, LEASE_MS, 30_000])('with a lease of %i ms', (leaseMs) => {
    /** @param pingTakes How long a ping takes that is to wait so long; it is never answered. */
    const lostAfter = async (pingTakes: (waitMs: number) => number) => {
      const clock = new FakeClock()
      const target = {
        ping: async (waitMs: number) => {
          clock.suspend(pingTakes(waitMs))
          return err(unreachable)
        },
        lock: { renew: async () => ok(true) },
        runs: { readFlags: async () => ok({ cancel: false, pause: false }) },
      }
      const keeper = new LockKeeper({ target, runId: 'run-1', token: 1, leaseMs, clock })
      keeper.start()
      for (let i = 0; i < 60 && !keeper.lost.aborted; i += 1) await clock.advance(Math.min(500, leaseMs / 3))
      await keeper.stop()
      return [keeper.isSilent, keeper.lossReason]
    }
    it.each([1, 2])(
      'does not take it for silence that the process stood still for %i leases while it asked',
      async (n) => {
        expect(await lostAfter(() => leaseMs * n)).toEqual([false, 'lapsed'])
      },
    )
    it('takes it for silence that nobody answered in time, on a machine that is a little late', async () => {
      expect(await lostAfter((waitMs) => waitMs + leaseMs / 10_000)).toEqual([true, 'unanswered'])
    })
  })
})
