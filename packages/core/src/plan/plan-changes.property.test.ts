import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doc } from '@stage0/bson-schema'
import type { Step } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
import { planToJson } from './plan-json.ts'
import { collection, index, LOCAL, migration, observed, version, wanted } from './testing/builders.ts'
import { simulate } from './testing/simulate.ts'
import type { Wanted, WantedIndex } from './wanted.ts'

/** Indexes that never get in each other's way, so that a generated repository is a valid one. */
const INDEXES: readonly WantedIndex[] = [
  index('a', { a: 1 }, { unique: true }),
  index('b', { b: -1, a: 1 }, { sparse: false }),
  index('c', { c: 'text' }),
  index('d', { d: 1 }, { collation: { locale: 'en' } }),
]

interface Draft {
  readonly migrates: boolean
  readonly hasData: boolean
  readonly toggled: readonly number[]
  readonly schemaNumber: number
}
const draft: fc.Arbitrary<Draft> = fc.record({
  migrates: fc.boolean(),
  hasData: fc.boolean(),
  toggled: fc.uniqueArray(fc.nat(INDEXES.length - 1)),
  schemaNumber: fc.nat(2),
})

/** Each version toggles some indexes: what is there is dropped, what is not is added. */
function versionsOf(name: string, drafts: readonly Draft[]) {
  const there = new Set<number>()
  return drafts.map((one, i) => {
    const drops = one.toggled.filter((n) => there.has(n))
    const adds = one.toggled.filter((n) => !there.has(n))
    for (const n of drops) there.delete(n)
    for (const n of adds) there.add(n)
    return version(name, `1.0.${i}.0`, {
      schema: doc({ bsonType: 'object', title: `shape ${one.schemaNumber}` }),
      dropIndexes: drops.map((n) => INDEXES[n]?.name ?? ''),
      addIndexes: adds.flatMap((n) => INDEXES[n] ?? []),
      migrations: one.migrates ? [migration(`m${i}.json`, [{ $set: { n: 1 } }, { $out: name }])] : [],
      ...(one.hasData && { data: [doc({ _id: i })] }),
    })
  })
}

const repository: fc.Arbitrary<Wanted> = fc
  .dictionary(fc.constantFrom('alpha', 'beta', 'gamma'), fc.array(draft, { minLength: 1, maxLength: 4 }))
  .map((byName) =>
    wanted(
      Object.entries(byName)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, drafts]) => collection(name, ...versionsOf(name, drafts))),
      [{ version: 0, document: doc({ version: 0 }) }],
    ),
  )

/** Each kind with those that must not come before it in its version. An index goes before or after the others, as is safe. */
const ORDER: readonly Step['kind'][] = [
  'createCollection',
  'migrate',
  'buildIndexes',
  'setValidator',
  'loadData',
  'recordVersion',
]

describe('planChanges', () => {
  it('gives the same bytes for the same inputs, and leaves them alone', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const before = JSON.stringify(want)
        expect(planToJson(planChanges(want, observed(), LOCAL))).toBe(planToJson(planChanges(want, observed(), LOCAL)))
        expect(JSON.stringify(want)).toBe(before)
      }),
    )
  })

  it('leaves nothing to do and no drift once carried out', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const plan = planChanges(want, observed(), LOCAL)
        expect(isRefused(plan)).toBe(false)
        const again = planChanges(want, simulate(observed(), plan.steps), LOCAL)
        expect(again.steps).toEqual([])
        expect(again.problems).toEqual([])
        expect(again.collections.map((one) => one.state)).toEqual(plan.collections.map(() => 'in sync'))
      }),
    )
  })

  it('finishes from every point where a run may be cut off, and records each version once', () => {
    fc.assert(
      fc.property(repository, fc.nat(), (want, cut) => {
        const plan = planChanges(want, observed(), LOCAL)
        const at = cut % (plan.steps.length + 1)
        const half = simulate(observed(), plan.steps.slice(0, at))
        const rest = planChanges(want, half, LOCAL)
        expect(rest.problems.filter((one) => one.severity !== 'notice')).toEqual([])
        const whole = simulate(half, rest.steps)
        expect(planChanges(want, whole, LOCAL).steps).toEqual([])
        const records = [...plan.steps.slice(0, at), ...rest.steps].filter((step) => step.kind === 'recordVersion')
        expect(records.map((step) => step.id)).toEqual(
          plan.steps.filter((step) => step.kind === 'recordVersion').map((step) => step.id),
        )
      }),
    )
  })

  it('W-21: puts enumerators first, collections in name order, versions ascending, kinds in the safe order', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const { steps } = planChanges(want, observed(), LOCAL)
        const own = steps.filter((step) => step.kind === 'recordEnumerators' || ORDER.includes(step.kind))
        const rank = (step: Step): string => [step.collection, step.version, ORDER.indexOf(step.kind)].join('/')
        expect(own.map(rank)).toEqual(own.map(rank).sort())
        expect(new Set(steps.map((step) => step.id)).size).toBe(steps.length)
        expect(steps[0]?.kind).toBe('recordEnumerators')
      }),
    )
  })

  it('W-04: never leaves an existing collection without its validator', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const { steps } = planChanges(want, observed(), LOCAL)
        let state = observed()
        const protectedOnce = new Set<string>()
        for (const step of steps) {
          state = simulate(state, [step])
          for (const one of state.collections) {
            if (one.validator !== undefined) protectedOnce.add(one.name)
            else expect(protectedOnce.has(one.name)).toBe(false)
          }
        }
      }),
    )
  })
})
