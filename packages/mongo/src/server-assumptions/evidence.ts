import { doc, isDoc, readExtendedJson, violations, type Doc } from '@stage0/bson-schema'
import { duplicateStages, readIndexKeys } from '@stage0/core'
import { EJSON } from 'bson'
import { Long, type Db, type Document } from 'mongodb'
import { toDriverDocument } from '../driver-values.ts'
import { equal, refused, writeError, type Assumption } from './assumption.ts'
import { EXPLANATIONS } from './explanations.ts'

const SCHEMA = { bsonType: 'object', required: ['n'], properties: { n: { bsonType: 'int' } } }
const FAILING = { $nor: [{ $jsonSchema: SCHEMA }] }
const insert = (db: Db, ...documents: Document[]): Promise<Document> => db.command({ insert: 'a', documents })
const idsOf = async (db: Db, ...pipeline: Document[]): Promise<unknown[]> =>
  (await db.collection('a').aggregate(pipeline).toArray()).map(({ _id }) => _id as unknown).sort()

/** What a server's errInfo says, taken apart as ours is. */
function toldBy(errInfo: unknown): unknown {
  const read = readExtendedJson(EJSON.stringify(errInfo, { relaxed: false }))
  const details: Doc | undefined = read.ok && isDoc(read.value) ? read.value : undefined
  return violations(details).map(({ path, rule }) => [path.join('.'), rule])
}

/** Evidence, and the documents that a migration leaves: mongodb-facts.md, sections 1, 3 and 4. */
export const EVIDENCE: readonly Assumption[] = [
  {
    id: 'evidence-failing-documents',
    holds: '$nor over $jsonSchema finds exactly the documents that a validator would refuse, by type as it is stored',
    check: async (db) => {
      const wrong = [{}, { n: null }, { n: '1' }, { n: 1.5 }, { n: Long.fromNumber(1) }, { n: [1] }]
      await insert(db, { _id: -1, n: 1 }, ...wrong.map((one, _id) => ({ _id, ...one })))
      equal(await idsOf(db, { $match: FAILING }), [0, 1, 2, 3, 4, 5])
      equal(await db.collection('a').countDocuments(FAILING), 6)
      equal(await db.collection('a').countDocuments({ $jsonSchema: SCHEMA }), 1)
    },
  },
  {
    id: 'evidence-of-pending-stages',
    holds:
      'after stages that change documents, $jsonSchema in a $match is asked of them as they are then, and nothing is written',
    check: async (db) => {
      await insert(db, { _id: 1, old: 5 }, { _id: 2, old: 'x' }, { _id: 3, old: 7 })
      equal(await idsOf(db, { $limit: 3 }, { $set: { n: '$old' } }, { $unset: 'old' }, { $match: FAILING }), [2])
      equal(await db.collection('a').countDocuments({ n: { $exists: true } }), 0)
    },
  },
  {
    id: 'evidence-unknown-keyword',
    holds: 'a $match with an unknown keyword of $jsonSchema is refused with 9',
    check: async (db) => {
      await insert(db, { _id: 1 })
      await refused(9, () => idsOf(db, { $match: { $nor: [{ $jsonSchema: { nosuch: 1 } }] } }))
    },
  },
  {
    id: 'evidence-out-of-time',
    holds: 'a question that takes longer than its maxTimeMS is ended by the server with 50',
    check: async (db) => {
      await insert(db, ...Array.from({ length: 5_000 }, (_, _id) => ({ _id })))
      const long = {
        $reduce: {
          input: { $range: [0, { $add: [200, { $mod: ['$_id', 7] }] }] },
          initialValue: 0,
          in: { $add: ['$$value', '$$this'] },
        },
      }
      const pipeline = [{ $match: { $expr: { $eq: [long, '$_id'] } } }]
      await refused(50, () => db.command({ aggregate: 'a', pipeline, cursor: {}, maxTimeMS: 1 }))
    },
  },
  {
    id: 'evidence-explained',
    holds:
      'errInfo of an insert leads to each broken rule: every keyword of the table in explanations.ts, by path and name, in its order',
    check: async (db) => {
      for (const [index, { schema, document, told }] of EXPLANATIONS.entries()) {
        const name = `c${index}`
        await db.command({ create: name, validator: { $jsonSchema: schema } })
        const error = writeError(await db.command({ insert: name, documents: [document] }))
        const expected = told.map(({ path, rule }) => [path, rule])
        equal([error['code'], toldBy(error['errInfo'])], [121, expected], JSON.stringify([schema, error['errInfo']]))
      }
    },
  },
  {
    id: 'evidence-duplicates',
    holds:
      'grouping by the keys of an index finds what a unique build refuses: missing as null, one key per element, by collation',
    check: async (db) => {
      await insert(
        db,
        { _id: 1 },
        { _id: 2, a: null },
        { _id: 3, a: ['x', 'x', 'y'] },
        { _id: 4, a: 'X' },
        { _id: 5, a: 1 },
      )
      const keys = readIndexKeys({ name: 'u', key: doc({ a: 1 }), options: doc({ unique: true }) })
      const stages = (keys === undefined ? [] : duplicateStages(keys)).map((stage) => toDriverDocument(stage))
      const sums = { $group: { _id: null, keys: { $sum: 1 }, documents: { $sum: '$n' } } }
      const facet = { $facet: { counted: [sums], samples: [{ $sort: { n: -1, _id: 1 } }, { $limit: 1 }] } }
      const collation = { locale: 'en', strength: 2 }
      const [found] = await db
        .collection('a')
        .aggregate([...stages, facet], { collation, allowDiskUse: true })
        .toArray()
      const { _id, ...counted } = (found?.['counted'] as readonly Document[])[0] ?? {}
      equal([_id, counted], [null, { keys: 2, documents: 4 }])
      const build = { createIndexes: 'a', indexes: [{ key: { a: 1 }, name: 'u', unique: true, collation }] }
      await refused(11000, () => db.command(build))
      await db.collection<{ _id: number }>('a').deleteMany({ _id: { $in: [2, 4] } })
      equal((await db.command(build))['numIndexesAfter'], 2)
    },
  },
  {
    id: 'evidence-expired-documents',
    holds:
      'hello tells the clock of the server, and $lte a date finds dates alone, in an array any of them: the entries that an index with a time to live deletes by',
    check: async (db) => {
      const { localTime } = await db.command({ hello: 1 })
      const now = localTime as Date
      const [old, fresh] = [new Date(now.getTime() - 1000), new Date(now.getTime() + 60_000)]
      await insert(
        db,
        { _id: 1, at: old },
        { _id: 2, at: fresh },
        { _id: 3, at: [fresh, old] },
        { _id: 4, at: [fresh] },
      )
      await insert(db, { _id: 5 }, { _id: 6, at: null }, { _id: 7, at: 0 }, { _id: 8, at: [] }, { _id: 9, at: '1970' })
      equal(await idsOf(db, { $match: { at: { $lte: now } } }), [1, 3])
    },
  },
  {
    id: 'evidence-order-of-types',
    holds:
      '$expr compares _ids in the order of all types, as the index has them, and $unionWith takes documents of the same collection through stages of their own',
    check: async (db) => {
      const ids = [1, 'a', { k: 1 }, true]
      await insert(db, ...ids.map((_id, n) => ({ _id, n })))
      const due = { $expr: { $and: [{ $gt: ['$_id', { $literal: 1 }] }, { $lte: ['$_id', { $literal: { k: 1 } }] }] } }
      const pipeline = [{ $match: due }, { $set: { n: 'due' } }]
      const stages = [{ $match: { $nor: [due] } }, { $unionWith: { coll: 'a', pipeline } }]
      const found = await db.collection('a').aggregate(stages).toArray()
      equal(
        found.map(({ n }) => n as unknown),
        [0, 3, 'due', 'due'],
      )
    },
  },
  {
    id: 'evidence-sizes',
    holds: '$collStats tells documents and bytes, count tells documents without a filter, and a hint bounds a count',
    check: async (db) => {
      await insert(db, ...Array.from({ length: 12 }, (_, _id) => ({ _id, text: 'x'.repeat(100) })))
      const stats = await db
        .collection('a')
        .aggregate([{ $collStats: { storageStats: {} } }])
        .toArray()
      const { count, size, storageSize, totalIndexSize } = (stats[0]?.['storageStats'] ?? {}) as Document
      equal([Number(count), Number(size) > 1_200], [12, true])
      equal([typeof storageSize, typeof totalIndexSize], ['number', 'number'])
      equal(await db.collection('a').estimatedDocumentCount(), 12)
      equal(await db.collection('a').countDocuments({}, { hint: '_id_', limit: 5 }), 5)
    },
  },
  {
    id: 'leftovers-updated-once-more',
    holds:
      'an update whose filter says by $jsonSchema which documents do not match changes these, and no others; one that is refused stops none of those behind it',
    check: async (db) => {
      await insert(db, { _id: 1, n: 1 }, { _id: 2, n: '2' }, { _id: 3 }, { _id: 4, n: 'x' })
      const u = [{ $set: { n: { $toInt: '$n' } } }]
      const updates = [1, 4, 2].map((_id) => ({ q: { _id, ...FAILING }, u }))
      const reply = await db.command({ update: 'a', updates, ordered: false, bypassDocumentValidation: true })
      equal([reply['n'], reply['writeErrors']?.length, await idsOf(db, { $match: FAILING })], [1, 1, [3, 4]])
    },
  },
]
