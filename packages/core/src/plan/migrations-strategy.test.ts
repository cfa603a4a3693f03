import { doc, Double, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { JournalEntry, MigrationCheckpoint, Observed } from './observed.ts'
import { planChanges } from './plan-changes.ts'
import { renderPlanText } from './render-plan.ts'
import type { StepOf } from './plan.ts'
import {
  collection,
  LOCAL,
  migration,
  observed,
  observedCollection,
  recorded,
  version,
  wanted,
} from './testing/builders.ts'

type Stages = readonly { readonly [stage: string]: Plain }[]

const V1 = version('user', '1.0.0.0')
const at = (parts: Partial<Observed> = {}): Observed =>
  observed({
    collections: [
      observedCollection('user', { validator: doc({ $jsonSchema: V1.schema }), validationLevel: 'moderate' }),
    ],
    versions: [recorded('user', 'user.1.0.0.0', V1.schemaHash)],
    ...parts,
  })
const standalone = { server: { version: '7.0.0', kind: 'standalone', modules: [] } } as const

function planned(
  stages: Stages,
  mode: 'as-written' | 'update' = 'as-written',
  state = at(),
  level: 'moderate' | 'off' = 'moderate',
) {
  const V2 = version('user', '1.0.1.0', {
    migrations: [migration('m.json', stages, mode)],
    validation: { level, action: 'error' },
  })
  const plan = planChanges(wanted([collection('user', V1, V2)]), state, LOCAL)
  const step = plan.steps.find((one): one is StepOf<'migrate'> => one.kind === 'migrate')
  const leftovers = plan.steps.find((one): one is StepOf<'findLeftovers'> => one.kind === 'findLeftovers')
  return { plan, step, leftovers, codes: plan.problems.map((one) => one.code) }
}

const OUT = { $out: 'user' }
const REPLACE = { $merge: { into: 'user', on: '_id', whenMatched: 'replace' } }
const MERGE = { $merge: { into: 'user' } }
const set = (fields: { readonly [field: string]: Plain }) => ({ $set: fields })
const UP = set({ n: { $add: ['$n', 1] } })

describe('a migration goes online', () => {
  it.each<{ what: string; stages: Stages; mode?: 'update' }>([
    { what: '$set and $unset with $out onto the collection itself', stages: [UP, { $unset: ['a', 'b.c'] }, OUT] },
    { what: '$out that names the database', stages: [UP, { $out: { db: 'shop', coll: 'user' } }] },
    { what: '$project that keeps _id aloud', stages: [{ $project: { _id: 1, a: 1 } }, OUT] },
    { what: '$project with a double', stages: [{ $project: { _id: new Double(1), a: 1 } }, OUT] },
    { what: '$project that leaves fields out', stages: [{ $project: { a: 0 } }, REPLACE] },
    {
      what: '$replaceRoot with the document and more',
      stages: [{ $replaceRoot: { newRoot: { $mergeObjects: ['$$ROOT', { a: 1 }] } } }, OUT],
    },
    {
      what: '$replaceWith with defaults below the document',
      stages: [{ $replaceWith: { $mergeObjects: [{ a: 1 }, '$$ROOT'] } }, OUT],
    },
    { what: '$replaceWith with its own _id', stages: [{ $replaceWith: { _id: '$_id', name: '$n' } }, OUT] },
    { what: '$merge with replace', stages: [UP, REPLACE] },
    { what: '$merge by default, that adds a constant', stages: [set({ a: 1 }), MERGE] },
    {
      what: '$merge by default, that adds what is never missing',
      stages: [set({ a: { $ifNull: ['$b', 'none'] }, 'c.d': '$x' }), MERGE],
    },
    {
      what: '$merge by default, with a choice',
      stages: [set({ a: { $cond: [{ $eq: ['$b', 1] }, 'x', { $concat: ['$c'] }] } }), MERGE],
    },
    { what: 'an update, whatever it does', stages: [{ $replaceWith: { a: 1 } }], mode: 'update' },
  ])('$what', ({ stages, mode }) => {
    const { step } = planned(stages, mode)
    expect(step).toMatchObject({ strategy: 'online', why: expect.stringContaining('in ranges') })
    expect(step?.transform).toHaveLength(mode === 'update' ? stages.length : stages.length - 1)
    expect(step?.risks.filter(({ code }) => code === 'CW' || code === 'NI')).toEqual([])
  })

  it('also on a sharded cluster, and says what $$NOW means then', () => {
    const sharded = at({ server: { version: '7.0.0', kind: 'sharded', modules: [] } })
    const { step, plan } = planned([set({ at: '$$NOW' }), OUT], 'as-written', sharded)
    expect(step).toMatchObject({ strategy: 'online', why: expect.stringContaining('$$NOW is the time of the range') })
    expect(renderPlanText(plan)).toContain('user into user, online: in ranges of documents')
  })

  it('and tells that writers need not be stopped, where the file as written would lose what they write', () => {
    expect(planned([UP, OUT]).codes).toEqual(['MIGRATION_ONLINE'])
    expect(planned([UP, REPLACE]).codes).toEqual([])
  })
})

describe('a migration is done as written, and the plan says why', () => {
  it.each<{ what: string; stages: Stages; why: string }>([
    {
      what: 'stages that look at many documents',
      stages: [{ $group: { _id: '$a' } }, OUT],
      why: '$group looks at more than one document',
    },
    { what: 'a filter', stages: [{ $match: { a: 1 } }, OUT], why: '$match looks at more than one document' },
    { what: '_id set', stages: [set({ _id: '$a' }), OUT], why: '$set may change _id' },
    { what: 'a part of _id set', stages: [set({ '_id.a': 1 }), OUT], why: '$set may change _id' },
    { what: '_id removed', stages: [{ $unset: ['a', '_id'] }, OUT], why: '$unset may change _id' },
    { what: '_id left out', stages: [{ $project: { _id: 0, a: 1 } }, OUT], why: '$project may change _id' },
    { what: '_id computed', stages: [{ $project: { _id: '$a' } }, OUT], why: '$project may change _id' },
    {
      what: 'a new document without _id',
      stages: [{ $replaceRoot: { newRoot: { a: 1 } } }, OUT],
      why: '$replaceRoot may change _id',
    },
    { what: 'a part of the document', stages: [{ $replaceWith: '$inner' }, OUT], why: '$replaceWith may change _id' },
    {
      what: 'an unknown document on top',
      stages: [{ $replaceWith: { $mergeObjects: ['$$ROOT', '$inner'] } }, OUT],
      why: '$replaceWith may change _id',
    },
    {
      what: '$merge by another field',
      stages: [UP, { $merge: { into: 'user', on: 'email', whenMatched: 'replace' } }],
      why: '$merge does not go by _id',
    },
    {
      what: '$merge that keeps what exists',
      stages: [UP, { $merge: { into: 'user', whenMatched: 'keepExisting' } }],
      why: 'neither replaces nor merges',
    },
    {
      what: '$merge that keeps what $unset removes',
      stages: [{ $unset: 'a' }, MERGE],
      why: 'keeps fields that the stages remove',
    },
    {
      what: '$merge that keeps what is set to a missing field',
      stages: [set({ a: '$b' }), MERGE],
      why: 'keeps fields that the stages remove',
    },
    {
      what: '$merge that keeps what $$REMOVE removes',
      stages: [set({ a: { $cond: ['$b', '$$REMOVE', 1] } }), MERGE],
      why: 'keeps fields that the stages remove',
    },
    { what: 'nothing but the end', stages: [OUT], why: 'no stages but the last one' },
    { what: 'another target', stages: [UP, { $out: 'copy' }], why: 'it writes to another collection' },
  ])('$what', ({ stages, why }) => {
    const { step } = planned(stages)
    expect(step).toMatchObject({ strategy: 'as-written', why: expect.stringContaining(why), transform: undefined })
  })

  it.each([
    { what: 'a standalone server', state: at(standalone), why: 'a standalone server has no transactions' },
    {
      what: 'a capped collection',
      state: at({ collections: [observedCollection('user', { options: doc({ capped: true }) })] }),
      why: 'capped',
    },
    {
      what: 'a clustered collection',
      state: at({ collections: [observedCollection('user', { options: doc({ clusteredIndex: doc({}) }) })] }),
      why: 'clustered',
    },
  ])('$what', ({ state, why }) => {
    expect(planned([UP, OUT], 'as-written', state).step).toMatchObject({
      strategy: 'as-written',
      why: expect.stringContaining(why),
    })
    expect(planned([UP], 'update', state).step).toMatchObject({ strategy: 'update', why: expect.stringContaining(why) })
  })

  it('with what it costs: a second copy and lost writes, or no pause', () => {
    const { step } = planned([UP, OUT], 'as-written', at(standalone))
    expect(step?.why).toContain('what others write meanwhile is lost')
    expect(step?.risks.map(({ code }) => code)).toEqual(['CW'])
    expect(planned([UP], 'update', at(standalone)).step?.why).toContain('cannot be paused or cancelled')
    const why = planned([{ $unset: 'a' }, MERGE]).step?.why
    expect(why).toContain('one aggregation with $merge, which cannot be paused. After a crash it may not begin anew: ')
  })
})

describe('an online migration that was cut off', () => {
  const checkpoint = (ranges: number): MigrationCheckpoint => ({
    last: 7,
    upTo: 90,
    ranges,
    done: 4,
    modified: 4,
    total: 40,
  })
  const hash = migration('m.json', [UP, OUT]).hash
  const begun = (parts: Partial<JournalEntry> = {}): Observed =>
    at({
      journal: [
        {
          stepId: 'user/1.0.1.0/migrate/m.json',
          contentHash: hash,
          state: 'intended',
          targetUuid: 'a0',
          comment: 'c',
          checkpoint: checkpoint(2),
          ...parts,
        },
      ],
    })

  it('goes on where its checkpoint is, and says so', () => {
    const { step, plan } = planned([UP, OUT], 'as-written', begun())
    expect(step?.from).toEqual(checkpoint(2))
    expect(renderPlanText(plan)).toContain('goes on after 4 of 40 documents')
    expect(plan.hash).not.toBe(planned([UP, OUT], 'as-written', begun({ checkpoint: checkpoint(3) })).plan.hash)
  })

  const resolved = (told: 'done' | 'repeat', parts: Partial<JournalEntry> = {}) => {
    const V2 = version('user', '1.0.1.0', { migrations: [migration('m.json', [UP, OUT])] })
    const outcomes = { 'user/1.0.1.0/migrate/m.json': told }
    const plan = planChanges(wanted([collection('user', V1, V2)]), begun(parts), { ...LOCAL, outcomes })
    const said = plan.problems.filter(({ severity }) => severity !== 'notice')
    return { step: plan.steps[0], said: said.map(({ code, severity }) => `${severity} ${code}`), plan }
  }

  it.each(['done', 'repeat'] as const)(
    'goes on there also where a person says %s: it would run twice, or not at all',
    (told) => {
      const { step, said, plan } = resolved(told)
      expect(step).toMatchObject({ kind: 'migrate', from: checkpoint(2) })
      expect(said).toEqual(['warning OUTCOME_UNUSED'])
      expect(plan.problems.map(({ text }) => text).join()).toContain('4 of 40 documents have it')
    },
  )

  it('and edited since runs as it is now on the documents that are left, or not at all', () => {
    const edited = { contentHash: 'other' }
    expect(resolved('repeat', edited)).toMatchObject({ step: { from: checkpoint(2) }, said: [] })
    expect(resolved('done', edited).said).toEqual(['error MIGRATION_EDITED'])
  })

  it('is not known to be done where it cannot go on in ranges, unless no range was done or it may be repeated', () => {
    const counting = (parts: Partial<JournalEntry>) =>
      planned([UP, OUT], 'as-written', { ...begun(parts), ...standalone })
    expect(counting({}).codes).toEqual(['MIGRATION_UNCERTAIN'])
    expect(counting({ checkpoint: checkpoint(0) })).toMatchObject({ codes: [], step: { strategy: 'as-written' } })
    const constant = [set({ a: 1 }), OUT]
    const constantHash = migration('m.json', constant).hash
    expect(planned(constant, 'as-written', { ...begun({ contentHash: constantHash }), ...standalone }).codes).toEqual(
      [],
    )
  })

  it('that an $out began before is judged by the UUID, as it was written then', () => {
    expect(planned([UP, OUT], 'as-written', begun({ checkpoint: undefined })).step?.from).toBeUndefined()
    const swapped = planned([UP, OUT], 'as-written', begun({ checkpoint: undefined, targetUuid: 'before' }))
    expect([swapped.step, swapped.codes]).toEqual([undefined, ['MIGRATION_ALREADY_DONE']])
  })
})

describe('documents that do not match after a migration', () => {
  it.each<{ what: string; stages: Stages; mode?: 'update'; repeat: number }>([
    {
      what: 'constants and removed fields are migrated once more',
      stages: [set({ a: 1 }), { $unset: 'b' }, OUT],
      repeat: 2,
    },
    { what: 'an update too', stages: [{ $unset: 'b' }], mode: 'update', repeat: 1 },
    { what: 'what counts up is only looked for', stages: [UP, OUT], repeat: 0 },
    { what: 'what only goes as a whole is only looked for', stages: [{ $sort: { a: 1 } }, OUT], repeat: 0 },
  ])('$what', ({ stages, mode, repeat }) => {
    const { leftovers, plan } = planned(stages, mode)
    expect(leftovers?.repeat).toHaveLength(repeat)
    expect(renderPlanText(plan)).toContain('look for documents that do not match the validator')
    expect(renderPlanText(plan).includes('migrated once more')).toBe(repeat > 0)
  })

  it('are looked for whatever of the version is done already, and only where the collection itself is migrated and validated', () => {
    const hash = migration('m.json', [UP, OUT]).hash
    const entry = {
      stepId: 'user/1.0.1.0/migrate/m.json',
      contentHash: hash,
      state: 'done',
      targetUuid: 'a0',
      comment: 'c',
    } as const
    const done = planned([UP, OUT], 'as-written', at({ journal: [entry] }))
    expect([done.step, done.leftovers?.kind]).toEqual([undefined, 'findLeftovers'])
    expect(planned([UP, { $out: 'copy' }]).leftovers).toBeUndefined()
    expect(planned([UP, OUT], 'as-written', at(), 'off').leftovers).toBeUndefined()
  })

  it.each(['intended', 'done'] as const)(
    'are only counted where an earlier run has begun the migration: %s',
    (state) => {
      const stages = [set({ a: 1 }), OUT]
      const entry = {
        stepId: 'user/1.0.1.0/migrate/m.json',
        contentHash: migration('m.json', stages).hash,
        targetUuid: undefined,
        comment: 'c',
      }
      const of = (one: JournalEntry) => planned(stages, 'as-written', at({ journal: [one] })).leftovers?.repeat
      expect(of({ ...entry, state })).toEqual([])
      expect(of({ ...entry, state: 'undone' })).toHaveLength(1)
    },
  )

  it('are not looked for where the run makes the collection: nobody can be writing an older shape', () => {
    const made = planned([UP, OUT], 'as-written', observed())
    expect(made.plan.steps.map(({ kind }) => kind)).toContain('createCollection')
    expect([made.step?.kind, made.leftovers]).toEqual(['migrate', undefined])
  })
})

describe('what is done at once', () => {
  it.each<{ what: string; stages: Stages; mode: 'as-written' | 'update'; repeatable: boolean }>([
    { what: 'an update to constants', stages: [set({ a: 1 })], mode: 'update', repeatable: true },
    { what: 'an update that counts', stages: [UP], mode: 'update', repeatable: false },
    {
      what: '$merge that replaces with constants',
      stages: [set({ a: 1 }), REPLACE],
      mode: 'as-written',
      repeatable: true,
    },
    { what: '$merge that replaces and counts', stages: [UP, REPLACE], mode: 'as-written', repeatable: false },
    { what: '$merge that merges', stages: [set({ a: 1 }), MERGE], mode: 'as-written', repeatable: false },
  ])('says of $what whether it begins anew after a crash, as its risks do', ({ stages, mode, repeatable }) => {
    const { step } = planned(stages, mode, at(standalone))
    expect(step?.why.includes('After a crash it begins anew. ')).toBe(repeatable)
    expect(step?.why.includes('After a crash it may not begin anew: what has become of it is to be said')).toBe(
      !repeatable,
    )
    expect([step?.repeatable, step?.risks.some(({ code }) => code === 'NI')]).toEqual([repeatable, !repeatable])
  })
})
