/**
 * How long a run has taken, in milliseconds. One that goes on is measured by the reader's clock, which may be behind that of
 * the service: then by the newest event that is known, so that the time never runs backwards below zero.
 *
 * @param now The reader's time, in milliseconds.
 * @param lastEventAt When the newest known event happened, ISO 8601.
 */
export function elapsedMs(
  run: { readonly started_at: string; readonly duration_ms?: number; readonly finished_at?: string },
  now: number,
  lastEventAt?: string,
): number {
  if (run.duration_ms !== undefined) return run.duration_ms
  const started = Date.parse(run.started_at)
  const ended = run.finished_at === undefined ? Number.NaN : Date.parse(run.finished_at)
  if (Number.isFinite(ended - started)) return Math.max(0, ended - started)
  const known = lastEventAt === undefined ? Number.NaN : Date.parse(lastEventAt)
  const until = Number.isFinite(known) ? Math.max(now, known) : now
  return Number.isFinite(started) ? Math.max(0, until - started) : 0
}
