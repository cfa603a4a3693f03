import type { Clock } from '../ports.ts'

/** A clock that stands until a test moves it. Development only. */
export class FakeClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1)
  #sleepers: { readonly untilMs: number; readonly wake: () => void }[] = []

  now(): Date {
    return new Date(this.#nowMs)
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      this.#sleepers.push({ untilMs: this.#nowMs + ms, wake })
      signal?.addEventListener('abort', wake)
    })
  }

  /** Moves time as for a process that is suspended: nobody who waits is woken. */
  suspend(ms: number): void {
    this.#nowMs += ms
  }

  /** Moves time and lets those go on who wait for it, until nothing moves any more. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms
    const due = this.#sleepers.filter((one) => one.untilMs <= this.#nowMs)
    this.#sleepers = this.#sleepers.filter((one) => one.untilMs > this.#nowMs)
    for (const one of due) one.wake()
    await settle()
  }
}

/** Lets chains of settled promises run. The fakes have no timers, so a few turns are enough. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}
