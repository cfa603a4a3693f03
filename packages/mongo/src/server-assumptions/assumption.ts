import { deepStrictEqual, fail } from 'node:assert/strict'
import { MongoServerError, type Db, type Document } from 'mongodb'

/** What the server under test is, as far as assumptions depend on it. */
type ServerKind = 'standalone' | 'replica-set' | 'sharded'

/** One thing that Stage0 relies on. The page docs/server-assumptions.md lists the same ids with their sources. */
export interface Assumption {
  readonly id: string
  /** What holds, as a sentence. */
  readonly holds: string
  /** Where it can be checked; everywhere when absent. */
  readonly only?: readonly ServerKind[]
  /** Throws where it does not hold. The database is empty, and dropped afterwards. */
  readonly check: (db: Db) => Promise<void>
}

/** Fails unless the command is refused with one of these codes; returns the refusal. */
export async function refused(
  codes: number | readonly number[],
  work: () => Promise<unknown>,
): Promise<MongoServerError> {
  const expected = typeof codes === 'number' ? [codes] : codes
  try {
    await work()
  } catch (cause) {
    if (!(cause instanceof MongoServerError)) throw cause
    if (expected.includes(Number(cause.code))) return cause
    return fail(`refused with ${String(cause.code)} "${cause.message}" instead of ${expected.join(' or ')}`)
  }
  return fail(`accepted, although a refusal with ${expected.join(' or ')} was expected`)
}

export const equal: (actual: unknown, expected: unknown, message?: string) => void = deepStrictEqual

/** The first write error of a reply, as a plain object. */
export function writeError(reply: Document): Document {
  const [first] = (reply['writeErrors'] ?? []) as readonly Document[]
  return first ?? fail('the reply has no write errors')
}

export const names = async (db: Db): Promise<string[]> =>
  (await db.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name).sort()

/** The listing of one collection with its options. */
export async function listing(db: Db, name: string): Promise<Document> {
  const [entry] = await db.listCollections({ name }).toArray()
  return entry ?? fail(`collection ${name} is not listed`)
}

export const uuidOf = async (db: Db, name: string): Promise<string> =>
  String(((await listing(db, name))['info'] as Document)['uuid'])
