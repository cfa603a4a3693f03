import { doc, type Doc, type Plain, type Value } from '@stage0/bson-schema'
import { Timestamp } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { COLLECTION, evidenceScratch, MAX_MS } from '../testing/evidence-scratch.ts'
import { value } from '../testing/scratch.ts'

const at = evidenceScratch()
const DAY_S = 86_400
const DAY_MS = DAY_S * 1000
const old = (): Date => new Date(Date.now() - 2 * DAY_MS)
const fresh = (): Date => new Date(Date.now() - DAY_MS / 2)

interface Options {
  readonly path?: string
  readonly partialFilter?: { readonly [path: string]: Plain }
  readonly stages?: readonly Doc[]
  readonly limit?: number
}
const expired = async ({ path = 'at', partialFilter = {}, stages = [], limit }: Options = {}) =>
  value(
    await at.evidence.countExpired({
      ...{ collection: COLLECTION, path, seconds: DAY_S, stages, limit, maxMs: MAX_MS },
      ...{ partialFilter: doc(partialFilter), collation: doc({}) },
    }),
  )

/** Source: manual, TTL indexes: of an array the earliest date counts, what holds no date never expires. */
const CASES: readonly { readonly what: string; readonly document: () => object; readonly is: boolean }[] = [
  { what: 'a date before the time to live', document: () => ({ at: old() }), is: true },
  { what: 'a date within the time to live', document: () => ({ at: fresh() }), is: false },
  { what: 'a date that is still to come', document: () => ({ at: new Date(Date.now() + DAY_MS) }), is: false },
  { what: 'an array whose earliest date is over', document: () => ({ at: [fresh(), old(), 'x'] }), is: true },
  { what: 'an array whose dates are all within', document: () => ({ at: [fresh(), fresh()] }), is: false },
  { what: 'an empty array', document: () => ({ at: [] }), is: false },
  { what: 'no field', document: () => ({}), is: false },
  { what: 'null', document: () => ({ at: null }), is: false },
  { what: 'a number', document: () => ({ at: 0 }), is: false },
  { what: 'a text that looks like a date', document: () => ({ at: '1970-01-01' }), is: false },
  { what: 'a timestamp, which is no date', document: () => ({ at: new Timestamp({ t: 1, i: 1 }) }), is: false },
]

describe('documents that an index with a time to live would delete right away', () => {
  it.each(CASES)('with $what: $is', async ({ document, is }) => {
    await at.insert([document()])
    expect(await expired()).toBe(is ? 1 : 0)
  })

  it('are counted below arrays of documents as the index goes through them', async () => {
    await at.insert([{ a: [{ at: fresh() }, { at: old() }] }, { a: { at: old() } }, { a: [{ at: fresh() }] }, { a: 1 }])
    expect(await expired({ path: 'a.at' })).toBe(2)
  })

  it('are only those that a partial index holds', async () => {
    await at.insert([{ at: old(), state: 'done' }, { at: old(), state: 'open' }, { at: old() }])
    expect(await expired({ partialFilter: { state: 'done' } })).toBe(1)
  })

  it('are looked at after pending migrations, and no more of them than the limit', async () => {
    await at.insert([
      { _id: 1, was: old() },
      { _id: 2, was: old() },
      { _id: 3, at: fresh() },
    ])
    const stages = [doc({ $set: { at: { $ifNull: ['$at', '$was'] } } })]
    expect([await expired(), await expired({ stages }), await expired({ stages, limit: 1 })]).toEqual([0, 2, 1])
  })

  it('are counted without changing anything', async () => {
    await at.insert([{ at: old() }])
    at.scratch.sent.length = 0
    await expired()
    expect(at.scratch.sent.map(({ name }) => name)).toEqual(['hello', 'aggregate'])
  })
})

/** Each of another type, in the order in which an index holds them: a comparison of a query would see one type only. */
const IDS: readonly Value[] = [1, 2, 'a', doc({ k: 1 }), doc({ k: 2 }), true]

describe('a migration that goes on where it stopped', () => {
  const stages = [doc({ $set: { n: { $add: ['$n', 1] } } })]
  const schema = doc({ properties: { n: { minimum: 1 } } })
  /** Documents of 0 fail: those that are not migrated. @returns The ids that would fail. */
  async function failing(done: number, upTo: number, limit?: number): Promise<readonly Value[]> {
    const documents = IDS.map((_id, i) => doc({ _id, n: i < done ? 1 : 0 }))
    await at.scratch.target.insertDocuments(COLLECTION, documents, {
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    const found: Value[] = []
    const resumed = { last: done === 0 ? undefined : IDS[done - 1], upTo: IDS[upTo - 1], stages }
    const query = { collection: COLLECTION, resumed, stages: [], limit, maxMs: MAX_MS, schema }
    value(await at.evidence.findFailing({ ...query, onDocument: (one) => found.push(one.get('_id') ?? null) }))
    return found
  }

  it.each([0, 1, 2, 3, 4, 5])('is seen as done by documents of every type of _id: %i were done', async (done) => {
    expect(await failing(done, IDS.length)).toEqual([])
  })

  it('leaves out what came after its beginning, which it will not change', async () => {
    expect(await failing(3, 5)).toEqual([IDS[5]])
  })

  it('that found no document changes none', async () => {
    expect(await failing(0, 0)).toEqual(IDS)
  })

  it('is looked at within the limit, in what is done and what is not', async () => {
    expect(await failing(2, 3, 4)).toEqual([IDS[3], IDS[4]])
  })

  it('does not change a document twice', async () => {
    const last = IDS[2]
    await at.scratch.target.insertDocuments(
      COLLECTION,
      IDS.map((_id, i) => doc({ _id, n: i < 3 ? 1 : 0 })),
      { signal: new AbortController().signal, onProgress: () => {} },
    )
    const found: Doc[] = []
    const query = { collection: COLLECTION, stages: [], limit: undefined, maxMs: MAX_MS, schema: doc({ not: {} }) }
    const resumed = { last, upTo: IDS.at(-1), stages }
    value(await at.evidence.findFailing({ ...query, resumed, onDocument: (one) => found.push(one) }))
    expect(found.map((one) => one.get('n'))).toEqual([1, 1, 1, 1, 1, 1])
  })
})
