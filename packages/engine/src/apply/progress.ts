import type { Clock } from '../ports.ts'

export interface Progress {
  readonly done: number
  readonly total: number
  readonly unit: string
}

/** At most four progress events a second. */
const INTERVAL_MS = 250

/**
 * Turns the callbacks of a piece of work into a stream: yields what it reports, at most four times a second, and returns its result.
 * What is reported faster than that is replaced by the next report.
 */
export async function* withProgress<T>(
  clock: Clock,
  work: (report: (progress: Progress) => void) => Promise<T>,
): AsyncGenerator<Progress, T> {
  const waiting: Progress[] = []
  let wake = (): void => {}
  let reportedAtMs = Number.NEGATIVE_INFINITY
  const report = (progress: Progress): void => {
    const nowMs = clock.monotonicMs()
    if (nowMs - reportedAtMs < INTERVAL_MS) return
    reportedAtMs = nowMs
    waiting.push(progress)
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
