import { doc, type Doc, docOf, Double, type Value } from '@stage0/bson-schema'
import { type IndexSpec } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import { type Scratch, value } from '../testing/scratch.ts'
import { entry, index, never, schema } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

describe('documents and pipelines', () => {
  const documents: readonly Doc[] = [
    docOf([
      ['b', new Double(5)],
      ['10', 5n],
      ['9', 5],
      ['_id', 'x'],
    ]),
    docOf([
      ['_id', 'y'],
      ['n', 1],
    ]),
  ]

  it('keep types and order, and a repeated load changes nothing', async () => {
    const progress: number[] = []
    const options = { signal: never, onProgress: (done: number) => progress.push(done) }
    expect(value(await scratch.target.insertDocuments('user', documents, options))).toEqual({ inserted: 2, already: 0 })
    expect(value(await scratch.target.insertDocuments('user', documents, options))).toEqual({ inserted: 0, already: 2 })
    expect(progress).toEqual([2, 2])
    const [x] = value(await scratch.target.findByIds('user', ['x'], never))
    expect(x).toEqual(
      docOf([
        ['_id', 'x'],
        ['b', new Double(5)],
        ['10', 5n],
        ['9', 5],
      ]),
    )
  })

  it('another document under the same _id is a conflict, by type too', async () => {
    await scratch.db.collection('user').insertOne({ _id: 'y' as never, n: 1.5 })
    const loaded = await scratch.target.insertDocuments('user', documents, {
      signal: never,
      onProgress: () => undefined,
    })
    expect(loaded).toMatchObject({ ok: false, error: { code: 'TEST_DATA_CONFLICT' } })
  })

  it('a document that the validator refuses is explained', async () => {
    await scratch.target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    const loaded = await scratch.target.insertDocuments('user', documents, {
      signal: never,
      onProgress: () => undefined,
    })
    expect(loaded).toMatchObject({ ok: false, error: { code: 'DOCUMENT_INVALID', serverCode: 121 } })
    expect((loaded as { error: { message: string } }).error.message).toContain('field "name": required')
  })

  it.each<[string, IndexSpec, Value[][], string[]]>([
    ['by value', index('i', doc({ a: 1 }), doc({ unique: true })), [[1]], ['one']],
    ['missing as null', index('i', doc({ a: 1 }), doc({ unique: true })), [[]], ['none', 'null']],
    [
      'not the missing ones of a sparse index',
      index('i', doc({ a: 1 }), doc({ unique: true, sparse: true })),
      [[]],
      [],
    ],
    ['by element of an array', index('i', doc({ a: 1 }), doc({ unique: true })), [[8]], ['list']],
    [
      'only inside the partial filter',
      index('i', doc({ a: 1 }), doc({ unique: true, partialFilterExpression: { b: 1 } })),
      [[1]],
      [],
    ],
    [
      'by collation',
      index('i', doc({ a: 1 }), doc({ unique: true, collation: { locale: 'en', strength: 2 } })),
      [['X']],
      ['text'],
    ],
  ])('collisions are found %s', async (_what, wanted, values, ids) => {
    const stored = [
      { _id: 'one', a: 1 },
      { _id: 'none' },
      { _id: 'null', a: null },
      { _id: 'list', a: [7, 8] },
      { _id: 'text', a: 'x' },
    ]
    await scratch.db.collection('user').insertMany(stored as never[])
    const documents = values.map(([a]) => doc({ _id: 'new', a }))
    const found = value(await scratch.target.findByKeys('user', wanted, documents, 10))
    expect(found.map((document) => document.get('_id')).sort()).toEqual(ids)
  })

  it('a pipeline runs to its end with its comment, past the validator, and changes the UUID', async () => {
    await scratch.target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    await scratch.db.collection('user').insertMany([{ name: 'a' }, { name: 'b' }])
    const before = value(await scratch.target.collectionUuid('user', never))
    scratch.sent.length = 0
    const pipeline = [doc({ $set: { name: 5 } }), doc({ $out: 'user' })]
    value(await scratch.target.runPipeline('user', pipeline, { comment: 'run 7', signal: never }))
    expect(scratch.sent.map(({ name, command }) => [name, command['comment'], command['writeConcern']])).toEqual([
      ['aggregate', 'run 7', expect.objectContaining({ w: 'majority' })],
    ])
    expect(await scratch.db.collection('user').countDocuments({ name: 5 })).toBe(2)
    expect(value(await scratch.target.collectionUuid('user', never))).not.toBe(before)
    expect(value(await scratch.target.collectionUuid('absent', never))).toBeUndefined()
  })

  it('the documents that a pipeline gives back are read to the last one', async () => {
    await scratch.db.collection('user').insertMany(Array.from({ length: 350 }, (_, n) => ({ n })))
    scratch.sent.length = 0
    value(await scratch.target.runPipeline('user', [doc({ $match: {} })], { comment: 'run 7', signal: never }))
    const [first, ...more] = scratch.sent.map(({ name }) => name)
    expect([first, new Set(more)]).toEqual(['aggregate', new Set(['getMore'])])
  })

  it('an update in place tells how many documents it changed', async () => {
    await scratch.db.collection('user').insertMany([{ a: 1 }, { a: 2, b: 2 }])
    const updated = await scratch.target.runUpdate('user', [doc({ $set: { b: '$a' } })], {
      comment: 'c',
      signal: never,
    })
    expect(value(updated)).toEqual({ modified: 1 })
  })

  it('nothing of a run that is over is left on the server', async () => {
    expect(value(await scratch.target.endOperations(entry('nobody', 'intended'), 1, never))).toEqual({ ended: 0 })
  })

  it('what must come to its end is left alone and told, until it is through', async () => {
    const DOCUMENTS = 4000
    await scratch.db.collection<{ n: number }>('user').insertMany(Array.from({ length: DOCUMENTS }, () => ({ n: 0 })))
    const steps = { input: { $range: [0, 2000] }, initialValue: '$n', in: { $add: ['$$value', 0] } }
    const slowly = { q: {}, u: [{ $set: { n: { $add: [{ $reduce: steps }, 1] } } }], multi: true }
    const begun = { ...entry('user/1.0.0.0/migrate/m.json', 'intended'), mustFinish: true as const }
    const updating = scratch.db.command({ update: 'user', updates: [slowly], comment: begun.comment })
    const isSeen = { 'command.comment': begun.comment }
    const admin = scratch.db.client.db('admin')
    const look = () => admin.aggregate([{ $currentOp: {} }, { $match: isSeen }]).toArray()
    await expect.poll(look, { interval: 20, timeout: 10_000 }).toHaveLength(1)
    expect(await scratch.target.endOperations(begun, 1, never)).toMatchObject({
      ok: false,
      error: { code: 'MIGRATION_STILL_RUNS', message: expect.stringContaining('user/1.0.0.0/migrate/m.json') },
    })
    expect(await updating).toMatchObject({ nModified: DOCUMENTS })
    expect(value(await scratch.target.endOperations(begun, 1, never))).toEqual({ ended: 0 })
  })

  it('a stopped run does not send another command', async () => {
    scratch.sent.length = 0
    const stopped = await scratch.target.setValidator('user', schema, 'strict', 'error', AbortSignal.abort())
    expect(stopped).toMatchObject({ ok: false, error: { code: 'TARGET_STOPPED' } })
    expect(scratch.sent).toEqual([])
  })
})
