import { describe, expect, it } from 'vitest'
import type { TargetError, TargetPort } from '@stage0/engine'
import { err, ok, type Result } from '@stage0/types'
import { SharedTarget } from './target-source.ts'

const LOST: TargetError = { kind: 'unreachable', code: 'TARGET_UNREACHABLE', message: 'nobody answers' }

/** A target whose every part is decided by the test. */
function source(observations: Result<object, TargetError>[] = [ok({})]) {
  const calls = { connects: 0, observes: 0, closes: 0 }
  const state = { nowMs: 0, reachable: true, gate: Promise.resolve() }
  const port = {
    observe: async () => {
      const answer = observations[Math.min(calls.observes, observations.length - 1)]
      calls.observes += 1
      await state.gate
      return answer
    },
    close: async () => void (calls.closes += 1),
  } as unknown as TargetPort
  const target = new SharedTarget({
    connect: async () => {
      calls.connects += 1
      return state.reachable ? ok(port) : err(LOST)
    },
    now: () => new Date(state.nowMs),
  })
  return { target, calls, state }
}

describe('the one connection of the service', () => {
  it('is opened when first needed, once for all', async () => {
    const { target, calls } = source()
    expect(calls.connects).toBe(0)
    const [first, second] = await Promise.all([target.open(), target.open()])
    expect(first).toBe(second)
    expect(calls.connects).toBe(1)
  })

  it('is tried again by the next who needs it where it failed', async () => {
    const { target, calls, state } = source()
    state.reachable = false
    expect((await target.open()).ok).toBe(false)
    state.reachable = true
    expect((await target.open()).ok).toBe(true)
    expect(calls.connects).toBe(2)
  })

  it('is closed once, and not opened again', async () => {
    const { target, calls } = source()
    await target.open()
    await target.close()
    expect(calls.closes).toBe(1)
    expect(await target.open()).toMatchObject({ ok: false, error: { kind: 'stopped', code: 'CANCELLED' } })
  })
})

describe('what is seen of the database', () => {
  it('is looked at once for all who ask at a time, and again when it is too old', async () => {
    const { target, calls, state } = source()
    await Promise.all([target.observe(2000), target.observe(2000)])
    state.nowMs = 2000
    const kept = await target.observe(2000)
    expect(calls.observes).toBe(1)
    expect(kept.ok && kept.value.asOf.getTime()).toBe(0)
    state.nowMs = 2001
    await target.observe(2000)
    expect(calls.observes).toBe(2)
  })

  it('does not count after a change, not even a look that was under way', async () => {
    const { target, calls, state } = source()
    let open = (): void => {}
    state.gate = new Promise((resolve) => (open = resolve))
    const early = target.observe(2000)
    await target.open()
    target.forget()
    open()
    await early
    await target.observe(2000)
    expect(calls.observes).toBe(2)
  })

  it('W-53: tells those who ask right after a failure the same, and looks again later', async () => {
    const { target, calls, state } = source([err(LOST), ok({})])
    expect((await target.observe(2000)).ok).toBe(false)
    expect((await target.observe(2000)).ok).toBe(false)
    expect(calls.observes).toBe(1)
    state.nowMs = 1001
    expect((await target.observe(2000)).ok).toBe(true)
  })
})
