import type { Db, Document } from 'mongodb'
import { equal, listing, refused, uuidOf, type Assumption } from './assumption.ts'

const run = (db: Db, ...pipeline: Document[]): Promise<Document> =>
  db.command({ aggregate: 'a', pipeline, cursor: {}, comment: 'stage0 test', allowDiskUse: true })
const all = (db: Db, name = 'a'): Promise<Document[]> => db.collection(name).find({}).sort({ _id: 1 }).toArray()

/** Migrations: mongodb-facts.md, sections 7 and 8. */
export const PIPELINES: readonly Assumption[] = [
  {
    id: 'out-keeps-indexes-and-validator',
    holds: '$out onto its own collection keeps its indexes with their options, and its validator',
    check: async (db) => {
      const validator = { $jsonSchema: { bsonType: 'object' } }
      await db.command({ create: 'a', validator, validationLevel: 'moderate', validationAction: 'warn' })
      await db.command({ createIndexes: 'a', indexes: [{ key: { n: 1 }, name: 'u', unique: true, sparse: true }] })
      await db.command({ insert: 'a', documents: [{ _id: 1, n: 1 }] })
      await run(db, { $set: { done: true } }, { $out: 'a' })
      equal(await all(db), [{ _id: 1, n: 1, done: true }])
      const options = { validator, validationLevel: 'moderate', validationAction: 'warn' }
      equal((await listing(db, 'a'))['options'], options)
      const index = (await db.collection('a').listIndexes().toArray()).find((entry) => entry['name'] === 'u')
      equal([index?.['unique'], index?.['sparse']], [true, true])
    },
  },
  {
    id: 'out-changes-uuid',
    holds: '$out gives its target another UUID, which is how a finished one is told from one that never ran',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }] })
      const before = await uuidOf(db, 'a')
      await run(db, { $match: {} }, { $out: 'a' })
      equal((await uuidOf(db, 'a')) === before, false)
    },
  },
  {
    id: 'out-fails-whole',
    holds: 'an $out that fails in the middle leaves the old collection as it was',
    check: async (db) => {
      await db.command({
        insert: 'a',
        documents: [
          { _id: 1, n: 1 },
          { _id: 2, n: 0 },
        ],
      })
      const before = await uuidOf(db, 'a')
      await refused([2, 16608, 4848401], () => run(db, { $set: { q: { $divide: [1, '$n'] } } }, { $out: 'a' }))
      equal(
        [await all(db), await uuidOf(db, 'a')],
        [
          [
            { _id: 1, n: 1 },
            { _id: 2, n: 0 },
          ],
          before,
        ],
      )
    },
  },
  {
    id: 'merge-keeps-fields',
    holds: '$merge by default keeps fields that the pipeline removed, and replace does not',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1, a: 1, b: 1 }] })
      await run(db, { $unset: 'a' }, { $merge: 'a' })
      equal(await all(db), [{ _id: 1, a: 1, b: 1 }])
      await run(db, { $unset: 'a' }, { $merge: { into: 'a', on: '_id', whenMatched: 'replace' } })
      equal(await all(db), [{ _id: 1, b: 1 }])
    },
  },
  {
    id: 'update-with-pipeline',
    holds: 'an update with a pipeline over all documents tells how many it changed',
    check: async (db) => {
      await db.command({
        insert: 'a',
        documents: [
          { _id: 1, a: 1 },
          { _id: 2, a: 2, b: 2 },
        ],
      })
      const updates = [{ q: {}, u: [{ $set: { b: '$a' } }], multi: true }]
      const reply = await db.command({ update: 'a', updates, comment: 'stage0 test' })
      equal([reply['n'], reply['nModified']], [2, 1])
    },
  },
  {
    id: 'update-refused-stage',
    holds: 'an update with a stage that updates do not allow is refused',
    check: async (db) => {
      const updates = [{ q: {}, u: [{ $group: { _id: null } }], multi: true }]
      const reply = db.command({ update: 'a', updates }).then((answer) => {
        const [first] = (answer['writeErrors'] ?? []) as readonly Document[]
        return first?.['code'] as unknown
      })
      const code = await reply.catch((cause: { code?: unknown }) => cause.code)
      equal([2, 9, 72, 168, 40324].includes(Number(code)), true, `code ${String(code)}`)
    },
  },
  {
    id: 'unknown-stage',
    holds: 'an unknown stage is refused with 40324 before anything is written',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }] })
      await refused(40324, () => run(db, { $nosuch: {} }, { $out: 'a' }))
    },
  },
  {
    id: 'ranges-are-type-bracketed',
    holds: 'a range operator sees values of its own type only, so that ranges over _id must not be made with $gt',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }, { _id: 'x' }, { _id: true }] })
      equal(
        await db
          .collection('a')
          .find({ _id: { $gt: 0 as never } })
          .toArray(),
        [{ _id: 1 as never }],
      )
    },
  },
  {
    id: 'equality-finds-collisions',
    holds: '$eq null finds missing fields, and $eq finds an element of an array',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: [5, 6] }] })
      const ids = async (a: unknown): Promise<unknown[]> =>
        (
          await db
            .collection('a')
            .find({ $and: [{ $or: [{ a: { $eq: a } }] }] })
            .sort({ _id: 1 })
            .toArray()
        ).map(({ _id }) => _id)
      equal([await ids(null), await ids(5)], [[1, 2], [3]])
    },
  },
  {
    id: 'operations-are-found-by-comment',
    holds: '$currentOp shows own operations without a privilege, or the server says with a known code that it cannot',
    check: async (db) => {
      const pipeline = [{ $currentOp: { allUsers: false } }, { $match: { 'command.comment': 'nobody' } }]
      const found = await db.client
        .db('admin')
        .aggregate(pipeline)
        .toArray()
        .catch((cause: { code?: unknown }) => cause.code)
      equal(
        Array.isArray(found) ? found : [13, 20, 59, 115, 238, 303, 304, 40324].includes(Number(found)),
        Array.isArray(found) ? [] : true,
      )
    },
  },
  {
    id: 'no-transactions-on-standalone',
    holds: 'a standalone refuses a transaction with 20',
    only: ['standalone'],
    check: async (db) => {
      await db.createCollection('a')
      const session = db.client.startSession()
      try {
        session.startTransaction()
        await refused(20, () => db.command({ insert: 'a', documents: [{ n: 1 }] }, { session }))
        equal(await all(db), [])
      } finally {
        await session.abortTransaction().catch(() => undefined)
        await session.endSession()
      }
    },
  },
]
