import { Binary, Decimal128, Long, MongoServerError, ObjectId, type Db, type Document } from 'mongodb'
import { equal, refused, type Assumption } from './assumption.ts'

const ON_REPLICA_SETS = ['replica-set'] as const
const ids = async (db: Db, options: Document, filter: Document = {}): Promise<unknown[]> =>
  (
    await db
      .collection('a')
      .find(filter, {
        promoteLongs: false,
        projection: { _id: 1 },
        hint: '_id_',
        sort: { _id: 1 },
        readConcern: { level: 'local' },
        ...options,
      })
      .toArray()
  ).map(({ _id }) => _id)

/** Online migrations: engine.md, sections 4.1 and 4.3. */
export const RANGES: readonly Assumption[] = [
  {
    id: 'ranges-by-index-bounds',
    holds: 'min, max and a hint go over the _ids of all types, with the lower bound and without the upper one',
    check: async (db) => {
      const all = [
        null,
        ...[1, 1.5, Long.fromNumber(5_000_000_000), Decimal128.fromString('6000000000.25')],
        ...['a', 'b', { a: 1 }, { a: 't' }, new Binary(Buffer.from('x')), new ObjectId(), false, true, new Date(0)],
      ]
      await db.command({ insert: 'a', documents: [...all].reverse().map((_id) => ({ _id })) })
      equal((await ids(db, {})).length, all.length)
      equal(await ids(db, {}), await ids(db, { min: { _id: null } }))
      const seen: unknown[] = [null]
      for (const [index, id] of all.slice(1).entries()) {
        const [first, second] = await ids(db, { min: { _id: all[index] }, limit: 2 })
        equal([first, second], [all[index], id])
        seen.push(second)
      }
      equal(seen, all)
      equal(await ids(db, { min: { _id: 'a' }, max: { _id: { a: 't' } } }), ['a', 'b', { a: 1 }])
    },
  },
  {
    id: 'ranges-by-collation',
    holds: 'in a collection with a collation its _id index is ordered by it, and min, max and $in follow',
    check: async (db) => {
      await db.command({ create: 'a', collation: { locale: 'en', strength: 2 } })
      await db.command({ insert: 'a', documents: ['D', 'a', 'c', 'B', 'e'].map((_id) => ({ _id })) })
      equal(await ids(db, { min: { _id: 'B' }, max: { _id: 'e' } }), ['B', 'c', 'D'])
      const updates = [{ q: { _id: { $in: ['a', 'B'] } }, u: [{ $set: { n: 1 } }], multi: true }]
      equal((await db.command({ update: 'a', updates }))['n'], 2)
    },
  },
  {
    id: 'ranges-named-by-their-ends',
    holds:
      'between two _ids of one type, $gt and $lte of an update find what stands between them in the index: numbers of all kinds, and texts by the collation',
    check: async (db) => {
      await db.command({ create: 'a', collation: { locale: 'en', strength: 2 } })
      const spans: readonly (readonly unknown[])[] = [
        [-1, 1, 1.5, Long.fromNumber(5_000_000_000), Decimal128.fromString('6000000000.25'), Infinity],
        ['a', 'B', 'c', 'D'],
        [0, 1, 2].map((n) => ObjectId.createFromTime(n + 1)),
        [0, 1, 2].map((n) => new Date(n)),
        ['x', 'y', 'xx'].map((bytes) => new Binary(Buffer.from(bytes))),
      ]
      const others = [null, NaN, { a: 1 }, false, true]
      const documents = [...others, ...spans.flat()].reverse().map((_id) => ({ _id }))
      await db.command({ insert: 'a', documents })
      for (const [n, span] of spans.entries()) {
        const [after, ...between] = span
        const [second] = await ids(db, { min: { _id: after }, skip: 2, limit: 1 })
        equal(second, span[2])
        const updates = [{ q: { _id: { $gt: after, $lte: span.at(-1) } }, u: [{ $set: { n } }], multi: true }]
        equal((await db.command({ update: 'a', updates }))['n'], between.length)
        equal(await ids(db, {}, { n }), between)
      }
    },
  },
  {
    id: 'ranges-with-their-checkpoint',
    holds:
      'one transaction updates documents with a pipeline past the validator, and the element of an array that its filter found: both or neither',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await db.command({ create: 'a', validator: { $jsonSchema: { properties: { n: { bsonType: 'int' } } } } })
      await db.command({ insert: 'a', documents: [{ _id: 1, n: 1 }] })
      const journal = [{ s: 1 }, { s: 2, checkpoint: { ranges: 0 } }]
      await db.command({ insert: 'runs', documents: [{ _id: 'r', token: 7, journal }] })
      const range = async (token: number): Promise<number> => {
        const session = db.client.startSession({ causalConsistency: false })
        session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } })
        try {
          const updates = [{ q: { _id: { $in: [1] } }, u: [{ $set: { n: { $toString: '$n' } } }], multi: true }]
          await db.command(
            { update: 'a', updates, bypassDocumentValidation: true, comment: 'stage0 test' },
            { session },
          )
          const q = { _id: 'r' as never, token, journal: { $elemMatch: { s: 2, 'checkpoint.ranges': 0 } } }
          const checkpoint = { $set: { 'journal.$.checkpoint': { ranges: 1 } } }
          const { matchedCount } = await db.collection('runs').updateOne(q, checkpoint as never, { session })
          if (matchedCount === 1) await session.commitTransaction()
          else await session.abortTransaction()
          return matchedCount
        } finally {
          await session.endSession()
        }
      }
      equal([await range(6), (await db.collection('a').findOne())?.['n']], [0, 1])
      equal([await range(7), (await db.collection('a').findOne())?.['n']], [1, '1'])
      equal((await db.collection('runs').findOne())?.['journal'], [{ s: 1 }, { s: 2, checkpoint: { ranges: 1 } }])
    },
  },
  {
    id: 'ranges-of-a-dead-run-end',
    holds: 'killSessions ends the transaction of a session that another connection left open, and nothing of it stays',
    only: ON_REPLICA_SETS,
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1, n: 0 }] })
      const session = db.client.startSession()
      try {
        session.startTransaction()
        await db.collection('a').updateOne({ _id: 1 as never }, { $set: { n: 9 } }, { session })
        await db.client.db('admin').command({ killSessions: [{ id: session.id?.id }] })
        // The write of somebody else does not wait for it any more.
        const updates = [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }]
        equal((await db.command({ update: 'a', updates, maxTimeMS: 10_000 }))['nModified'], 1)
        await refused([251, 225], () => session.commitTransaction())
        equal((await db.collection('a').findOne())?.['n'], 1)
      } finally {
        await session.endSession().catch((cause: unknown) => {
          if (!(cause instanceof MongoServerError)) throw cause
        })
      }
    },
  },
]
