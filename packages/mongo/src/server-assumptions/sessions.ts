import { Long, type Db, type Document } from 'mongodb'
import { equal, refused, writeError, type Assumption } from './assumption.ts'

const ON_REPLICA_SETS = ['replica-set'] as const

/**
 * Sends a write with a transaction number of our own, as often as asked. The session stays open until its client is closed:
 * another user of it would go on with lower numbers, which the server refuses.
 */
async function numbered(db: Db, command: Document, times: number): Promise<readonly Document[]> {
  const session = db.client.startSession()
  const replies: Document[] = []
  for (let sent = 0; sent < times; sent += 1) {
    replies.push(await db.command({ ...command, txnNumber: Long.fromNumber(Date.parse('2100-01-01')) }, { session }))
  }
  return replies
}

/** Sessions: engine.md, section 7. */
export const SESSIONS: readonly Assumption[] = [
  {
    id: 'session-write-once',
    holds: 'a write of one document that is sent again with its transaction number is not carried out again',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1, n: 0 }] })
      const update = { $inc: { n: 1 } }
      const [first, second] = await numbered(db, { update: 'a', updates: [{ q: { _id: 1 }, u: update }] }, 2)
      equal([first?.['nModified'], second?.['nModified']], [1, 1])
      const [, again] = await numbered(db, { findAndModify: 'a', query: { _id: 1 }, update, new: true }, 2)
      equal(again?.['value'], { _id: 1, n: 2 })
      equal(await db.collection('a').find({}).toArray(), [{ _id: 1 as never, n: 2 }])
    },
  },
  {
    id: 'session-many-not-retryable',
    holds:
      'an update of many documents with a transaction number is refused with 72: it must be safe to repeat by itself',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1, n: 0 }] })
      const update = { update: 'a', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] }
      // One server tells it of the statement, another one of the command.
      const code = await numbered(db, update, 1).then(
        ([reply]) => writeError(reply ?? {})['code'] as unknown,
        (cause: { readonly code?: unknown }) => cause.code,
      )
      equal(code, 72)
      equal(await db.collection('a').find({}).toArray(), [{ _id: 1 as never, n: 0 }])
    },
  },
  {
    id: 'no-retryable-writes-on-standalone',
    holds: 'a standalone refuses a transaction number with 20, so that nobody relies on a repeated write there',
    only: ['standalone'],
    check: async (db) => {
      const insert = { insert: 'a', documents: [{ _id: 1 }], txnNumber: Long.ONE }
      await refused(20, () => db.command(insert))
      equal(await db.collection('a').countDocuments(), 0)
    },
  },
]
