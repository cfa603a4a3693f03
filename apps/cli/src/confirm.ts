import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from './failure.ts'
import type { Io } from './terminal/io.ts'

/** What somebody is asked to agree to. */
export interface Proposal {
  readonly steps: number
  readonly database: string
  /** `ENVIRONMENT_NAME`; anything but `local` asks for more than a letter. */
  readonly environment: string
  /** Risks of the plan that break or destroy something and that no file accepts. */
  readonly risks: number
}

/** The name of the environment where a single letter is enough. */
const LOCAL = 'local'

/**
 * Asks before a database is changed: a letter for `local`, the name of the database typed out anywhere else.
 *
 * @returns `CONFIRMATION_NEEDED` where there is nobody to ask, `NOT_CONFIRMED` for any other answer.
 */
export async function confirm(
  io: Io,
  { steps, database, environment, risks }: Proposal,
): Promise<Result<void, Failure>> {
  if (!io.interactive) {
    return err({
      code: 'CONFIRMATION_NEEDED',
      message:
        'There is no terminal to ask on, and none of --yes, --plan or AUTO_PROCESS=true was given: nothing was changed.',
      exit: EXIT.refusedAsUnsafe,
    })
  }
  const what = `${steps} step${steps === 1 ? '' : 's'} to database ${database}${risks === 0 ? '' : `, with ${risks} risk${risks === 1 ? '' : 's'} that nobody has accepted yet`}`
  const answer = await (environment === LOCAL
    ? io.ask(`Apply ${what}? [y/N] `)
    : io.ask(`Apply ${what} in environment ${environment}? Type the name of the database to go on: `))
  const agreed = environment === LOCAL ? /^y(es)?$/i.test(answer?.trim() ?? '') : answer?.trim() === database
  if (agreed) return ok(undefined)
  if (io.signal.aborted)
    return err({ code: 'CANCELLED', message: 'Cancelled: nothing was changed.', exit: EXIT.cancelled })
  return err({ code: 'NOT_CONFIRMED', message: 'Not confirmed: nothing was changed.', exit: EXIT.refusedAsUnsafe })
}
