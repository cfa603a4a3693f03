import { doc } from '@stage0/bson-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, parseVersion } from '../model/version-number.ts'
import { limitWanted } from './limit-wanted.ts'
import { planChanges } from './plan-changes.ts'
import { collection, LOCAL, observed, version, wanted as rawWanted } from './testing/builders.ts'
import { simulate } from './testing/simulate.ts'
import { wantedHash } from './wanted-hash.ts'
import type { Wanted } from './wanted.ts'

const hashed = (given: Wanted): Wanted => ({ ...given, hash: wantedHash(given) })
const enumerators = (...versions: number[]) =>
  versions.map((number) => ({ version: number, document: doc({ version: number, enumerators: [] }) }))

const USER = ['1.0.0.0', '1.0.0.1', '1.1.0.1', '2.0.0.2']
const ORDER = ['1.0.0.0', '1.0.1.0']
const WANTED = hashed(
  rawWanted(
    [
      collection('order', ...ORDER.map((one) => version('order', one))),
      collection('user', ...USER.map((one) => version('user', one))),
    ],
    enumerators(0, 1, 2, 3),
  ),
)
const limited = (versions: Record<string, string>, from = WANTED): Wanted => {
  const result = limitWanted(from, versions)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('what is wanted up to a target version', () => {
  it('plans everything up to the target and nothing above it, whatever the database holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...USER), fc.constantFrom(undefined, ...USER), (target, recorded) => {
        const whole = planChanges(limited({ user: recorded ?? '1.0.0.0' }), observed(), LOCAL)
        const state = recorded === undefined ? observed() : simulate(observed(), whole.steps)
        const plan = planChanges(limited({ user: target }), state, LOCAL)
        const number = parseVersion(target)!
        for (const step of plan.steps) {
          if (step.collection === 'user')
            expect(compareVersions(parseVersion(step.version)!, number)).toBeLessThanOrEqual(0)
          // Enumerators 3 are used by no version: they are stored as ever.
          if (step.kind === 'recordEnumerators' && step.version !== '3')
            expect(Number(step.version)).toBeLessThanOrEqual(number[3])
        }
        const user = plan.collections.find((one) => one.name === 'user')
        const isAhead = recorded !== undefined && USER.indexOf(recorded) > USER.indexOf(target)
        expect(user?.state === 'ahead').toBe(isAhead)
        if (isAhead) expect(plan.problems.map((one) => one.code)).toContain('VERSION_AHEAD')
        else
          expect(simulate(state, plan.steps).versions.find((one) => one.collection === 'user')?.current).toBe(
            `user.${target}`,
          )
      }),
    )
  })

  it('has the hash of its content: that of the whole where nothing is cut, another one where something is', () => {
    expect(limited({ user: '2.0.0.2', order: '1.0.1' }).hash).toBe(WANTED.hash)
    expect(limited({}).hash).toBe(WANTED.hash)
    const hashes = USER.map((user) => limited({ user }).hash)
    expect(new Set(hashes).size).toBe(USER.length)
    const written = hashed(
      rawWanted([WANTED.collections[0]!, collection('user', version('user', '1.0.0.0'))], enumerators(0, 3)),
    )
    expect(limited({ user: '1.0.0' }).hash).toBe(written.hash)
  })

  it('calls enumerators of versions above the target no strangers where the database has them', () => {
    const all = planChanges(WANTED, observed(), LOCAL)
    const state = { ...simulate(observed(), all.steps), versions: [] }
    const plan = planChanges(limited({ user: '1.0.0.1' }), state, LOCAL)
    expect(plan.problems.map((one) => one.code)).not.toContain('ENUMERATORS_NOT_IN_REPOSITORY')
  })

  it('names every collection and every version that there is none of', () => {
    const result = limitWanted(WANTED, { usr: '1.0.0.0', user: '1.0.1.0', order: 'newest', __proto__x: '1.0.0' })
    expect(result).toMatchObject({
      ok: false,
      error: [
        { code: 'COLLECTION_UNKNOWN', text: 'there is no collection "usr"', hint: 'Did you mean "user"?' },
        {
          code: 'VERSION_UNKNOWN',
          text: 'collection "user" has no version "1.0.1.0"',
          hint: 'It has 1.0.0.0, 1.0.0.1, 1.1.0.1, 2.0.0.2.',
        },
        { code: 'VERSION_UNKNOWN', text: 'collection "order" has no version "newest"' },
        { code: 'COLLECTION_UNKNOWN' },
      ],
    })
  })
})
