import { err, ok } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import type { TargetError } from '../ports.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { LEASE_MS } from '../testing/run.ts'
import { LockKeeper } from './lock-keeper.ts'

const unreachable: TargetError = { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: 'no answer' }

function keeperOver(renew: () => ReturnType<typeof ok<boolean>> | ReturnType<typeof err<TargetError>>) {
  const clock = new FakeClock()
  const renewals: number[] = []
  const target = {
    ping: async () => ok(undefined),
    lock: {
      renew: async () => {
        renewals.push(clock.monotonicMs())
        return renew()
      },
    },
    runs: { readFlags: async () => ok({ cancel: false, pause: false }) },
  }
  const keeper = new LockKeeper({ target, runId: 'run-1', token: 1, leaseMs: LEASE_MS, clock })
  return { clock, keeper, renewals, startedAtMs: clock.monotonicMs() }
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
})
