import { Decimal128, Double, Long, MinKey, ObjectId, BSONRegExp, BSONSymbol, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { useServer } from '../testing/test-server.ts'

const ID = new ObjectId('0123456789abcdef01234567')
const VALUES: readonly unknown[] = [
  ...[1, new Double(1), Long.fromNumber(1), Decimal128.fromString('1.0'), 0, -0, NaN, Decimal128.fromString('NaN')],
  ...['1', 'a', '', new BSONSymbol('a'), true, null, undefined, new Date(1), ID, new MinKey(), new BSONRegExp('^a')],
  ...[[1], ['a', 1], [], [[1]], { a: 1 }, { b: 1, a: 1 }, {}],
]
/** An array makes the index one of several keys to a document; then the way is another. */
const PLAIN = VALUES.filter((value) => !Array.isArray(value))

type Named = Document & { _id: string }

describe('a filter of equal values, answered from an index without looking at the documents', () => {
  const use = useServer()

  it.for([
    ['without arrays', PLAIN],
    ['with arrays', VALUES],
  ] as const)('finds what a scan finds: %s', async ([, values]) => {
    const scanned = use().db.collection<Named>('scanned')
    const indexed = use().db.collection<Named>('indexed')
    for (const collection of [scanned, indexed]) {
      await collection.deleteMany({})
      await collection.insertMany(
        values.flatMap((a, i) => [
          { _id: `${i} one`, a, b: i % 2, c: { d: a } },
          { _id: `${i} two`, a, b: 1, c: a },
        ]),
      )
    }
    await indexed.createIndexes([{ key: { a: 1, b: -1 } }, { key: { 'c.d': 1 } }])
    const filters = VALUES.flatMap((a) => [
      { a },
      { a: { $eq: a } },
      { b: 1, a },
      { 'c.d': a },
      { a, b: { $gt: 0 } },
      { a, $and: [{ b: 1 }] },
      { a, c: a },
    ]) as readonly Document[]
    for (const filter of filters) {
      const ids = async (collection: typeof scanned): Promise<unknown[]> =>
        (await collection.find(filter, { ignoreUndefined: false }).toArray()).map(({ _id }) => _id).sort()
      expect([filter, await ids(indexed)]).toEqual([filter, await ids(scanned)])
    }
  })

  it('finds by _id what equals it, whatever its type', async () => {
    const collection = use().db.collection<Document>('by_id')
    await collection.insertMany(['a', 2, ID, { a: 1 }].map((_id) => ({ _id })) as Document[])
    for (const _id of [new BSONSymbol('a'), Long.fromNumber(2), new Double(2), ID, { a: 1 }]) {
      expect(await collection.countDocuments({ _id } as Document)).toBe(1)
      expect(await collection.findOne({ _id: { $eq: _id } } as Document)).not.toBeNull()
    }
    expect(await collection.findOne({ _id: new BSONRegExp('^a') } as Document)).toEqual({ _id: 'a' })
    expect(await collection.findOne({ _id: [2] } as Document)).toBeNull()
    await expect(collection.findOne({ _id: { $unknown: 1 } } as Document)).rejects.toMatchObject({ code: 2 })
  })

  it.each([null, { $eq: null }, { $in: ['a', null, 2] }])('finds null by the index of _id: %j', async (_id) => {
    const collection = use().db.collection<Document>('null_by_id')
    await collection.deleteMany({})
    // The driver itself would put an ObjectId in the place of null.
    await use().db.command({ insert: 'null_by_id', documents: [null, 'a', 2, 3].map((id) => ({ _id: id })) })
    const found = await collection.find({ _id } as Document).toArray()
    expect(found.map((one) => one['_id'])).toEqual(_id !== null && '$in' in _id ? [null, 2, 'a'] : [null])
    expect(JSON.stringify(await collection.find({ _id } as Document).explain('queryPlanner'))).not.toContain('COLLSCAN')
  })
})
