import { equal as same } from 'node:assert/strict'
import type { ClientSession, Db, MongoServerError } from 'mongodb'
import { equal, refused, type Assumption } from './assumption.ts'

const ON_REPLICA_SETS = ['replica-set'] as const
const TRANSIENT = 'TransientTransactionError'

/** Gives `work` open transactions of sessions of their own; what they leave open is aborted. */
async function inTransactions(db: Db, work: (one: ClientSession, two: ClientSession) => Promise<void>): Promise<void> {
  const [one, two] = [db.client.startSession(), db.client.startSession()]
  try {
    one.startTransaction()
    two.startTransaction()
    await work(one, two)
  } finally {
    for (const session of [one, two]) {
      if (session.inTransaction()) await session.abortTransaction()
      await session.endSession()
    }
  }
}

const transient = (refusal: MongoServerError): void =>
  same(refusal.hasErrorLabel(TRANSIENT), true, 'the label is missing')
const numbers = async (db: Db, session?: ClientSession): Promise<number[]> =>
  (
    await db
      .collection('a')
      .find({}, session === undefined ? {} : { session })
      .sort({ _id: 1 })
      .toArray()
  ).map((each) => Number(each['n']))
const add = (db: Db, session: ClientSession, id = 1): Promise<unknown> =>
  db.collection<{ _id: number }>('a').updateOne({ _id: id }, { $inc: { n: 1 } }, { session })
const put = (db: Db): Promise<unknown> =>
  db.command({
    insert: 'a',
    documents: [
      { _id: 1, n: 0 },
      { _id: 2, n: 0 },
    ],
  })

/** Transactions: engine.md, section 7. */
export const TRANSACTIONS: readonly Assumption[] = [
  {
    id: 'transaction-whole',
    holds:
      'a transaction reads one snapshot and its own writes; others see these whole after the commit, and not before',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      await inTransactions(db, async (one, two) => {
        equal(await numbers(db, two), [0, 0])
        await add(db, one)
        await add(db, one, 2)
        equal(
          [await numbers(db, one), await numbers(db)],
          [
            [1, 1],
            [0, 0],
          ],
        )
        await one.commitTransaction()
        equal(
          [await numbers(db), await numbers(db, two)],
          [
            [1, 1],
            [0, 0],
          ],
        )
      })
    },
  },
  {
    id: 'transaction-write-conflict',
    holds:
      'a transaction that meets the write of an open one, or one committed after its snapshot, ends with 112 and the label',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      await inTransactions(db, async (one, two) => {
        await add(db, one)
        transient(await refused(112, () => add(db, two)))
        transient(await refused(251, () => numbers(db, two)))
        await one.commitTransaction()
      })
      await inTransactions(db, async (one) => {
        await numbers(db, one)
        await db.command({ update: 'a', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] })
        transient(await refused(112, () => add(db, one)))
      })
      equal(await numbers(db), [2, 0])
    },
  },
  {
    id: 'transaction-plain-write-waits',
    holds:
      'a write outside of transactions waits for one that has written the document: until its maxTimeMS, or until the end',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      await inTransactions(db, async (one) => {
        await add(db, one)
        const write = { update: 'a', updates: [{ q: { _id: 1 }, u: { $inc: { n: 10 } } }] }
        await refused(50, () => db.command({ ...write, maxTimeMS: 100 }))
        const waiting = db.command(write)
        await one.commitTransaction()
        same((await waiting)['nModified'], 1)
      })
      equal(await numbers(db), [11, 0])
    },
  },
  {
    id: 'transaction-commit-repeated',
    holds: 'a commit may be repeated without an error and without effect; after an abort it is refused with 251',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      await inTransactions(db, async (one) => {
        await add(db, one)
        await one.commitTransaction()
        await one.commitTransaction()
      })
      equal(await numbers(db), [1, 0])
    },
  },
  {
    id: 'transaction-failure-ends-it',
    holds: 'a duplicate key in a transaction is told as 11000, and nothing of the transaction stays',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      await inTransactions(db, async (one) => {
        await add(db, one)
        await refused(11000, () => db.collection<{ _id: number }>('a').insertOne({ _id: 2 }, { session: one }))
        await refused(251, () => one.commitTransaction())
      })
      equal(await numbers(db), [0, 0])
    },
  },
  {
    id: 'transaction-no-ddl',
    holds: 'collMod, drop, dropIndexes, $out and $merge are refused with 263 in a transaction',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await put(db)
      const commands = [
        { collMod: 'a', validator: {} },
        { drop: 'a' },
        { dropIndexes: 'a', index: '*' },
        { aggregate: 'a', pipeline: [{ $out: 'b' }], cursor: {} },
        { aggregate: 'a', pipeline: [{ $merge: 'b' }], cursor: {} },
      ]
      for (const command of commands) {
        await inTransactions(db, async (one) => void (await refused(263, () => db.command(command, { session: one }))))
      }
      equal(await numbers(db), [0, 0])
    },
  },
]
