import { describe, expect, it } from 'vitest'
import { describePlan } from './describe-plan.ts'
import type { Observed, RememberedLeftovers } from './observed.ts'
import { planChanges, planStates } from './plan-changes.ts'
import type { Plan, StepOf } from './plan.ts'
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
import { simulate } from './testing/simulate.ts'
import type { WantedVersion } from './wanted.ts'

const LEFT: RememberedLeftovers = { count: 5, runId: 'run-7' }
const own = migration('m.json', [{ $set: { shape: 'new' } }, { $out: 'user' }])
const V1 = version('user', '1.0.0.0', { migrations: [own] })
const V2 = version('user', '1.0.0.1')
const OFF = { level: 'off', action: 'error' } as const

/** A database at V1, and what its last look left. */
function at(leftovers: RememberedLeftovers | undefined, parts: Partial<Observed> = {}): Observed {
  const start = observed({ collections: [observedCollection('user')] })
  const { versions, ...done } = simulate(start, planChanges(wanted([collection('user', V1)]), start, LOCAL).steps)
  return { ...done, versions: versions.map((one) => ({ ...one, leftovers })), ...parts }
}

const plan = (state: Observed, ...versions: readonly WantedVersion[]): Plan =>
  planChanges(wanted([collection('user', ...versions)]), state, LOCAL)
const kinds = ({ steps }: Plan): string[] => steps.map(({ kind, version: number }) => `${kind} ${number}`)
const look = ({ steps }: Plan): StepOf<'findLeftovers'> | undefined =>
  steps.findLast((step): step is StepOf<'findLeftovers'> => step.kind === 'findLeftovers')
const told = ({ problems }: Plan): string[] => problems.map(({ severity, code }) => `${severity} ${code}`)

describe('leftovers that a run ended with', () => {
  it('are looked at again by a plan that has nothing else to do, and told with their number and the run', () => {
    const made = plan(at(LEFT), V1)
    expect([kinds(made), told(made)]).toEqual([['findLeftovers 1.0.0.0'], ['notice LEFTOVERS_REMAIN']])
    expect(look(made)).toMatchObject({ repeat: [], again: { current: 'user.1.0.0.0', runId: 'run-7' } })
    expect(made.problems[0]?.text).toBe(
      '5 documents of user did not match the validator when run run-7 looked; the plan looks again',
    )
    expect(made.problems[0]?.hint).toMatch(/^stage0 history run-7 tells .* unless EVIDENCE_SAMPLES was 0\. /)
    expect(made.collections[0]).toMatchObject({ state: 'in sync', leftovers: LEFT, stepIds: [look(made)?.id] })
  })

  it('leave nothing to do once a look has found none', () => {
    const made = plan(at(undefined), V1)
    expect([made.steps, told(made), made.collections[0]?.leftovers]).toEqual([[], [], undefined])
  })

  it('of one document are told in the singular', () => {
    expect(plan(at({ count: 1, runId: 'run-7' }), V1).problems[0]?.text).toContain('1 document of user did not match')
  })

  it('are told of a collection where only the states are asked for', () => {
    expect(planStates(wanted([collection('user', V1)]), at(LEFT), LOCAL)[0]?.leftovers).toEqual(LEFT)
  })

  it('are looked at before the next version is recorded, though it migrates nothing', () => {
    const made = plan(at(LEFT), V1, V2)
    expect(kinds(made)).toEqual(['setValidator 1.0.0.1', 'findLeftovers 1.0.0.1', 'recordVersion 1.0.0.1'])
    expect(look(made)).toMatchObject({ schema: V2.schema, repeat: [] })
    expect(look(made)).not.toHaveProperty('again')
  })

  it('are looked at once where the next version looks anyway, and at the end of the last of several', () => {
    const migrating = version('user', '1.0.0.1', {
      migrations: [migration('n.json', [{ $set: { a: 1 } }, { $out: 'user' }])],
    })
    const looks = (made: Plan) => kinds(made).filter((one) => one.startsWith('findLeftovers'))
    expect(looks(plan(at(LEFT), V1, migrating))).toEqual(['findLeftovers 1.0.0.1'])
    expect(looks(plan(at(LEFT), V1, V2, version('user', '1.0.0.2')))).toEqual(['findLeftovers 1.0.0.2'])
  })

  it('are not looked for where the rules are off, nor where the collection is gone, and are not told there', () => {
    const off = version('user', '1.0.0.0', { migrations: [own], validation: OFF })
    for (const made of [plan(at(LEFT), off), plan(at(LEFT, { collections: [] }), V1)]) {
      expect([look(made), told(made).includes('notice LEFTOVERS_REMAIN')]).toEqual([undefined, false])
      expect(made.collections[0]).not.toHaveProperty('leftovers')
    }
  })

  it('are known until a version takes the rules away, which does not look for them', () => {
    const made = plan(at(LEFT), V1, version('user', '1.0.0.1', { validation: OFF }))
    expect([look(made), told(made)]).toEqual([undefined, []])
    expect(made.collections[0]?.leftovers).toEqual(LEFT)
  })

  it('are not looked for where the record contradicts the repository', () => {
    const state = at(undefined, { versions: [{ ...recorded('user', 'user.9.0.0.0'), leftovers: LEFT }] })
    expect(plan(state, V1).steps).toEqual([])
  })

  it('are shown in the plan as a step of the version that is recorded', () => {
    const [shown] = describePlan(plan(at(LEFT), V1)).collections
    expect(shown?.versions.map((one) => [one.version, one.steps.map(({ text }) => text)])).toEqual([
      ['1.0.0.0', ['look for documents that do not match the validator']],
    ])
  })
})
