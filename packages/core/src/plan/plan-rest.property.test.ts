import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEntry, Observed } from './observed.ts'
import type { Plan, Step } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
import { planToJson } from './plan-json.ts'
import { isRestOf } from './plan-rest.ts'
import { readPlan, savedPlan } from './saved-plan.ts'
import { collection, index, LOCAL, observed, version, wanted } from './testing/builders.ts'
import { indexChanges } from './testing/index-changes.ts'
import { repositories } from './testing/repositories.ts'
import { simulate } from './testing/simulate.ts'
import type { Wanted } from './wanted.ts'

/** What a run leaves that was cut off after these steps: its journal says which migrations and data are done. */
function cutOffAfter(start: Observed, steps: readonly Step[]): Observed {
  const journal = steps.flatMap((step): JournalEntry[] => {
    if (step.kind !== 'migrate' && step.kind !== 'loadData') return []
    return [{ stepId: step.id, contentHash: step.contentHash, state: 'done', targetUuid: undefined, comment: 'c' }]
  })
  return { ...simulate(start, steps), journal }
}

const isRest = (rest: Plan, whole: Plan, from = observed()): boolean =>
  isRestOf(savedPlan(rest), savedPlan(whole), from)

/** A collection that stands at the first version, and all that follows. */
function fromFirst(want: Wanted): { readonly start: Observed; readonly whole: Plan } {
  const first = wanted(want.collections.map((one) => ({ ...one, versions: one.versions.slice(0, 1) })))
  const before = planChanges(first, observed(), LOCAL)
  fc.pre(!isRefused(before))
  const start = simulate(observed(), before.steps)
  const whole = planChanges(want, start, LOCAL)
  fc.pre(!isRefused(whole))
  return { start, whole }
}

describe('what is left of a plan', () => {
  it.each([
    ['changes of all kinds', repositories],
    ['changes of indexes', indexChanges('user').map((one) => wanted([one]))],
  ])('is recognised wherever a run of it is cut off: %s', (_what, wants) => {
    fc.assert(
      fc.property(wants, fc.nat(), fc.boolean(), (want, cut, isNew) => {
        const { start, whole } = isNew
          ? { start: observed(), whole: planChanges(want, observed(), LOCAL) }
          : fromFirst(want)
        fc.pre(!isRefused(whole))
        const half = cutOffAfter(start, whole.steps.slice(0, cut % (whole.steps.length + 1)))
        const rest = planChanges(want, half, LOCAL)
        expect([rest.steps.map((one) => one.id), isRest(rest, whole, half)]).toEqual([
          rest.steps.map((one) => one.id),
          true,
        ])
      }),
    )
  })

  it('is not a plan of another repository, with other settings, for another database, or with a step more', () => {
    fc.assert(
      fc.property(repositories, (want) => {
        const plan = planChanges(want, observed(), LOCAL)
        const other = collection('zeta', version('zeta', '1.0.0.0'))
        expect(isRest(planChanges(wanted([...want.collections, other]), observed(), LOCAL), plan)).toBe(false)
        expect(isRest(planChanges(want, observed(), { ...LOCAL, environment: 'production' }), plan)).toBe(false)
        expect(isRest(planChanges(want, observed(), { ...LOCAL, loadTestData: false }), plan)).toBe(false)
        expect(isRest(planChanges(want, observed({ database: 'other' }), LOCAL), plan)).toBe(false)
        const shorter = savedPlan(plan).steps.slice(1)
        expect(isRestOf(savedPlan(plan), { ...savedPlan(plan), steps: shorter }, observed())).toBe(false)
      }),
    )
  })

  it('keeps the order of the plan', () => {
    fc.assert(
      fc.property(repositories, (want) => {
        const whole = savedPlan(planChanges(want, observed(), LOCAL))
        fc.pre(whole.steps.filter((one) => one.kind !== 'findLeftovers').length > 1)
        expect(isRestOf({ ...whole, steps: [...whole.steps].reverse() }, whole, observed())).toBe(false)
      }),
    )
  })

  it('builds some of the indexes that a step was to build, and none besides', () => {
    const build = (...names: readonly string[]) =>
      savedPlan(
        planChanges(
          {
            ...wanted([
              collection(
                'user',
                version('user', '1.0.0.0', { addIndexes: names.map((one) => index(one, { [one]: 1 })) }),
              ),
            ]),
            hash: 'same',
          },
          observed(),
          LOCAL,
        ),
      )
    const only = (saved: ReturnType<typeof build>) => ({
      ...saved,
      steps: saved.steps.filter(({ kind }) => kind === 'buildIndexes'),
    })
    expect(isRestOf(only(build('b')), build('a', 'b'), observed())).toBe(true)
    expect(isRestOf(only(build('b', 'c')), build('a', 'b'), observed())).toBe(false)
  })
})

it('a saved plan is read as it was written, and not when it was changed or is none', () => {
  fc.assert(
    fc.property(repositories, (want) => {
      const plan = planChanges(want, observed(), LOCAL)
      const read = readPlan(`${planToJson(plan)}\n`)
      expect(read.ok && read.value.steps.map(({ id, name }) => [id, name])).toEqual(
        plan.steps.map(({ id, name }) => [id, name]),
      )
      expect(readPlan(planToJson(plan).replace('"shop"', '"shed"'))).toEqual({ ok: false, error: 'changed' })
    }),
  )
  expect(readPlan('{"a": 1}')).toEqual({ ok: false, error: 'not-a-plan' })
})
