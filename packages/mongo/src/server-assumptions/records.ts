import { equal, refused, writeError, type Assumption } from './assumption.ts'

const MAJORITY = { w: 'majority', j: true }

/** Own records: engine.md, section 2. */
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
]
