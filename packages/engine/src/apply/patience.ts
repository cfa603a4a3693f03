import { err, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { cutOffBy, type LockKeeper } from './lock-keeper.ts'

/** Attempts at one thing, where the database answers in between and yet it fails each time. */
export const ATTEMPTS = 8

/**
 * Does something, and once more when the database answers again, as long as nothing fails but the way to the database.
 *
 * @param work May be done twice: its first answer may have got lost.
 * @param signal Ends the waiting.
 */
export async function withPatience<T>(
  keeper: Pick<LockKeeper, 'answering'>,
  signal: AbortSignal,
  work: () => Promise<Result<T, TargetError>>,
): Promise<Result<T, TargetError>> {
  for (let attempt = 1; ; attempt += 1) {
    const done = await work()
    if (done.ok || done.error.kind !== 'unreachable' || attempt >= ATTEMPTS) return done
    if (!(await keeper.answering(signal))) return done
  }
}

/**
 * What is asked of a server that stands still is never answered: the waiting ends when the lease does. What comes later has no effect:
 * whoever goes on with it finds the lock lost.
 */
export async function untilLeaseEnds<T>(
  keeper: Pick<LockKeeper, 'lost' | 'lossReason'>,
  work: Promise<Result<T, TargetError>>,
): Promise<Result<T, TargetError>> {
  let tell = (): void => {}
  const unanswered = new Promise<Result<never, TargetError>>((resolve) => {
    tell = () => {
      if (keeper.lossReason === 'unanswered') resolve(err(cutOffBy(keeper)))
    }
  })
  keeper.lost.addEventListener('abort', tell)
  if (keeper.lost.aborted) tell()
  try {
    return await Promise.race([work, unanswered])
  } finally {
    keeper.lost.removeEventListener('abort', tell)
  }
}
