/** Exit codes of the `stage0` command. 128 + n means killed by signal n. */
export const EXIT = {
  done: 0,
  stepFailed: 1,
  changesPlanned: 2,
  lockHeld: 3,
  repositoryInvalid: 4,
  drift: 5,
  refusedAsUnsafe: 6,
  targetUnusable: 7,
  cancelled: 8,
  leftovers: 9,
  usage: 64,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
