import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexForm, indexDifference } from './index-form.ts'
import type { Observed } from './observed.ts'
import type { Step } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
import { LOCAL, observed, wanted } from './testing/builders.ts'
import { indexChanges } from './testing/index-changes.ts'
import { simulate } from './testing/simulate.ts'
import type { IndexSpec, Wanted } from './wanted.ts'

const repository: fc.Arbitrary<Wanted> = indexChanges('user').map((one) => wanted([one]))
const indexesOf = (state: Observed): readonly IndexSpec[] => state.collections[0]?.indexes ?? []

/** The steps from the first version on, as an existing collection sees them. */
function applied(want: Wanted): { readonly start: Observed; readonly steps: readonly Step[] } {
  const [user] = want.collections
  const first = user?.versions[0]
  if (user === undefined || first === undefined) throw new TypeError('a generated repository without a version')
  const before = planChanges(wanted([{ ...user, versions: [first] }]), observed(), LOCAL)
  const start = simulate(observed(), before.steps)
  const plan = planChanges(want, start, LOCAL)
  fc.pre(!isRefused(before) && !isRefused(plan))
  return { start, steps: plan.steps }
}

describe('a plan of changed indexes', () => {
  it('leaves nothing to do and no drift once carried out', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const { start, steps } = applied(want)
        const again = planChanges(want, simulate(start, steps), LOCAL)
        expect([again.steps, again.problems]).toEqual([[], []])
      }),
    )
  })

  it('is finished from every point where it may be cut off, with the same indexes', () => {
    fc.assert(
      fc.property(repository, fc.nat(), (want, cut) => {
        const { start, steps } = applied(want)
        const half = simulate(start, steps.slice(0, cut % (steps.length + 1)))
        const rest = planChanges(want, half, LOCAL)
        expect(rest.problems.filter((one) => one.severity !== 'notice')).toEqual([])
        const whole = indexesOf(simulate(start, steps))
        const finished = indexesOf(simulate(half, rest.steps))
        expect(finished.map((one) => one.name).sort()).toEqual(whole.map((one) => one.name).sort())
        for (const one of whole) {
          const other = finished.find(({ name }) => name === one.name) ?? one
          expect(indexDifference(indexForm(one), indexForm(other))).toEqual([])
        }
      }),
    )
  })

  it('never takes an index away before its successor is there, unless it says so as the risk RB', () => {
    fc.assert(
      fc.property(repository, (want) => {
        const { start, steps } = applied(want)
        let state = start
        for (const [at, step] of steps.entries()) {
          const before = indexesOf(state)
          state = simulate(state, [step])
          if (step.kind === 'changeIndex')
            expect(indexesOf(state).map((one) => one.name)).toEqual(before.map((one) => one.name))
          if (step.kind !== 'dropIndex' || step.risks.some(({ code }) => code === 'RB')) continue
          const later = steps.slice(at + 1).filter(({ version }) => version === step.version)
          // Nothing of the version is built any more: what the drop takes away has its successor, or needs none.
          expect(later.some(({ kind }) => kind === 'buildIndexes')).toBe(false)
        }
      }),
    )
  })
})
