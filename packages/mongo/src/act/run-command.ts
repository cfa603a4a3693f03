import type { ClientSession, Db, Document } from 'mongodb'
import { MongoServerError } from 'mongodb'

/** Durable on a majority: what a command that changes something waits for. */
export const MAJORITY = { w: 'majority', j: true } as const

/**
 * Runs a command on the primary, and also takes a reply with `writeErrors` or `writeConcernError` for a failure, which the
 * driver leaves to the caller of a plain command.
 *
 * @throws what the driver throws; `MongoServerError` for the first write error or the write concern error.
 */
export async function runCommand(
  db: Db,
  command: Document,
  options: { signal?: AbortSignal; session?: ClientSession } = {},
): Promise<Document> {
  const reply = await db.command(command, { ...options, readPreference: 'primary' })
  const failure = (reply['writeErrors'] as readonly Document[] | undefined)?.[0] ?? reply['writeConcernError']
  if (failure !== undefined) throw new MongoServerError(failure as Document)
  return reply
}
