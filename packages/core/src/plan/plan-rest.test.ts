import { doc, type Doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { JournalEntry, Observed, ObservedCollection, ObservedIndex } from './observed.ts'
import { planChanges } from './plan-changes.ts'
import { differenceText, planDifference } from './plan-difference.ts'
import { isRestOf } from './plan-rest.ts'
import { savedPlan, type SavedPlan } from './saved-plan.ts'
import {
  collection,
  index,
  LOCAL,
  migration,
  observed,
  observedCollection,
  recorded,
  schema,
  version,
  wanted,
} from './testing/builders.ts'
import { simulate } from './testing/simulate.ts'

const HOUR = 3600
const YEAR = 31_536_000
const V1 = version('user', '1.0.0.0', { schema: schema('_id', 'at', 'name', 'email') })
const V2 = version('user', '1.0.1.0', {
  schema: schema('_id', 'at', 'name', 'email', 'more'),
  dropIndexes: ['byTime', 'byName', 'byEmail'],
  addIndexes: [
    index('byTime', { at: 1 }, { expireAfterSeconds: 2 * HOUR, hidden: true }),
    index('byEmail', { email: 1 }, { unique: true }),
  ],
})
const want = wanted([collection('user', V1, V2)])
const byTime = (expireAfterSeconds: number, more: Readonly<Record<string, boolean>> = {}): ObservedIndex =>
  index('byTime', { at: 1 }, { expireAfterSeconds, ...more })
const byName = index('byName', { name: 1, at: -1 })
const byEmail = index('byEmail', { email: 1 })
const V1_VALIDATOR = doc({ $jsonSchema: V1.schema })

const holding = (indexes: readonly ObservedIndex[], more: Partial<ObservedCollection> = {}): Observed =>
  observed({
    collections: [
      observedCollection('user', {
        validator: V1_VALIDATOR,
        validationLevel: 'moderate',
        validationAction: 'error',
        indexes,
        ...more,
      }),
    ],
    versions: [recorded('user', V1.stored, V1.schemaHash)],
  })
const START = holding([byTime(HOUR), byName, byEmail])
const agreed = savedPlan(planChanges(want, START, LOCAL))

const told = (state: Observed, whole: SavedPlan = agreed): readonly [boolean, string] => {
  const now = savedPlan(planChanges(want, state, LOCAL))
  return [isRestOf(now, whole, state), differenceText(planDifference(whole, now))]
}

const reversed = (given: Doc): Doc =>
  [...given.keys].reverse().reduce((rest, key) => rest.with(key, given.get(key) ?? null), doc({}))

describe('what is left of a plan whose run was cut off', () => {
  it.each<[string, Observed]>([
    ['nothing was done', START],
    ['an index is changed in part', holding([byTime(2 * HOUR), byName, byEmail])],
    ['the other part is', holding([byTime(HOUR, { hidden: true }), byName, byEmail])],
    [
      'an index is prepared to become unique',
      holding([byTime(HOUR), byName, index('byEmail', { email: 1 }, { prepareUnique: true })]),
    ],
    ['one is unique, one is gone', holding([byTime(HOUR), index('byEmail', { email: 1 }, { unique: true })])],
    [
      'a number has another type',
      holding([index('byTime', { at: 1 }, { expireAfterSeconds: 3600n }), byName, byEmail]),
    ],
    [
      'the validator is told in another order',
      holding([byTime(HOUR), byName, byEmail], { validator: doc({ $jsonSchema: reversed(V1.schema) }) }),
    ],
  ])('is recognised where %s', (_what, state) => {
    expect(told(state)[0]).toBe(true)
  })

  it.each<[string, Observed, string]>([
    [
      'an index deletes later than when its time was to be lengthened',
      holding([byTime(YEAR), byName, byEmail]),
      'the index has key {"at":1}, options {"expireAfterSeconds":31536000}, it had key {"at":1}, options {"expireAfterSeconds":3600}); with risks that were not agreed to: 1.0.1.0 change index byTime in place: hidden, documents expire after 7200 s: DS of byTime',
    ],
    [
      'another index has the name of the one that is dropped',
      holding([byTime(HOUR), index('byName', { name: 1, at: -1 }, { unique: true }), byEmail]),
      'with risks that were not agreed to: 1.0.1.0 drop index byName: LU of byName',
    ],
    [
      'the index that is dropped has its fields in another order',
      holding([byTime(HOUR), index('byName', { at: -1, name: 1 }), byEmail]),
      'the index has key {"at":-1,"name":1}, options {}, it had key {"name":1,"at":-1}, options {}',
    ],
    [
      'the index that becomes unique is another one',
      holding([byTime(HOUR), byName, index('byEmail', { email: 1 }, { hidden: true })]),
      'change index byEmail in place: unique, no longer hidden (the index has',
    ],
    [
      'another validator is in force',
      holding([byTime(HOUR), byName, byEmail], { validator: doc({ $jsonSchema: V1.schema, name: 'x' }) }),
      'not the same: 1.0.1.0 set the validator (moderate, error) (in place of another validator)',
    ],
    [
      'the validator has another level',
      holding([byTime(HOUR), byName, byEmail], { validationLevel: 'strict' }),
      'another validator',
    ],
    ['the validator is gone', holding([byTime(HOUR), byName, byEmail], { validator: undefined }), 'another validator'],
    ['the index that was to be changed is gone', holding([byName, byEmail]), 'new: 1.0.1.0 build index byTime'],
  ])('is another plan where %s', (_what, state, text) => {
    const [isRest, difference] = told(state)
    expect(isRest).toBe(false)
    expect(difference).toContain(text)
  })

  it('is another plan where the agreed one does not say which index it drops, as those of older releases', () => {
    const steps = agreed.steps.map((step) => (step.kind === 'dropIndex' ? { ...step, before: undefined } : step))
    const [isRest, difference] = told(START, { ...agreed, steps })
    expect(isRest).toBe(false)
    expect(difference).toContain(
      'not the same: 1.0.1.0 drop index byName (the agreed plan does not say how the index is defined)',
    )
  })

  it('may have the risks of a collection that is there, where the plan has made it and others have not filled it', () => {
    const fresh = planChanges(want, observed(), LOCAL)
    const whole = savedPlan(fresh)
    const made = simulate(observed(), fresh.steps.slice(0, 1))
    expect(fresh.steps[0]?.kind).toBe('createCollection')
    const filled = (state: Observed): Observed => ({
      ...state,
      collections: state.collections.map((one) => ({ ...one, estimatedDocuments: 50 })),
    })
    expect(told(made, whole)[0]).toBe(true)
    const [isRest, difference] = told(filled(made), whole)
    expect([isRest, difference]).toEqual([false, expect.stringContaining('LK of byEmail')])
    // Filled after the plan recorded its first version, or by its own step.
    const recordedAt = fresh.steps.findIndex(({ kind }) => kind === 'recordVersion')
    expect(told(filled(simulate(observed(), fresh.steps.slice(0, recordedAt + 1))), whole)[0]).toBe(true)
  })

  it('does not begin a migration anew that was to go on', () => {
    const migrated = wanted([
      collection(
        'user',
        V1,
        version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $set: { n: 1 } }], 'update')] }),
      ),
    ])
    const checkpoint = { last: 10, upTo: 99, ranges: 3, done: 30, modified: 30, total: 90 }
    const entry: JournalEntry = {
      stepId: 'user/1.0.1.0/migrate/m.json',
      contentHash: migrated.collections[0]?.versions[1]?.migrations[0]?.hash ?? '',
      state: 'intended',
      targetUuid: undefined,
      comment: 'c',
      checkpoint,
    }
    const at = (journal: readonly JournalEntry[]): Observed => ({ ...START, journal })
    const plan = (state: Observed): SavedPlan => savedPlan(planChanges(migrated, state, LOCAL))
    const [begun, anew] = [at([entry]), at([])]
    const further = at([{ ...entry, checkpoint: { ...checkpoint, ranges: 4 } }])
    expect(isRestOf(plan(further), plan(begun), further)).toBe(true)
    expect(isRestOf(plan(anew), plan(begun), anew)).toBe(false)
    expect(differenceText(planDifference(plan(begun), plan(anew)))).toContain(
      'not the same: 1.0.1.0 migrate with m.json',
    )
  })
})
