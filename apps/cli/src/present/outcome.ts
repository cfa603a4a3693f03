import { EXIT, type ExitCode, type Problem, type RunError, type RunStatus } from '@stage0/types'

/**
 * Failures that scripts must be able to tell apart, the one that counts first. Any other error of a plan or of a
 * target means that nothing was changed because it would not be safe; any other error of a run is a failed step.
 */
const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  COLLECTION_UNKNOWN: EXIT.usage,
  OUTCOME_STEP_UNKNOWN: EXIT.usage,
  CONNECTION_STRING_INVALID: EXIT.usage,
  DATABASE_NAME_INVALID: EXIT.usage,
  RUN_UNKNOWN: EXIT.usage,
  TARGET_UNREACHABLE: EXIT.targetUnusable,
  TARGET_CONNECTION_LOST: EXIT.targetUnusable,
  TARGET_TLS_FAILED: EXIT.targetUnusable,
  TARGET_AUTHENTICATION_FAILED: EXIT.targetUnusable,
  TARGET_NOT_PERMITTED: EXIT.targetUnusable,
  LOCK_HELD: EXIT.lockHeld,
  LOCK_LOST: EXIT.lockHeld,
  LOCK_OF_ANOTHER_RUN: EXIT.lockHeld,
  STATE_DRIFTED: EXIT.drift,
  ENUMERATORS_DRIFT: EXIT.drift,
  CANCELLED: EXIT.cancelled,
  TARGET_STOPPED: EXIT.cancelled,
  PLAN_STALE: EXIT.refusedAsUnsafe,
  MIGRATION_STILL_RUNS: EXIT.refusedAsUnsafe,
}

/** The exit code for a plan that must not be applied. */
export function exitForRefused(problems: readonly Problem[]): ExitCode {
  const codes = new Set(problems.filter(({ severity }) => severity === 'error').map(({ code }) => code))
  const worst = Object.keys(EXIT_OF_CODE).find((code) => codes.has(code))
  return (worst === undefined ? undefined : EXIT_OF_CODE[worst]) ?? EXIT.refusedAsUnsafe
}

/** The exit code for a target that did not do what was asked, outside of a run. */
export const exitForTarget = ({ code }: RunError): ExitCode => EXIT_OF_CODE[code] ?? EXIT.refusedAsUnsafe

/** The exit code for a run that came to its end. */
export function exitForRun(status: RunStatus, error: RunError | undefined): ExitCode {
  switch (status) {
    case 'succeeded':
      return EXIT.done
    case 'succeeded_with_leftovers':
      return EXIT.leftovers
    case 'cancelled':
      return EXIT.cancelled
    case 'failed':
      return (error === undefined ? undefined : EXIT_OF_CODE[error.code]) ?? EXIT.stepFailed
  }
}
