import type { Document } from 'mongodb'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

interface Row {
  _id: number
  n: number
  tags: number[]
}

const MANY = 100_000
const COUNT = 300
const rows = (count: number): Row[] => Array.from({ length: count }, (_, _id) => ({ _id, n: 0, tags: [_id % 3] }))

describe('a read of 100,000 documents', () => {
  const use = useServer()

  it('lets a writer have its turns', async () => {
    const { db } = use()
    const many = db.collection<Row>('many')
    await many.insertMany(rows(MANY))
    const other = db.collection<Row>('other')
    await other.insertOne({ _id: 1, n: 0, tags: [] })
    const reads: Readonly<Record<string, () => Promise<unknown>>> = {
      countDocuments: () => many.countDocuments({ n: 0 }),
      distinct: () => many.distinct('n', { n: { $gte: 0 } }),
      find: () => many.find({ n: 1 }).toArray(),
      'sorted find': () => many.find({ n: 0 }).sort({ n: 1 }).limit(1).toArray(),
      pipeline: () => many.aggregate([{ $match: { n: 1 } }, { $sort: { _id: -1 } }]).toArray(),
      $facet: () => many.aggregate([{ $facet: { all: [{ $count: 'n' }] } }]).toArray(),
    }
    for (const [name, read] of Object.entries(reads)) {
      let isDone = false
      const reading = read().finally(() => void (isDone = true))
      let turns = 0
      while (!isDone) {
        await other.updateOne({ _id: 1 }, { $inc: { n: 1 } })
        turns++
      }
      await reading
      expect([name, turns > 2]).toEqual([name, true])
    }
  })
})

describe('a read with a turn of others after each document', () => {
  const use = useServer({ replicaSet: 'rs' }, {}, 0)
  let named = 0
  const filled = async () => {
    const c = use().db.collection<Row>(`c${named++}`)
    await c.insertMany(rows(COUNT))
    return c
  }
  const running = async (comment: string): Promise<Document> => {
    for (;;) {
      const { inprog } = await use().client.db('admin').command({ currentOp: 1 })
      const found = (inprog as Document[]).find((each) => each['comment'] === comment)
      if (found !== undefined) return found
    }
  }

  const last = COUNT - 1
  const stages: Readonly<Record<string, readonly [Document[], Document[]]>> = {
    $group: [[{ $group: { _id: '$n', n: { $sum: 1 } } }], [{ _id: 0, n: COUNT }]],
    $count: [[{ $count: 'n' }], [{ n: COUNT }]],
    $sort: [[{ $sort: { _id: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }], [{ _id: last }]],
    $skip: [[{ $skip: last }, { $project: { n: 1 } }], [{ _id: last, n: 0 }]],
    $facet: [
      [{ $facet: { zero: [{ $match: { n: 0 } }, { $count: 'n' }], one: [{ $match: { n: 1 } }] } }],
      [{ zero: [{ n: COUNT }], one: [] }],
    ],
    $unwind: [[{ $unwind: '$tags' }, { $match: { n: 0 } }, { $count: 'n' }], [{ n: COUNT }]],
    $sortByCount: [[{ $sortByCount: '$n' }], [{ _id: 0, count: COUNT }]],
    $bucket: [[{ $bucket: { groupBy: '$n', boundaries: [0, 1, 2] } }], [{ _id: 0, count: COUNT }]],
    $redact: [[{ $redact: { $cond: [{ $eq: ['$n', 0] }, '$$KEEP', '$$PRUNE'] } }, { $count: 'n' }], [{ n: COUNT }]],
    $lookup: [
      [
        { $match: { n: 0 } },
        { $lookup: { from: 'none', localField: 'n', foreignField: 'n', pipeline: [{ $sort: { n: 1 } }], as: 'none' } },
        { $match: { none: [] } },
        { $count: 'n' },
      ],
      [{ n: COUNT }],
    ],
    $unionWith: [[{ $unionWith: 'none' }, { $count: 'n' }], [{ n: COUNT }]],
  }
  it.each(Object.keys(stages))('%s is of the state of the beginning, with all of its documents once', async (name) => {
    const [pipeline, expected] = stages[name]!
    const c = await filled()
    const read = c.aggregate(pipeline, { comment: name }).toArray()
    await running(name)
    await c.updateMany({}, { $inc: { n: 1 } })
    expect(await read).toEqual(expected)
  })

  it.each(['drop', 'deleteMany'] as const)('what was begun is read to its end after %s', async (how) => {
    const c = await filled()
    await c.createIndex({ n: 1 })
    const comment = `find-${how}`
    const reads = [
      c.find({ tags: { $gte: 0 } }, { comment }).toArray(),
      c.find({ n: 0, tags: { $gte: 0 } }, { limit: COUNT, hint: 'n_1', comment }).toArray(),
      c.find({}, { sort: { tags: 1, _id: 1 }, projection: { _id: 1, n: 1 }, comment }).toArray(),
    ]
    for (let shown = 0; shown < reads.length;) {
      const { inprog } = await use().client.db('admin').command({ currentOp: 1 })
      shown = (inprog as Document[]).filter((each) => each['comment'] === comment).length
    }
    await c[how]()
    for (const found of await Promise.all(reads)) {
      expect(new Set(found.map(({ _id }) => _id)).size).toBe(COUNT)
      expect([found.length, found.every(({ n }) => n === 0)]).toEqual([COUNT, true])
    }
  })

  it('distinct finds the values of the beginning', async () => {
    const c = await filled()
    const values = c.distinct('tags', {}, { comment: 'distinct' })
    await running('distinct')
    await c.updateMany({}, { $set: { tags: [9] } })
    expect(await values).toEqual([0, 1, 2])
  })

  it('never stops in a transaction', async () => {
    const { client } = use()
    const c = await filled()
    await client.withSession((session) =>
      session.withTransaction(async () => {
        expect(await c.countDocuments({ n: 0 }, { session })).toBe(COUNT)
        expect(await c.find({ n: 0 }, { session }).toArray()).toHaveLength(COUNT)
        expect(await c.distinct('n', {}, { session })).toEqual([0])
      }),
    )
  })

  it('a pipeline with read concern snapshot sees all its collections at one time', async () => {
    const [c, joined] = [await filled(), await filled()]
    const pipeline = [{ $unionWith: joined.collectionName }, { $group: { _id: '$n', n: { $sum: 1 } } }]
    const read = c.aggregate(pipeline, { readConcern: { level: 'snapshot' } }).toArray()
    await joined.updateMany({}, { $inc: { n: 1 } })
    expect(await read).toHaveLength(1)
  })

  it.each([
    ['find', (c: string) => ({ find: c, filter: { n: 1 } })],
    ['distinct', (c: string) => ({ distinct: c, key: 'n' })],
    ['aggregate', (c: string) => ({ aggregate: c, pipeline: [{ $group: { _id: '$n' } }], cursor: {} })],
  ])('%s ends with killOp', async (name, command) => {
    const { client, db } = use()
    const c = await filled()
    const comment = `kill-${name}`
    const read = failureOf(db.command({ ...command(c.collectionName), comment }))
    const { opid } = await running(comment)
    await client.db('admin').command({ killOp: 1, op: opid as number })
    expect(await read).toMatchObject({ code: 11601 })
  })

  it('does not count towards its maxTimeMS how long the client waits between two batches', async () => {
    const c = await filled()
    await c.insertMany(Array.from({ length: 5_000 }, (_, i) => ({ _id: COUNT + i, n: 0, tags: [] })))
    const cursor = c.find({ n: 0 }, { maxTimeMS: 60_000, batchSize: 10 })
    await cursor.next()
    const now = performance.now.bind(performance)
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 600_000)
    onTestFinished(() => later.mockRestore())
    expect(await cursor.toArray()).toHaveLength(COUNT + 5_000 - 1)
  })

  it('ends with its maxTimeMS', async () => {
    const c = await filled()
    await c.insertMany(Array.from({ length: 5_000 }, (_, i) => ({ _id: COUNT + i, n: 0, tags: [] })))
    expect(await failureOf(c.find({ n: 1 }, { maxTimeMS: 1 }).toArray())).toMatchObject({ code: 50 })
  })
})
