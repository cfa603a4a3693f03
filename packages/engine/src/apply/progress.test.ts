import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { RateOfWork, withProgress } from './progress.ts'

describe('withProgress', () => {
  it('yields at most one report per quarter of a second and returns the result', async () => {
    const clock = new FakeClock()
    const stream = withProgress(clock, async (report) => {
      for (let done = 1; done <= 10; done += 1) {
        report({ done, total: 10, unit: 'documents' })
        await clock.advance(100)
      }
      return 'result'
    })
    const seen: number[] = []
    let next = await stream.next()
    for (; next.done !== true; next = await stream.next()) if ('done' in next.value) seen.push(next.value.done)
    expect([seen, next.value]).toEqual([[1, 4, 7, 10], 'result'])
  })
  it('throws what the work throws, after what it reported', async () => {
    const stream = withProgress(new FakeClock(), async (report) => {
      report({ done: 1, total: 2, unit: 'documents' })
      throw new TypeError('a defect')
    })
    expect((await stream.next()).value).toMatchObject({ done: 1 })
    await expect(stream.next()).rejects.toThrow('a defect')
  })
})

describe('the rate of a piece of work', () => {
  it('follows the last ten seconds, and forgets what was before a pause', () => {
    const clock = new FakeClock()
    const rate = new RateOfWork(clock)
    expect(rate.after(0, 1000)).toEqual({})
    for (let done = 10; done <= 200; done += 10) {
      clock.suspend(1000)
      rate.after(done, 1000)
    }
    clock.suspend(1000)
    expect(rate.after(300, 1000)).toEqual({ rate_per_s: 19, remaining_s: 37 })
    clock.suspend(60_000)
    rate.forget()
    expect(rate.after(300, 1000)).toEqual({})
    clock.suspend(1000)
    expect(rate.after(400, 1000)).toEqual({ rate_per_s: 100, remaining_s: 6 })
  })
})
