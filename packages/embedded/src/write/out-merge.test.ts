import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

type Row = Document & { _id: number }

describe('$merge and $out', () => {
  const use = useServer()
  let made = 0
  /** A source of two documents and a target that knows the first. */
  const prepare = async () => {
    const { db } = use()
    const [source, target] = [db.collection<Row>(`s${made}`), db.collection<Row>(`t${made++}`)]
    await source.insertMany([
      { _id: 1, a: 1, k: 'x' },
      { _id: 2, a: 2, k: 'y' },
    ])
    await target.insertOne({ _id: 1, b: 1, k: 'x' })
    const merge = async (options: Document, before: Document[] = []): Promise<Row[]> => {
      await source.aggregate([...before, { $merge: { into: target.collectionName, ...options } }]).toArray()
      return target.find().sort({ _id: 1 }).toArray()
    }
    return { source, target, merge }
  }

  it.for([
    [
      'merge',
      'insert',
      [
        { _id: 1, b: 1, k: 'x', a: 1 },
        { _id: 2, a: 2, k: 'y' },
      ],
    ],
    ['replace', 'discard', [{ _id: 1, a: 1, k: 'x' }]],
    [
      'keepExisting',
      'insert',
      [
        { _id: 1, b: 1, k: 'x' },
        { _id: 2, a: 2, k: 'y' },
      ],
    ],
    [[{ $set: { b: { $add: ['$b', '$$new.a'] } } }], 'discard', [{ _id: 1, b: 2, k: 'x' }]],
  ] as const)('writes with whenMatched %j and whenNotMatched %s', async ([whenMatched, whenNotMatched, expected]) => {
    const { merge } = await prepare()
    expect(await merge({ whenMatched, whenNotMatched })).toEqual(expected)
  })

  it('gives a pipeline the variables of let, a missing one as missing', async () => {
    const { merge } = await prepare()
    const whenMatched = [{ $set: { b: { $ifNull: ['$$gone', '$$v'] } } }]
    expect(await merge({ let: { v: '$a', gone: '$zz' }, whenMatched, whenNotMatched: 'discard' })).toEqual([
      { _id: 1, b: 1, k: 'x' },
    ])
  })

  it.for([
    [{ whenMatched: 'fail' }, 11000],
    [{ whenNotMatched: 'fail' }, 13113],
    [{ on: 'k' }, 51183],
    [{ on: ['_id', '_id'] }, 31465],
    [{ colour: 1 }, 40415],
    [{ whenMatched: [{ $set: { b: '$$none' } }] }, 17276],
    [{ into: { db: 'admin', coll: 'x' } }, 31320],
    [{ into: 'system.x' }, 31319],
  ] as const)('refuses %j with code %i', async ([options, code]) => {
    const { merge } = await prepare()
    expect(await failureOf(merge(options))).toMatchObject({ code })
  })

  it('refuses a wrong pipeline before it writes anything', async () => {
    const { target, merge } = await prepare()
    await target.deleteMany({})
    expect(await failureOf(merge({ whenMatched: [{ $match: {} }] }))).toMatchObject({ code: 72 })
    expect(await target.countDocuments()).toBe(0)
  })

  it('joins on several fields of a unique index, and names them where a match is a failure', async () => {
    const { target, merge } = await prepare()
    await target.createIndex({ k: 1, b: 1 }, { unique: true })
    const before = [{ $project: { _id: 0, k: 1, z: '$a', b: { $literal: 1 } } }]
    const on = ['b', 'k']
    expect((await merge({ on }, before)).map(({ k, z }) => [k as unknown, z as unknown])).toEqual([
      ['x', 1],
      ['y', 2],
    ])
    expect(await failureOf(merge({ on, whenMatched: 'fail' }, before))).toMatchObject({
      code: 11000,
      keyValue: { b: 1, k: 'x' },
    })
  })

  it('may write into the collection that it reads', async () => {
    const { source } = await prepare()
    await source.aggregate([{ $unset: '_id' }, { $merge: source.collectionName }]).toArray()
    expect(await source.countDocuments()).toBe(4)
  })

  it('$out keeps away from what belongs to the server', async () => {
    const { source } = await prepare()
    const out = (to: unknown): Promise<unknown> => source.aggregate([{ $out: to } as Document]).toArray()
    expect(await failureOf(out({ db: 'admin', coll: 'x' }))).toMatchObject({ code: 31321 })
    expect(await failureOf(out('system.x'))).toMatchObject({ code: 17385 })
  })

  it('no result document is larger than a document may be', async () => {
    const { source } = await prepare()
    await source.insertOne({ _id: 3, s: 'x'.repeat(9_000_000) })
    const grown = source.aggregate([{ $match: { _id: 3 } }, { $set: { t: '$s' } }]).toArray()
    expect(await failureOf(grown)).toMatchObject({ code: 10334 })
    expect(await failureOf(source.updateOne({ _id: 3 }, [{ $set: { t: '$s' } }]))).toMatchObject({ code: 17419 })
  })

  it('an _id is unique under the collation of its collection', async () => {
    const { db } = use()
    const c = await db.createCollection<{ _id: string }>('folded', { collation: { locale: 'en', strength: 2 } })
    await c.insertOne({ _id: 'a' })
    expect(await failureOf(c.insertOne({ _id: 'A' }))).toMatchObject({ code: 11000, keyPattern: { _id: 1 } })
    expect(await c.find({ _id: 'A' }).toArray()).toEqual([{ _id: 'a' }])
  })

  it.for([
    [{ $collStats: { colour: {} } }, 40415],
    [{ $collStats: { latencyStats: {} } }, 115],
    [{ $collStats: { storageStats: { scale: 0 } } }, 51024],
    [{ $collStats: 1 }, 5447000],
    [{ $indexStats: { a: 1 } }, 28803],
    [{ $listLocalSessions: { colour: 1 } }, 40415],
  ] as const)('%j is refused with code %i', async ([stage, code]) => {
    const { source } = await prepare()
    expect(await failureOf(source.aggregate([stage as Document]).toArray())).toMatchObject({ code })
  })

  it('$collStats, collStats and dbStats count what is there', async () => {
    const { db } = use()
    const { source } = await prepare()
    const [row] = await source.aggregate([{ $collStats: { count: {}, storageStats: { scale: 1 } } }]).toArray()
    expect(row).toMatchObject({ ns: source.namespace, count: 2, storageStats: { count: 2, nindexes: 1 } })
    expect(await db.command({ collStats: source.collectionName })).toMatchObject({ count: 2, nindexes: 1 })
    expect(await db.command({ dbStats: 1 })).toMatchObject({ db: 'test', ok: 1 })
    expect(await source.aggregate([{ $indexStats: {} }]).toArray()).toMatchObject([{ name: '_id_', key: { _id: 1 } }])
  })
})
