import type { Value } from '@stage0/bson-schema'
import { Decimal128, Double } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { value } from '../testing/scratch.ts'
import { type ThingDatabase } from '../testing/things.ts'
import { filterOf } from './range-spans.ts'
import { eachWithThings } from '../testing/each.ts'

let at: ThingDatabase
eachWithThings((made) => (at = made))

describe('ranges of documents', () => {
  it.each([1, 3, 7, 1000])('go over every _id once, whatever its type, %i at a time', async (limit) => {
    await at.seed(300)
    const ranges = value(await at.target.openRanges('thing', new AbortController().signal))
    const { upTo, total } = value(await ranges.bounds())
    const kinds = new Set<string>()
    let after: Value | undefined
    for (;;) {
      const span = value(await ranges.next(after, upTo ?? null, limit))
      if (span === undefined) break
      const { modifiedCount } = await at.things.updateMany(filterOf(span), { $inc: { n: 1 } })
      expect([modifiedCount > 0, modifiedCount <= limit]).toEqual([true, true])
      kinds.add('ids' in span ? 'named' : 'compared')
      after = 'ids' in span ? span.ids.at(-1) : span.last
    }
    expect([await at.things.countDocuments({ n: 1 }), total]).toEqual([300, 300])
    // What is of several types at once is named, one by one at the borders.
    expect([...kinds].sort()).toEqual(limit === 1000 ? ['named'] : ['compared', 'named'])
    await ranges.close()
  })

  it.each([1, 2, 1000])('leave out neither NaN nor what stands beside it, %i at a time', async (limit) => {
    await at.seed(0)
    const ids = [new Double(NaN), new Double(-Infinity), 0, new Double(Infinity), Decimal128.fromString('1.5')]
    await at.things.insertMany(ids.map((_id) => ({ _id, shape: 1, n: 0 })))
    const ranges = value(await at.target.openRanges('thing', new AbortController().signal))
    const { upTo } = value(await ranges.bounds())
    let after: Value | undefined
    for (;;) {
      const span = value(await ranges.next(after, upTo ?? null, limit))
      if (span === undefined) break
      await at.things.updateMany(filterOf(span), { $inc: { n: 1 } })
      after = 'ids' in span ? span.ids.at(-1) : span.last
    }
    expect(await at.things.countDocuments({ n: 1 })).toBe(ids.length)
    await ranges.close()
  })

  it('go on behind a document that is gone, and end where its end is gone', async () => {
    await at.seed(0)
    await at.things.insertMany(['a', 'B', 'c', 'D', 'e'].map((_id) => ({ _id, shape: 1, n: 0 })))
    const ranges = value(await at.target.openRanges('thing', new AbortController().signal))
    const { upTo } = value(await ranges.bounds())
    expect(upTo).toBe('e')
    await at.db.collection<{ _id: string }>('thing').deleteMany({ _id: { $in: ['B', 'e'] } })
    await at.things.insertOne({ _id: 'f', shape: 1, n: 0 })
    // The collation decides on the order: B is between a and c.
    const found = async (limit: number) => {
      const span = value(await ranges.next('B', 'e', limit)) ?? { ids: [] }
      const documents = await at.things.find(filterOf(span)).sort({ _id: 1 }).toArray()
      return { span, ids: documents.map(({ _id }) => _id) }
    }
    expect(await found(10)).toEqual({ span: { after: 'B', last: 'e' }, ids: ['c', 'D'] })
    expect(await found(1)).toEqual({ span: { after: 'B', last: 'D' }, ids: ['c', 'D'] })
    expect(value(await ranges.next('e', 'e', 10))).toBeUndefined()
    await ranges.close()
  })
})
