import type { Document } from 'mongodb'
import { equal, names, refused, writeError, type Assumption } from './assumption.ts'

const MAJORITY = { w: 'majority', j: true }

/** Own records, and the database as a whole: engine.md, section 2. */
export const RECORDS: readonly Assumption[] = [
  {
    id: 'record-majority',
    holds: 'writes with {w: majority, j: true} and reads with majority are accepted, and the read sees the write',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }], writeConcern: MAJORITY })
      const { cursor } = await db.command({ find: 'a', filter: {}, readConcern: { level: 'majority' } })
      equal(cursor.firstBatch, [{ _id: 1 }])
    },
  },
  {
    id: 'record-upsert',
    holds: 'an upsert takes the equalities of its filter, $set and $currentDate; repeated it changes the one document',
    check: async (db) => {
      const u = { $set: { current_version: 'user.1.0.0.1' }, $currentDate: { applied_at: true } }
      const updates = [{ q: { collection_name: 'user' }, u, upsert: true }]
      equal((await db.command({ update: 'a', updates }))['upserted'].length, 1)
      equal((await db.command({ update: 'a', updates }))['n'], 1)
      const [only, ...others] = await db.collection('a').find({}).toArray()
      equal([only?.['collection_name'], only?.['applied_at'] instanceof Date, others], ['user', true, []])
    },
  },
  {
    id: 'record-set-on-insert',
    holds: '$setOnInsert counts for the document that an upsert makes, and not afterwards',
    check: async (db) => {
      for (const n of [1, 2]) {
        await db.command({ update: 'a', updates: [{ q: { _id: 'x' }, u: { $setOnInsert: { n } }, upsert: true }] })
      }
      equal(await db.collection('a').find({}).toArray(), [{ _id: 'x', n: 1 }])
    },
  },
  {
    id: 'record-operators-in-values',
    holds:
      'a stored value may hold keys that begin with $ or contain a dot: index definitions are recorded as they are',
    check: async (db) => {
      const options = { partialFilterExpression: { 'a.b': { $gt: 1 } } }
      await db.command({ update: 'a', updates: [{ q: { _id: 1 }, u: { $setOnInsert: { options } }, upsert: true }] })
      equal(await db.collection('a').find({}).toArray(), [{ _id: 1, options }])
    },
  },
  {
    id: 'record-fenced-push',
    holds: '$push on a filter with the token matches nothing once the token has changed',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1, token: 2, journal: [] }] })
      const push = (token: number) =>
        db.command({ update: 'a', updates: [{ q: { _id: 1, token }, u: { $push: { journal: 1 } } }] })
      equal([(await push(1))['n'], (await push(2))['n']], [0, 1])
    },
  },
  {
    id: 'record-unique-from-the-start',
    holds:
      'createIndexes makes an absent collection with a unique index; a second document is refused with 11000, keyPattern and keyValue',
    check: async (db) => {
      const indexes = [{ key: { collection_name: 1 }, name: 'u', unique: true }]
      await db.command({ createIndexes: 'a', indexes })
      const documents = [{ collection_name: 'user' }, { collection_name: 'user' }]
      const error = writeError(await db.command({ insert: 'a', documents }))
      equal([error['code'], error['index']], [11000, 1])
      equal([error['keyPattern'], error['keyValue']], [{ collection_name: 1 }, { collection_name: 'user' }])
    },
  },
  {
    id: 'record-duplicates-found',
    holds: 'a unique index over duplicates is refused with 11000 and the value, and does not stay',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ n: 1 }, { n: 1 }] })
      const indexes = [{ key: { n: 1 }, name: 'u', unique: true }]
      const error = await refused(11000, () => db.command({ createIndexes: 'a', indexes }))
      equal((error as { keyValue?: unknown }).keyValue, { n: 1 })
      equal((await db.collection('a').listIndexes().toArray()).length, 1)
    },
  },
  {
    id: 'record-unique-where-present',
    holds:
      'a unique index over {$exists: true} leaves documents without the field alone, and refuses a second value with 11000, in an upsert too',
    check: async (db) => {
      const partialFilterExpression = { key: { $exists: true } }
      await db.command({
        createIndexes: 'a',
        indexes: [{ key: { key: 1 }, name: 'u', unique: true, partialFilterExpression }],
      })
      const upsert = (_id: string, fields: Document) =>
        db.command({ update: 'a', updates: [{ q: { _id }, u: { $setOnInsert: fields }, upsert: true }] })
      for (const id of ['w', 'x']) equal((await upsert(id, { n: 1 }))['upserted'].length, 1)
      equal((await upsert('y', { key: 'k' }))['upserted'].length, 1)
      equal(writeError(await upsert('z', { key: 'k' }))['code'], 11000)
    },
  },
  {
    id: 'record-parts-by-range',
    holds:
      'strings compare byte by byte: a range of _id finds the numbered parts of one run in their order, and no others',
    check: async (db) => {
      const ids = ['r1', 'r1/events/000010', 'r1/events/000002', 'r1/plan/000001', 'r10/events/000001']
      await db.command({ insert: 'a', documents: ids.map((_id) => ({ _id })) })
      const filter = { _id: { $gt: 'r1/events/', $lt: 'r1/events0' } }
      const { cursor } = await db.command({ find: 'a', filter, sort: { _id: 1 }, batchSize: 2 })
      equal(cursor.firstBatch, [{ _id: 'r1/events/000002' }, { _id: 'r1/events/000010' }])
    },
  },
  {
    id: 'record-update-makes-nothing',
    holds: 'an update without upsert on an absent collection matches nothing and makes nothing',
    check: async (db) => {
      const reply = await db.command({ update: 'a', updates: [{ q: { _id: 1 }, u: { $set: { n: 1 } } }] })
      equal([reply['n'], await names(db)], [0, []])
    },
  },
  {
    id: 'database-bounded-count',
    holds: '$limit before $group counts up to a limit, and an absent collection gives no group and is not made',
    check: async (db) => {
      const pipeline = [{ $match: {} }, { $limit: 2 }, { $group: { _id: 1, n: { $sum: 1 } } }]
      equal(await db.collection('a').aggregate(pipeline).toArray(), [])
      equal(await names(db), [])
      await db.command({ insert: 'a', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] })
      equal(await db.collection('a').aggregate(pipeline).toArray(), [{ _id: 1, n: 2 }])
    },
  },
  {
    id: 'database-drop',
    holds: 'dropDatabase with {w: majority} takes all collections, and an absent database is a success',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ _id: 1 }] })
      for (const _time of [1, 2]) await db.command({ dropDatabase: 1, writeConcern: MAJORITY })
      equal(await names(db), [])
    },
  },
]
