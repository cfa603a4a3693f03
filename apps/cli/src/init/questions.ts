import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'

/** How often somebody may answer with what cannot be taken. */
const TRIES = 3

/** Asks for a text; an empty answer takes the proposal. What cannot be taken is said, and asked for again. */
export async function askText(
  io: Io,
  question: string,
  proposal: string,
  parse: (text: string) => Result<string, Failure>,
): Promise<Result<string, Failure>> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await io.ask(`${question} [${visible(proposal)}] `)
    if (answer === undefined) return err(unanswered(io))
    const parsed = parse(answer.trim() === '' ? proposal : answer.trim())
    if (parsed.ok || left === 1) return parsed
    io.err(`${parsed.error.message}\n`)
  }
}

/** Asks for a yes or a no; yes is the proposal. What is neither is asked again, and then counts as no. */
export async function askYes(io: Io, question: string): Promise<Result<boolean, Failure>> {
  for (let left = TRIES; left > 0; left -= 1) {
    const answer = await io.ask(`${question} [Y/n] `)
    if (answer === undefined) return err(unanswered(io))
    if (/^\s*(y(es)?)?\s*$/i.test(answer)) return ok(true)
    if (/^\s*no?\s*$/i.test(answer)) return ok(false)
  }
  return ok(false)
}

const unanswered = ({ signal }: Io): Failure =>
  signal.aborted
    ? { code: 'CANCELLED', message: 'Cancelled: nothing was written.', exit: EXIT.cancelled }
    : {
        code: 'NOT_CONFIRMED',
        message: 'The questions were not answered: nothing was written.',
        exit: EXIT.refusedAsUnsafe,
      }
