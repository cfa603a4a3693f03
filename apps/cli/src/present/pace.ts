const FIRST_MS = 3000
const LEAST_MS = 10_000
const MOST_MS = 60_000

/**
 * How often a log is told that something still goes on: first after a few seconds, then each ten, and more calmly the longer it
 * takes, yet never so seldom that whoever watches the log takes the job for dead.
 */
export class Pace {
  readonly #sinceMs: number
  #dueMs: number

  constructor(nowMs: number, firstMs = FIRST_MS) {
    this.#sinceMs = nowMs
    this.#dueMs = nowMs + firstMs
  }

  /** How long it has gone on. */
  elapsedMs(nowMs: number): number {
    return nowMs - this.#sinceMs
  }

  /** Whether a line is due now; it counts as told then. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false
    this.#dueMs = nowMs + Math.min(MOST_MS, Math.max(LEAST_MS, this.elapsedMs(nowMs) / 10))
    return true
  }
}
