import { constants } from 'node:os'
import type { Io, LeftBehind } from './io.ts'

/** As a shell shows the end of a process by a signal. */
const BY_SIGNAL = 128

/** Tells on standard error what a killed run leaves, and with `--json` on standard output too, where its result would stand. */
export function tellLeftBehind(
  { out, err }: Pick<Io, 'out' | 'err'>,
  { runId, message, hint }: LeftBehind,
  signal: NodeJS.Signals,
  json: boolean,
): void {
  err(`\n${message}; ${hint}\n`)
  if (!json) return
  const problems = [{ code: 'KILLED', severity: 'error', text: `${message}.`, hint }]
  const exit = BY_SIGNAL + constants.signals[signal]
  out(`${JSON.stringify({ ok: false, exit_code: exit, run_id: runId, problems }, undefined, 2)}\n`)
}
