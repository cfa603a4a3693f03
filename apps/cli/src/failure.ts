import { errorEntry, type ExitCode, type Problem, type Severity } from '@stage0/types'
import { countProblems, renderProblems } from './present/problems.ts'
import type { Io } from './terminal/io.ts'

/** Why a verb ends without its result, with the exit code that says so to scripts. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly exit: ExitCode
  /** `error` without it. */
  readonly severity?: Severity
}

/**
 * Tells a failure: a sentence for people on standard error, or with `--json` one object on standard output.
 *
 * @param more What JSON says besides.
 */
export function tellFailure(
  io: Io,
  { code, message, hint, exit, severity = 'error' }: Failure,
  json?: boolean,
  more: object = {},
): ExitCode {
  const problem: Problem = { code, severity, text: message, ...withHint(hint ?? errorEntry(code)?.fix) }
  return tellProblems(io, [problem], exit, json, more)
}

/**
 * Tells why a verb cannot go on, as `tellFailure` does: all reasons at once.
 *
 * @param more What JSON says besides.
 */
export function tellProblems(
  io: Io,
  problems: readonly Problem[],
  exit: ExitCode,
  json?: boolean,
  more: object = {},
): ExitCode {
  if (json === true) io.out(`${JSON.stringify({ ok: false, exit_code: exit, ...more, problems }, undefined, 2)}\n`)
  else {
    io.err(renderProblems(problems, io.errColors))
    if (problems.length > 1) io.err(`${countProblems(problems)}\n`)
  }
  return exit
}

const withHint = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint })
