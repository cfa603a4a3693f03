import type { Clock } from '../ports.ts'

/** Milliseconds since a time of the monotonic clock, whole: as exact as the times of the record. */
export const wholeMsSince = (clock: Pick<Clock, 'monotonicMs'>, startedAtMs: number): number =>
  Math.round(clock.monotonicMs() - startedAtMs)
