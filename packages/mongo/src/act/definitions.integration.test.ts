import { doc, docOf, Double } from '@stage0/bson-schema'
import { type IndexSpec } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import { type Scratch, value } from '../testing/scratch.ts'
import { index, never, schema } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

const observed = async () => value(await scratch.target.observe({}))
const names = () => scratch.sent.map(({ name }) => name)

describe('validators', () => {
  it('W-04: change in one collMod, and a refused one leaves the old in force', async () => {
    await scratch.target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never)
    scratch.sent.length = 0
    const refused = await scratch.target.setValidator('user', doc({ nullable: true }), 'strict', 'error', never)
    expect(refused).toMatchObject({ ok: false, error: { code: 'SCHEMA_REFUSED', detail: { keyword: 'nullable' } } })
    expect(names()).toEqual(['collMod'])
    expect((await observed()).collections[0]?.validator).toEqual(docOf([['$jsonSchema', schema]]))
  })

  it('W-17: level and action are those of the version', async () => {
    await scratch.target.createCollection('user', undefined, never)
    value(await scratch.target.setValidator('user', schema, 'strict', 'warn', never))
    expect((await observed()).collections[0]).toMatchObject({ validationLevel: 'strict', validationAction: 'warn' })
  })

  it('a collection that somebody created just so is a success, another one a conflict', async () => {
    value(await scratch.target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never))
    value(await scratch.target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never))
    const other = await scratch.target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    expect(other).toMatchObject({ ok: false, error: { code: 'COLLECTION_CONFLICT' } })
  })
})

describe('indexes', () => {
  it('W-02: reach the server with every option and their keys in order, W-17: in one command', async () => {
    const indexes = [
      index(
        'u',
        docOf([
          ['10', 1],
          ['9', -1],
        ]),
        doc({ unique: true, sparse: true }),
      ),
      index('ttl', doc({ at: 1 }), doc({ expireAfterSeconds: 60 })),
      index('p', doc({ a: 1 }), doc({ partialFilterExpression: { a: { $gt: new Double(1) } } })),
    ]
    scratch.sent.length = 0
    expect(await scratch.target.buildIndexes('user', indexes, never)).toEqual({ ok: true, value: 'done' })
    expect(await scratch.target.buildIndexes('user', indexes, never)).toEqual({ ok: true, value: 'already' })
    expect(names()).toEqual(['createIndexes', 'createIndexes'])
    expect((await observed()).collections[0]?.indexes.slice(1)).toEqual(indexes)
  })

  it.each<[string, IndexSpec, string]>([
    ['other options under its name', index('one', doc({ a: 1 }), doc({ unique: true })), 'INDEX_CONFLICT'],
    ['other keys under its name', index('one', doc({ b: 1 })), 'INDEX_CONFLICT'],
    ['the same keys under another name', index('two', doc({ a: 1 })), 'INDEX_CONFLICT'],
    ['duplicates', index('u', doc({ n: 1 }), doc({ unique: true })), 'DUPLICATE_KEY'],
    ['an unknown option', index('x', doc({ c: 1 }), doc({ uniqe: true })), 'INDEX_REFUSED'],
  ])('are refused with %s', async (_what, wanted, code) => {
    await scratch.db.collection('user').insertMany([{ n: 1 }, { n: 1 }])
    value(await scratch.target.buildIndexes('user', [index('one', doc({ a: 1 }))], never))
    expect(await scratch.target.buildIndexes('user', [wanted], never)).toMatchObject({
      ok: false,
      error: { code, kind: 'refused' },
    })
  })

  it('are dropped once', async () => {
    const one = index('one', doc({ a: 1 }))
    expect(value(await scratch.target.dropIndex('user', one, never))).toBe('already')
    await scratch.target.buildIndexes('user', [one], never)
    expect(value(await scratch.target.dropIndex('user', one, never))).toBe('done')
    expect(value(await scratch.target.dropIndex('user', one, never))).toBe('already')
  })

  it.each([
    ['other options', index('one', doc({ a: 1 }), doc({ unique: true })), 'unique is true, not wanted'],
    ['another key', index('one', doc({ b: 1 })), 'key is {b: 1}, wanted {a: 1}'],
  ])('are not dropped where one of the name has %s', async (_what, there, told) => {
    await scratch.target.buildIndexes('user', [there], never)
    expect(await scratch.target.dropIndex('user', index('one', doc({ a: 1 })), never)).toMatchObject({
      ok: false,
      error: { code: 'INDEX_CHANGED', message: expect.stringContaining(told) as string },
    })
    expect(value(await scratch.target.dropIndex('user', there, never))).toBe('done')
  })
})
