import { MongoServerError, UUID, type Db } from 'mongodb'
import { RUNS } from './names.ts'

/** Not permitted, or a server that has no such command. */
const CANNOT_END: readonly unknown[] = [13, 59, 115]

/**
 * Ends sessions by their ids (hex), and with them the transactions that they left open: what those hold would otherwise be held for up
 * to a minute. Own sessions need no privilege. A server that refuses ends them by itself in time.
 */
export async function endSessions(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  try {
    await db.client.db('admin').command({ killSessions: ids.map((id) => ({ id: new UUID(id) })) })
  } catch (cause) {
    if (!(cause instanceof MongoServerError && CANNOT_END.includes(cause.code))) throw cause
  }
}

/** Sessions of the runs that have no outcome and are older than the claim with this token. */
export async function sessionsOfOpenRuns(db: Db, token: number): Promise<readonly string[]> {
  const query = { kind: 'run', outcome: null, token: { $lt: token }, 'journal.session': { $exists: true } }
  const runs = await db
    .collection(RUNS)
    .find(query, { projection: { 'journal.session': 1 } })
    .toArray()
  return runs.flatMap((run) => {
    const journal = run['journal'] as readonly { readonly session?: { readonly id: string; readonly run_id: string } }[]
    return journal.flatMap(({ session }) => (session?.run_id === String(run._id) ? [session.id] : []))
  })
}
