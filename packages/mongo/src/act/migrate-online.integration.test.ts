import { doc, type Value } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { wantedShape } from '../testing/online.ts'
import { value } from '../testing/scratch.ts'
import { type ThingDatabase } from '../testing/things.ts'
import { eachWithThings } from '../testing/each.ts'

let at: ThingDatabase
eachWithThings((made) => (at = made))

describe('an online migration', () => {
  it('gives the same documents as the file as it is written', async () => {
    await at.seed(200)
    const stages = [
      { $replaceWith: { $mergeObjects: [{ n: 5, made: 'late' }, '$$ROOT', { shape: 2 }] } },
      { $unset: ['old'] },
      { $project: { w: 0 } },
    ]
    const written = await at.things.aggregate([...stages, { $sort: { _id: 1 } }]).toArray()
    const events = await at.apply(wantedShape(2, [...stages, { $out: 'thing' }]), 'r1', { migration: { batchSize: 7 } })
    expect(events.at(-1)).toMatchObject({ status: 'succeeded' })
    const online = await at.things.find({}).sort({ _id: 1 }).toArray()
    expect(online.map((one) => one._id)).toEqual(written.map((one) => one['_id']))
    expect(online).toEqual(written)
    // An update keeps _id first, wherever the stages put it; and the collation is still there.
    expect(online.every((one) => Object.keys(one)[0] === '_id')).toBe(true)
    expect(await at.things.countDocuments({ made: 'LATE' } as object)).toBe(200)
  })

  it('W-11: of a process whose run was taken over changes nothing, whenever it wakes up', async () => {
    await at.seed(50)
    const ranges = value(await at.target.openRanges('thing', new AbortController().signal))
    const holder = (runId: string) => ({ host: 'here', pid: 1, user: 'ada', runId, command: 'apply' })
    const claim = value(await at.target.lock.claim(holder('r1'), 500))
    const token = claim.claimed ? claim.token : NaN
    const header = { runId: 'r1', token, planHash: 'h', plan: '{}', holder: holder('r1'), resumes: undefined }
    const more = { collections: ['thing'], steps: 1, idempotencyKey: undefined, journal: [] }
    value(await at.target.runs.begin({ ...header, ...more }))
    const { upTo, total } = value(await ranges.bounds())
    const checkpoint = { last: undefined, upTo, total, ranges: 0, done: 0, modified: 0 }
    const entry = { stepId: 's', contentHash: 'h', state: 'intended', targetUuid: undefined, comment: 'c' } as const
    value(
      await at.target.runs.journal('r1', token, { ...entry, checkpoint, session: { id: ranges.session, runId: 'r1' } }),
    )
    const next = async (after?: Value) => value(await ranges.next(after, upTo ?? null, 10)) ?? { ids: [] }
    const span = await next()
    const pipeline = [doc({ $set: { n: { $add: ['$n', 1] } } })]
    const counting = { span, pipeline, runId: 'r1', token, stepId: 's', comment: 'c', checkpoint }
    let updates = 0
    const first = value(await ranges.apply(counting, () => (updates += 1)))
    expect(updates).toBe(1)
    expect(first).toMatchObject({ ranges: 1, done: 10, modified: 10 })
    expect(span).toMatchObject({ ids: { length: 10, 9: first.last } })
    // Sent again, as after an answer that got lost: it took effect once.
    expect(value(await ranges.apply(counting, () => {}))).toEqual(first)
    expect(await at.things.countDocuments({ n: 1 })).toBe(10)
    await at.db.collection('stage0_lock').updateOne({}, { $set: { lease_end: new Date(0) } })
    const other = await at.another()
    value(await other.lock.claim(holder('r2'), 30_000))
    const behind = { ...counting, checkpoint: first, span: await next(first.last) }
    const late = await ranges.apply(behind, () => {})
    expect(late).toMatchObject({ ok: false, error: { kind: 'lost-lock' } })
    expect(await at.things.countDocuments({ n: 1 })).toBe(10)
    await ranges.close()
  })
})
