import type { Clock } from '../ports.ts'

export interface Progress {
  readonly done: number
  readonly total: number
  readonly unit: string
  readonly rate_per_s?: number
  readonly remaining_s?: number
}

/** The run waits from now on, or goes on. */
export interface Pause {
  readonly paused: boolean
}

/** At most four progress events a second. */
const INTERVAL_MS = 250

/**
 * Turns the callbacks of a piece of work into a stream: yields what it reports, progress at most four times a second, and returns
 * its result. Progress that is reported faster than that is replaced by the next report.
 */
export async function* withProgress<T>(
  clock: Clock,
  work: (report: (fact: Progress | Pause) => void) => Promise<T>,
): AsyncGenerator<Progress | Pause, T> {
  const waiting: (Progress | Pause)[] = []
  let wake = (): void => {}
  let reportedAtMs = Number.NEGATIVE_INFINITY
  const report = (fact: Progress | Pause): void => {
    if ('done' in fact) {
      const nowMs = clock.monotonicMs()
      if (nowMs - reportedAtMs < INTERVAL_MS) return
      reportedAtMs = nowMs
    }
    waiting.push(fact)
    wake()
  }
  let isDone = false
  const result = work(report).finally(() => {
    isDone = true
    wake()
  })
  // Awaited at the end; until then a rejection must not count as unhandled.
  result.catch(() => {})
  for (;;) {
    const next = waiting.shift()
    if (next !== undefined) yield next
    else if (isDone) return await result
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

/** What counts for the rate: long enough to be calm, short enough to follow a change of load. */
const WINDOW_MS = 10_000

/** How fast a piece of work goes, lately. */
export class RateOfWork {
  readonly #clock: Clock
  #points: { readonly atMs: number; readonly done: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins anew: what was waited for is not work. */
  forget(): void {
    this.#points = []
  }

  /** Rate and remaining time; nothing until there are two points in time. */
  after(done: number, total: number): Pick<Progress, 'rate_per_s' | 'remaining_s'> {
    const atMs = this.#clock.monotonicMs()
    this.#points.push({ atMs, done })
    // The last point before the window stays: it is where the window begins.
    while ((this.#points[1]?.atMs ?? atMs) <= atMs - WINDOW_MS) this.#points.shift()
    const first = this.#points[0]
    const tookMs = atMs - (first?.atMs ?? atMs)
    if (first === undefined || tookMs <= 0 || done <= first.done) return {}
    const perSecond = ((done - first.done) * 1000) / tookMs
    return { rate_per_s: Math.round(perSecond), remaining_s: Math.ceil(Math.max(0, total - done) / perSecond) }
  }
}
