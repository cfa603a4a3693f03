import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
import { planToJson } from './plan-json.ts'
import { LOCAL, observed } from './testing/builders.ts'
import { repositories } from './testing/repositories.ts'
import { simulate } from './testing/simulate.ts'

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
      fc.property(repositories, (want) => {
        const before = JSON.stringify(want)
        expect(planToJson(planChanges(want, observed(), LOCAL))).toBe(planToJson(planChanges(want, observed(), LOCAL)))
        expect(JSON.stringify(want)).toBe(before)
      }),
    )
  })

  it('leaves nothing to do and no drift once carried out', () => {
    fc.assert(
      fc.property(repositories, (want) => {
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
      fc.property(repositories, fc.nat(), (want, cut) => {
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
      fc.property(repositories, (want) => {
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
      fc.property(repositories, (want) => {
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
