import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elapsedMs } from './elapsed.ts'
import { at } from './testing/runs.ts'

const start = Date.parse(at(0))

describe('how long a run has taken', () => {
  it.each([
    ['what the run says counts most', { started_at: at(0), duration_ms: 4200 }, 99_000, undefined, 4200],
    ['an end without a duration', { started_at: at(0), finished_at: at(3) }, 99_000, undefined, 3000],
    ['a run that goes on', { started_at: at(0) }, 5000, undefined, 5000],
    ['a clock that is behind the service', { started_at: at(0) }, -60_000, at(7), 7000],
    ['a clock that is behind, before the first event', { started_at: at(0) }, -60_000, undefined, 0],
    ['a time that is none', { started_at: 'soon' }, 5000, undefined, 0],
  ])('%s', (_what, run, now, lastEventAt, ms) => {
    expect(elapsedMs(run, start + now, lastEventAt)).toBe(ms)
  })

  it('never runs backwards as the clock goes on', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.option(fc.nat(100_000), { nil: undefined }), (now, more, seconds) => {
        const event = seconds === undefined ? undefined : at(seconds)
        const first = elapsedMs({ started_at: at(0) }, start + now, event)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(elapsedMs({ started_at: at(0) }, start + now + more, event)).toBeGreaterThanOrEqual(first)
      }),
    )
  })
})
