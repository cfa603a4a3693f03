import type { LockFate, LockHolder, LockPort, TargetError } from '../ports.ts'
import type { LossReason } from './lock-keeper.ts'

export interface LossInput {
  readonly lock: Pick<LockPort, 'fate'>
  readonly token: number
  readonly reason: LossReason
  /** How far the run got, as the end of a sentence: "2 of 14 steps are done". */
  readonly state: string
}

const GOES_ON = 'The next `stage0 apply` finds out by looking what was done, and goes on from there.'

/**
 * What became of a lock that a run has lost: LOCK_LOST, with whoever has it or took it away, where the database tells;
 * TARGET_UNREACHABLE where it did not answer until the lease ended, so that nobody knows.
 */
export async function explainLoss({ lock, token, reason, state }: LossInput): Promise<TargetError> {
  if (reason === 'unanswered') return unanswered(state)
  const fate = await lock.fate(token)
  if (!fate.ok) return fate.error.kind === 'unreachable' ? unanswered(state) : lost(reason, undefined, state)
  return lost(reason, fate.value, state)
}

const unanswered = (state: string): TargetError => ({
  code: 'TARGET_UNREACHABLE',
  kind: 'unreachable',
  message: `The database did not answer until the lease of the lock ended, so the run stopped: ${state}.`,
  hint: `Check that the server runs and can be reached. ${GOES_ON}`,
})

function lost(reason: LossReason, fate: LockFate | undefined, state: string): TargetError {
  const [why, hint] = whyLost(reason, fate)
  return { code: 'LOCK_LOST', kind: 'lost-lock', message: `${why}, so this run stopped at once: ${state}.`, hint }
}

function whyLost(reason: LossReason, fate: LockFate | undefined): readonly [why: string, hint: string] {
  switch (fate?.state) {
    case 'taken':
      return [
        `${nameOf(fate.by)} has taken the lock over at ${fate.since}`,
        `It finishes what this run began: \`stage0 history ${fate.by.runId}\` shows it.`,
      ]
    case 'freed':
      return [`${fate.by.user}@${fate.by.host} took the lock away with \`stage0 unlock\` at ${fate.at}`, GOES_ON]
    case 'absent':
      return ['The record of the lock is gone, as when the database was dropped', GOES_ON]
    case 'unchanged':
    case undefined:
      return reason === 'lapsed'
        ? ['The lease of the lock ended before it was extended, as when a process is suspended', GOES_ON]
        : ['The lock is not held by this run any more', GOES_ON]
  }
}

const nameOf = ({ runId, user, host, pid }: LockHolder): string => `Run ${runId} of ${user}@${host} (process ${pid})`
