import type { Clock } from '@stage0/engine'

/**
 * What `work` gives, or `late` when it takes longer: for answers that must not wait for a database that is slow. The work itself goes on,
 * and a failure of it after that is nobody's business.
 */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>, late: T): Promise<T> {
  const timer = new AbortController()
  try {
    return await Promise.race([work, clock.sleep(ms, timer.signal).then(() => late)])
  } finally {
    timer.abort()
    work.catch(() => undefined)
  }
}
