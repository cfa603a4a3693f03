import { doc, docOf, type Plain, type Value } from '@stage0/bson-schema'
import { readIndexKeys } from '@stage0/core'
import type { Duplicates } from '@stage0/engine'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import type { Document } from 'mongodb'
import { COLLECTION, evidenceScratch, MAX_MS } from '../testing/evidence-scratch.ts'
import { value } from '../testing/scratch.ts'

const at = evidenceScratch()

async function duplicates(
  key: { readonly [path: string]: Plain },
  options: { readonly [name: string]: Plain } = {},
  samples = 20,
): Promise<Duplicates> {
  const keys = readIndexKeys({ name: 'i', key: doc(key), options: doc({ unique: true, ...options }) })
  if (keys === undefined) throw new Error('no keys')
  const found = value(
    await at.evidence.findDuplicates({
      collection: COLLECTION,
      keys,
      stages: [],
      limit: undefined,
      maxMs: MAX_MS,
      samples,
    }),
  )
  if (found === 'time') throw new Error('late')
  return found
}

/** Documents by their fields, the number of keys that several share, and of documents under them. Source: manual, unique, sparse, partial and multikey indexes. */
const CASES: readonly {
  readonly what: string
  readonly key: { readonly [path: string]: Plain }
  readonly options?: { readonly [name: string]: Plain }
  readonly documents: readonly Document[]
  readonly keys: number
  readonly count: number
}[] = [
  { what: 'a missing field is null', key: { a: 1 }, documents: [{}, { a: null }, { a: 1 }], keys: 1, count: 2 },
  {
    what: 'numbers are equal across types',
    key: { a: 1 },
    documents: [{ a: 1 }, { a: 1.0 }, { a: '1' }],
    keys: 1,
    count: 2,
  },
  {
    what: 'a sparse index leaves missing fields out, and not null',
    key: { a: 1 },
    options: { sparse: true },
    documents: [{}, {}, { a: null }, { a: null }],
    keys: 1,
    count: 2,
  },
  {
    what: 'a sparse compound index holds what has one of the fields',
    key: { a: 1, b: 1 },
    options: { sparse: true },
    documents: [{}, {}, { a: 1 }, { a: 1, b: null }],
    keys: 1,
    count: 2,
  },
  {
    what: 'a partial index holds what its filter finds',
    key: { a: 1 },
    options: { partialFilterExpression: { b: { $gt: 5 } } },
    documents: [
      { a: 1, b: 1 },
      { a: 1, b: 9 },
      { a: 2, b: 9 },
      { a: 2, b: 8 },
    ],
    keys: 1,
    count: 2,
  },
  {
    what: 'a collation holds texts equal',
    key: { a: 1 },
    options: { collation: { locale: 'en', strength: 2 } },
    documents: [{ a: 'x' }, { a: 'X' }, { a: 'y' }],
    keys: 1,
    count: 2,
  },
  {
    what: 'an array has a key for each element, once',
    key: { a: 1 },
    documents: [{ a: [1, 1, 2] }, { a: 2 }, { a: [3] }],
    keys: 1,
    count: 2,
  },
  {
    what: 'an empty array is neither null nor missing',
    key: { a: 1 },
    documents: [{ a: [] }, { a: null }, { a: [] }],
    keys: 1,
    count: 2,
  },
  {
    what: 'fields below one array go together',
    key: { 'a.b': 1, 'a.c': 1 },
    documents: [
      {
        a: [
          { b: 1, c: 1 },
          { b: 2, c: 2 },
        ],
      },
      { a: [{ b: 1, c: 2 }] },
      { a: { b: 2, c: 2 } },
    ],
    keys: 1,
    count: 2,
  },
  {
    what: 'compound keys',
    key: { a: 1, b: -1 },
    documents: [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 1, b: 1 },
      { a: [5, 1], b: 1 },
    ],
    keys: 1,
    count: 3,
  },
]

describe('duplicates under a unique index', () => {
  it.each(CASES)('$what, and the server agrees', async ({ key, options, documents, keys, count }) => {
    await at.insert(documents)
    expect(await duplicates(key, options)).toMatchObject({ keys, documents: count })
    await expect(
      at.db.collection('c').createIndex(key as Record<string, 1>, { unique: true, ...(options as object) }),
    ).rejects.toMatchObject({ code: 11000 })
  })

  it('are counted exactly, those with most documents first, with their keys and ids', async () => {
    const documents = Array.from({ length: 2_000 }, (_, id) => ({
      _id: id,
      a: id < 3 ? 'three' : id < 100 ? id >> 1 : id,
    }))
    await at.insert(documents)
    const found = await duplicates({ a: 1 })
    expect([found.keys, found.documents]).toEqual([49, 99])
    expect(found.samples).toHaveLength(20)
    expect(found.samples[0]).toEqual({ values: ['three'], documents: 3, ids: [0, 2] })
  })

  it('are looked for without changing anything', async () => {
    await at.insert([{ a: 1 }])
    at.scratch.sent.length = 0
    await duplicates({ a: 1 })
    expect(new Set(at.scratch.sent.map(({ name }) => name))).toEqual(new Set(['aggregate']))
  })

  it('are none where an index can be built', async () => {
    await at.insert([{ a: [1, 2] }, { a: [3] }, { a: null }])
    expect(await duplicates({ a: 1 })).toEqual({ keys: 0, documents: 0, samples: [] })
  })

  it('agree with the server on random documents', async () => {
    const values: readonly Value[] = [
      null,
      1,
      2,
      'x',
      [],
      [1],
      [1, 2],
      [[1]],
      doc({ b: 1 }),
      doc({ b: [1, 2] }),
      [doc({ b: 1 }), doc({})],
    ]
    let seed = 7
    const next = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n
    let refused = 0
    for (let round = 0; round < (isDeep ? 300 : 40); round++) {
      const documents = Array.from({ length: 2 + next(3) }, (_, id) =>
        docOf([
          ['_id', id],
          ...(next(5) === 0 ? [] : [['a', values[next(values.length)] ?? null] as const]),
          ['c', next(2)],
        ]),
      )
      const key = ([{ a: 1 }, { 'a.b': 1 }, { a: 1, c: 1 }, { c: 1, 'a.b': 1 }] as const)[next(4)] ?? { a: 1 }
      await at.scratch.target.insertDocuments('c', documents, {
        signal: new AbortController().signal,
        onProgress: () => {},
      })
      const { keys } = await duplicates(key)
      const built = await at.db
        .collection('c')
        .createIndex(key as Record<string, 1>, { unique: true })
        .then(
          () => true,
          () => false,
        )
      expect(built, JSON.stringify({ key, documents })).toBe(keys === 0)
      if (!built) refused += 1
      await at.db.collection('c').drop()
    }
    expect(refused).toBeGreaterThan(0)
  })
})
