import { doc, type Plain } from '@stage0/bson-schema'
import type { IndexChange, IndexSpec } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import { value, type Scratch } from '../testing/scratch.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

const never = new AbortController().signal
const spec = (name: string, options: { readonly [option: string]: Plain } = {}): IndexSpec => ({
  name,
  key: doc({ a: 1 }),
  options: doc(options),
})
const build = (index: IndexSpec) => scratch.target.buildIndexes('c', [index], never)
const change = (wanted: IndexChange, name = 'i') => scratch.target.changeIndex('c', name, wanted, never)
async function options(): Promise<Record<string, unknown>> {
  const { v, key, name, ...rest } = (await scratch.db.collection('c').listIndexes().toArray())[1] ?? {}
  expect([v, key, name]).toEqual([2, { a: 1 }, 'i'])
  return rest
}

describe('an index is changed in place', () => {
  it.each<[string, IndexSpec, IndexChange, Record<string, unknown>]>([
    ['hidden', spec('i'), { hidden: true }, { hidden: true }],
    ['shown', spec('i', { hidden: true }), { hidden: false }, {}],
    [
      'another time to live',
      spec('i', { expireAfterSeconds: 5 }),
      { expireAfterSeconds: 9 },
      { expireAfterSeconds: 9 },
    ],
    ['a time to live', spec('i'), { expireAfterSeconds: 9 }, { expireAfterSeconds: 9 }],
    ['unique', spec('i', { sparse: true }), { unique: true }, { unique: true, sparse: true }],
    ['unique, half prepared', spec('i', { prepareUnique: true }), { unique: true }, { unique: true }],
    ['not prepared any more', spec('i', { prepareUnique: true }), { prepareUnique: false }, {}],
    [
      'in every way at once',
      spec('i'),
      { unique: true, hidden: true, expireAfterSeconds: 9 },
      { unique: true, hidden: true, expireAfterSeconds: 9 },
    ],
  ])('%s; twice is no error; durable on a majority', async (_what, before, wanted, after) => {
    value(await build(before))
    scratch.sent.length = 0
    value(await change(wanted))
    value(await change(wanted))
    expect(await options()).toEqual(after)
    expect(new Set(scratch.sent.map((one) => one.name))).toEqual(new Set(['collMod']))
    for (const { writeConcern } of scratch.sent) expect(writeConcern).toEqual({ w: 'majority', j: true })
  })

  it('an index that is not there is told', async () => {
    value(await build(spec('i')))
    expect(await change({ hidden: true }, 'other')).toMatchObject({ ok: false, error: { serverCode: 27 } })
  })

  it('documents with equal values are named, and the index is as it was', async () => {
    await scratch.db
      .collection<{ _id: number }>('c')
      .insertMany([
        { _id: 1, a: 'x' } as { _id: number },
        { _id: 2, a: 'y' } as { _id: number },
        { _id: 3, a: 'x' } as { _id: number },
      ])
    value(await build(spec('i')))
    const refused = await change({ unique: true, hidden: true })
    expect(refused).toMatchObject({ ok: false, error: { code: 'INDEX_DUPLICATES', kind: 'refused', serverCode: 359 } })
    if (!refused.ok) {
      expect(refused.error.message).toMatch(/_id 1 and 3\.$/)
      expect(refused.error.detail).toEqual({ violations: [{ ids: [1, 3] }] })
    }
    expect(await options()).toEqual({})
    await scratch.db.collection('c').insertOne({ a: 'x' })
  })
})
