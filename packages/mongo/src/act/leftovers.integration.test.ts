import { doc } from '@stage0/bson-schema'
import { planChanges } from '@stage0/core'
import type { RunEvent } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { openTarget } from '../target.ts'
import { wantedShape } from '../testing/online.ts'
import { value } from '../testing/scratch.ts'
import { recordNames } from '../testing/target-parts.ts'
import { idOf, type ThingDatabase } from '../testing/things.ts'
import { eachWithThings } from '../testing/each.ts'

let at: ThingDatabase
eachWithThings((made) => (at = made))

describe('documents that do not match', () => {
  it('are updated once more where that is asked for, counted and explained', async () => {
    await at.seed(10)
    const schema = doc({ bsonType: 'object', properties: { shape: { enum: [2] }, n: { maximum: 3 } } })
    await at.things.updateOne({ _id: idOf(3) as never }, { $set: { n: 9 } })
    const query = { collection: 'thing', schema, limit: 2, comment: 'c', signal: new AbortController().signal }
    const found = value(await at.target.findLeftovers({ ...query, repeat: [] }))
    expect(found).toMatchObject({
      count: 10,
      repeated: 0,
      samples: [{ id: 'null', why: 'shape: enum [2], found 1' }, {}],
    })
    const again = value(await at.target.findLeftovers({ ...query, repeat: [doc({ $set: { shape: 2 } })] }))
    expect(again).toEqual({
      count: 1,
      repeated: 10,
      samples: [{ id: expect.any(String), why: expect.stringContaining('n: maximum 3') }],
    })
    expect(await at.things.countDocuments({ shape: 2 })).toBe(10)
  })

  it.each([
    { hideValues: false, told: /the unique index "n_1" allows a value once: .*7/ },
    { hideValues: true, told: /the unique index "n_1" allows a value once \(values are not shown/ },
  ])(
    'stay where the server refuses to update them, which stops none of the others: hideValues $hideValues',
    async ({ hideValues, told }) => {
      await at.db.createCollection('thing')
      await at.things.createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gt: 0 } } })
      await at.things.insertMany([1, 2, 3].map((_id) => ({ _id, shape: 1, n: -_id })))
      await at.things.insertOne({ _id: 'good', shape: 2, n: 7 })
      const schema = doc({ bsonType: 'object', properties: { shape: { enum: [2] } } })
      const n = { $cond: [{ $eq: ['$_id', 2] }, 7, '$n'] }
      const repeat = [doc({ $set: { shape: 2, n } })]
      const target = value(await openTarget({ uri: at.uri, database: at.name, recordNames, hideValues }))
      const signal = new AbortController().signal
      const found = value(
        await target.findLeftovers({ collection: 'thing', schema, repeat, limit: 0, comment: 'c', signal }),
      )
      await target.close()
      expect(found).toEqual({ count: 1, repeated: 2, refused: expect.stringMatching(told), samples: [] })
      expect(await at.things.countDocuments({ shape: 2 })).toBe(3)
    },
  )

  it('are not written into a record that another run has written since the look was planned', async () => {
    await at.seed(1)
    const versions = at.db.collection('CollectionVersions')
    const left = { count: 3, runId: 'late' }
    const { signal } = new AbortController()
    const looked = { current: 'thing.1.0.1.0', runId: 'r1' }
    const put = async (leftovers: { count: number; run_id: string }, of: typeof looked) => {
      await versions.updateOne({ collection_name: 'thing' }, { $set: { leftovers } })
      return at.target.recordLeftovers('thing', of, left, signal)
    }
    const mine = { count: 5, run_id: 'r1' }
    expect(await put({ count: 9, run_id: 'r2' }, looked)).toMatchObject({ error: { code: 'LOCK_LOST' } })
    expect(await put(mine, { ...looked, current: 'thing.1.0.0.0' })).toMatchObject({ error: { code: 'LOCK_LOST' } })
    expect((await versions.findOne({ collection_name: 'thing' }))?.['leftovers']).toEqual(mine)
    expect(await put(mine, looked)).toMatchObject({ ok: true })
    expect((await versions.findOne({ collection_name: 'thing' }))?.['leftovers']).toEqual({ count: 3, run_id: 'late' })
  })

  it.each([{ count: 3, runId: 'r2' }, undefined])(
    'are written once more when the answer got lost: %j',
    async (left) => {
      await at.seed(1)
      const leftovers = { count: 5, run_id: 'r1' }
      await at.db.collection('CollectionVersions').updateOne({ collection_name: 'thing' }, { $set: { leftovers } })
      const looked = { current: 'thing.1.0.1.0', runId: 'r1' }
      for (let times = 0; times < 2; times += 1)
        value(await at.target.recordLeftovers('thing', looked, left, new AbortController().signal))
    },
  )

  it('are only counted where no samples are wanted: no document leaves the database', async () => {
    await at.seed(10)
    const schema = doc({ bsonType: 'object', properties: { shape: { enum: [2] } } })
    const query = { collection: 'thing', schema, repeat: [], comment: 'c', signal: new AbortController().signal }
    at.sent.length = 0
    expect(value(await at.target.findLeftovers({ ...query, limit: 0 }))).toEqual({
      count: 10,
      repeated: 0,
      samples: [],
    })
    expect(at.sent.map(({ name }) => name)).toEqual(['aggregate'])
  })

  it('are remembered with the version, told by every plan and run, and forgotten once all match', async () => {
    await at.seed(10)
    await at.things.insertOne({ _id: 'stranger', shape: 7, n: 1 }, { bypassDocumentValidation: true })
    // Its pipeline counts, so that it may not be repeated, and touches none but the old shape.
    const stages = [{ $set: { shape: { $cond: [{ $eq: ['$shape', 1] }, 2, '$shape'] }, n: { $add: ['$n', 1] } } }]
    const wanted = wantedShape(2, [...stages, { $out: 'thing' }])
    const versions = at.db.collection('CollectionVersions')
    const recorded = async () => (await versions.findOne({ collection_name: 'thing' })) ?? {}
    const looked = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.type === 'step.finished' ? [[event.kind, event.leftovers?.count]] : []))

    const first = await at.apply(wanted, 'r1', { samples: 0 })
    expect(first.at(-1)).toMatchObject({ status: 'succeeded_with_leftovers' })
    expect(await recorded()).toMatchObject({
      current_version: 'thing.1.0.2.0',
      leftovers: { count: 1, run_id: 'r1' },
    })
    expect(JSON.stringify(first)).not.toContain('stranger')

    const planned = planChanges(wanted, value(await at.target.observe({})), {
      environment: 'local',
      loadTestData: false,
    })
    expect(planned.problems.map(({ code }) => code)).toContain('LEFTOVERS_REMAIN')
    expect(planned.collections).toMatchObject([{ state: 'in sync', leftovers: { count: 1, runId: 'r1' } }])

    const second = await at.apply(wanted, 'r2')
    expect([looked(second), second.at(-1)]).toMatchObject([
      [['findLeftovers', 1]],
      { status: 'succeeded_with_leftovers', error: { code: 'LEFTOVERS_FOUND', detail: { thing: 1 } } },
    ])
    expect(JSON.stringify(second)).toContain('stranger')
    expect(await recorded()).toMatchObject({ leftovers: { count: 1, run_id: 'r2' } })
    // What the first implementation reads is as it was, and nothing was applied a second time.
    expect(await at.db.collection('stage0_history').countDocuments({ version: '1.0.2.0' })).toBe(1)

    await at.things.updateOne({ _id: 'stranger' as never }, { $set: { shape: 2 } })
    const third = await at.apply(wanted, 'r3')
    expect([looked(third), third.at(-1)]).toMatchObject([[['findLeftovers', undefined]], { status: 'succeeded' }])
    expect(await recorded()).not.toHaveProperty('leftovers')
    expect(looked(await at.apply(wanted, 'r4'))).toEqual([])
  })

  it('of a record that somebody else wrote there count as none', async () => {
    await at.seed(1)
    const versions = at.db.collection('CollectionVersions')
    for (const leftovers of ['some', { count: 0, run_id: 'r' }, { count: 2 }, { run_id: 'r' }, [], null]) {
      await versions.updateOne({ collection_name: 'thing' }, { $set: { leftovers } })
      expect(value(await at.target.observe({})).versions[0]?.leftovers).toBeUndefined()
    }
  })
})
