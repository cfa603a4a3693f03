import { doc, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { Plan } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
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
  type VersionParts,
} from './testing/builders.ts'
import type { IndexSpec, WantedIndex } from './wanted.ts'

type Literal = { readonly [name: string]: Plain }
const RULES = schema('_id', 'a', 'b', 'c')
const idIndex: IndexSpec = { name: '_id_', key: doc({ _id: 1 }), options: doc({}) }

/** A collection at 1.0.0.0 with the indexes `there`, and a version 1.0.1.0 that changes only indexes and what `parts` say. */
function planWith(there: readonly WantedIndex[], parts: VersionParts, server = '7.0.0'): Plan {
  const first = version('user', '1.0.0.0', { schema: RULES, addIndexes: there })
  const next = version('user', '1.0.1.0', { schema: RULES, ...parts })
  const stands = observedCollection('user', {
    validator: doc({ $jsonSchema: RULES }),
    validationLevel: 'moderate',
    indexes: [idIndex, ...there],
  })
  const state = observed({
    server: { version: server, kind: 'replica-set', modules: [] },
    collections: [stands],
    versions: [recorded('user', 'user.1.0.0.0', first.schemaHash)],
  })
  return planChanges(wanted([collection('user', first, next)]), state, LOCAL)
}

const replacing = (before: WantedIndex, after: WantedIndex, parts: VersionParts = {}, server?: string): Plan =>
  planWith([before], { dropIndexes: [before.name], addIndexes: [after], ...parts }, server)

/** What happens to indexes, and the migrations among it. */
const steps = (plan: Plan): string[] =>
  plan.steps.flatMap((step) => {
    if (step.kind === 'dropIndex') return [`drop ${step.index}`]
    if (step.kind === 'buildIndexes') return [`build ${step.indexes.map((one) => one.name).join(' ')}`]
    if (step.kind === 'changeIndex') return [`change ${step.index.name} ${JSON.stringify(step.change)}`]
    return step.kind === 'migrate' ? ['migrate'] : []
  })

const risks = (plan: Plan, kind: string): string[] =>
  plan.steps.flatMap((step) => (step.kind === kind ? step.risks.map((one) => one.code) : []))

describe('an index that is dropped and added again with another', () => {
  it.each<[string, Literal, Literal, Literal]>([
    ['visibility', {}, { hidden: true }, { hidden: true }],
    ['visibility back', { hidden: true }, {}, { hidden: false }],
    ['time to live', { expireAfterSeconds: 60 }, { expireAfterSeconds: 3600 }, { expireAfterSeconds: 3600 }],
    ['time to live where there was none', {}, { expireAfterSeconds: 60 }, { expireAfterSeconds: 60 }],
    ['uniqueness', { sparse: true }, { sparse: true, unique: true }, { unique: true }],
    ['uniqueness, half prepared', { prepareUnique: true }, { unique: true }, { unique: true }],
    ['readiness', { prepareUnique: true }, {}, { prepareUnique: false }],
    [
      'several of them',
      {},
      { unique: true, hidden: true, expireAfterSeconds: 5 },
      { unique: true, hidden: true, expireAfterSeconds: 5 },
    ],
  ])('%s is changed in place, in one step', (_what, before, after, change) => {
    const plan = replacing(index('i', { a: 1 }, before), index('i', { a: 1 }, after))
    expect(steps(plan)).toEqual([`change i ${JSON.stringify(change)}`])
    expect(isRefused(plan)).toBe(false)
  })

  it.each<[string, WantedIndex, WantedIndex, string?, string?]>([
    ['key', index('i', { a: 1 }), index('i', { a: 1, b: 1 })],
    ['collation', index('i', { a: 1 }), index('i', { a: 1 }, { collation: { locale: 'de' } }), '7.0.0', 'LI'],
    ['filter', index('i', { a: 1 }), index('i', { a: 1 }, { partialFilterExpression: { b: 1 } }), '7.0.0', 'LI'],
    ['uniqueness taken away', index('i', { a: 1 }, { unique: true }), index('i', { a: 1 }), '7.0.0', 'LU'],
    ['time to live taken away', index('i', { a: 1 }, { expireAfterSeconds: 5 }), index('i', { a: 1 }), '7.0.0', 'LI'],
    ['time to live of two fields', index('i', { a: 1, b: 1 }), index('i', { a: 1, b: 1 }, { expireAfterSeconds: 5 })],
    ['uniqueness, on a server before 6.0', index('i', { a: 1 }), index('i', { a: 1 }, { unique: true }), '5.3.1'],
    [
      'new time to live, on a server before 5.1',
      index('i', { a: 1 }),
      index('i', { a: 1 }, { expireAfterSeconds: 5 }),
      '5.0.9',
    ],
  ])(
    '%s cannot be changed in place: the drop comes first, as the named risk RB',
    (_what, before, after, server, loss) => {
      const plan = replacing(before, after, {}, server)
      expect(steps(plan)).toEqual(['drop i', 'build i'])
      expect(risks(plan, 'dropIndex')).toEqual(loss === undefined ? ['RB'] : ['RB', loss])
    },
  )

  it('definition that is the same is left alone', () => {
    expect(steps(replacing(index('i', { a: 1 }), index('i', { a: 1 }, { unique: false })))).toEqual([])
  })

  it('time to live is a risk where it deletes more than before, in place or built', () => {
    const ttl = (seconds?: number): WantedIndex =>
      index('i', { a: 1 }, seconds === undefined ? {} : { expireAfterSeconds: seconds })
    expect(risks(replacing(ttl(), ttl(60)), 'changeIndex')).toEqual(['LK', 'DS'])
    expect(risks(replacing(ttl(60), ttl(30)), 'changeIndex')).toEqual(['LK', 'DS'])
    expect(risks(replacing(ttl(60), ttl(90)), 'changeIndex')).toEqual(['LK'])
    expect(risks(planWith([], { addIndexes: [ttl(60)] }), 'buildIndexes')).toEqual(['LK', 'DS'])
  })

  it('uniqueness depends on the stored documents', () => {
    expect(risks(replacing(index('i', { a: 1 }), index('i', { a: 1 }, { unique: true })), 'changeIndex')).toEqual([
      'LK',
      'MF',
    ])
  })
})

describe('an index that another one replaces', () => {
  it('goes when the other one is built: no query is without an index', () => {
    const plan = replacing(index('old', { a: 1 }), index('new', { a: 1, b: 1 }))
    expect(steps(plan)).toEqual(['build new', 'drop old'])
    expect(risks(plan, 'dropIndex')).toEqual([])
  })

  it('goes after the migrations too, unless it may refuse what they write', () => {
    const migrations = [migration('m.json', [{ $set: { a: 'x' } }, { $out: 'user' }])]
    const order = (before: WantedIndex): string[] =>
      steps(replacing(before, index('new', { a: 1, c: 1 }), { migrations }))
    expect(order(index('old', { a: 1 }))).toEqual(['migrate', 'build new', 'drop old'])
    expect(order(index('old', { a: 1, b: 1 }))).toEqual(['migrate', 'build new', 'drop old'])
    for (const before of [
      index('old', { a: 1 }, { unique: true }),
      index('old', { a: 'hashed' }),
      // The schema does not say what stands there, so two arrays might.
      index('old', { 'x.y': 1, 'x.z': 1 }),
    ])
      expect(order(before)).toEqual(['drop old', 'migrate', 'build new'])
  })

  it('is told with its gap where it must go before a migration', () => {
    const migrations = [migration('m.json', [{ $set: { a: 'x' } }, { $out: 'user' }])]
    const before = index('old', { a: 1 }, { unique: true })
    expect(risks(replacing(before, index('new', { a: 1, c: 1 }), { migrations }), 'dropIndex')).toEqual(['RB', 'LU'])
    expect(risks(replacing(before, index('new', { c: 1 }), { migrations }), 'dropIndex')).toEqual(['LI', 'LU'])
  })

  it.each<[string, WantedIndex, WantedIndex, string[]]>([
    ['the same key', index('old', { a: 1 }), index('new', { a: 1 }, { hidden: true }), ['RB', 'LI']],
    ['a text index too', index('old', { a: 'text' }), index('new', { b: 'text' }), ['RB']],
  ])('goes first where the server holds only one of them: %s', (_what, before, after, told) => {
    const plan = replacing(before, after)
    expect(steps(plan)).toEqual(['drop old', 'build new'])
    expect(risks(plan, 'dropIndex')).toEqual(told)
  })

  it('stays beside the other one where an option tells them apart', () => {
    expect(steps(replacing(index('old', { a: 1 }), index('new', { a: 1 }, { sparse: true })))).toEqual([
      'build new',
      'drop old',
    ])
  })

  it('goes first where the collection would have more than 64 indexes meanwhile', () => {
    const full = Array.from({ length: 63 }, (_, i) => index(`i${i}`, { [`f${i}`]: 1 }))
    const plan = planWith(full, { dropIndexes: ['i0'], addIndexes: [index('new', { z: 1 })] })
    expect(steps(plan)).toEqual(['drop i0', 'build new'])
    expect([risks(plan, 'dropIndex'), isRefused(plan)]).toEqual([['RB', 'LI'], false])
  })

  it('by a unique one is dropped only once its documents were looked through', () => {
    const plan = replacing(index('i', { a: 1 }), index('i', { b: 1 }, { unique: true }))
    expect(plan.steps[0]).toMatchObject({ kind: 'dropIndex', replacedBy: [{ name: 'i', key: doc({ b: 1 }) }] })
  })
})

it('an index that nothing replaces goes before the migrations, which are cheaper without it', () => {
  const migrations = [migration('m.json', [{ $set: { a: 'x' } }, { $out: 'user' }])]
  expect(steps(planWith([index('old', { a: 1 })], { dropIndexes: ['old'], migrations }))).toEqual([
    'drop old',
    'migrate',
  ])
})

it('hiding comes after what is built, showing and uniqueness before anything is dropped', () => {
  const plan = planWith([index('h', { a: 1 }), index('u', { b: 1 }), index('r', { c: 1 })], {
    dropIndexes: ['h', 'u', 'r'],
    addIndexes: [index('h', { a: 1 }, { hidden: true }), index('u', { b: 1 }, { unique: true }), index('r', { c: -1 })],
  })
  expect(steps(plan)).toEqual(['change u {"unique":true}', 'drop r', 'build r', 'change h {"hidden":true}'])
})

it('a change that frees a key lets another index be built on it', () => {
  const plan = planWith([index('u', { a: 1 })], {
    dropIndexes: ['u'],
    addIndexes: [index('u', { a: 1 }, { unique: true }), index('plain', { a: 1 })],
  })
  expect([steps(plan), isRefused(plan)]).toEqual([['change u {"unique":true}', 'build plain'], false])
})

it('without a build and without migrations, what is hidden comes before what is dropped, as where a build was cut off after it', () => {
  const there = [index('h', { a: 1 }), index('old', { b: 1 })]
  const parts = {
    dropIndexes: ['h', 'old'],
    addIndexes: [index('h', { a: 1 }, { hidden: true }), index('new', { b: 1, c: 1 })],
  }
  expect(steps(planWith(there, parts))).toEqual(['build new', 'change h {"hidden":true}', 'drop old'])
  const plan = planWith([...there, index('new', { b: 1, c: 1 })], parts)
  expect(steps(plan)).toEqual(['change h {"hidden":true}', 'drop old'])
})
