import { describe, expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import type { PlanOptions } from './options.ts'
import { planChanges } from './plan-changes.ts'
import { differenceText, planDifference } from './plan-difference.ts'
import { savedPlan } from './saved-plan.ts'
import { collection, index, LOCAL, observed, observedCollection, schema, version, wanted } from './testing/builders.ts'
import type { WantedVersion } from './wanted.ts'

const V1 = version('user', '1.0.0.0', { addIndexes: [index('a', { a: 1 })] })
const V2 = version('user', '1.0.1.0', { schema: schema('_id', 'more') })
const saved = (versions: readonly WantedVersion[], state: Observed = observed(), options: PlanOptions = LOCAL) =>
  savedPlan(planChanges(wanted([collection('user', ...versions)]), state, options))
const built = observed({ collections: [observedCollection('user', { indexes: [{ ...index('a', { a: 1 }) }] })] })
const text = (...[agreed, now]: [ReturnType<typeof saved>, ReturnType<typeof saved>]): string =>
  differenceText(planDifference(agreed, now))

describe('what became different since a plan was agreed to', () => {
  it('tells the database from the repository, with the steps of each collection', () => {
    expect(text(saved([V1]), saved([V1], built))).toBe(
      'the database changed. user: no longer needed: 1.0.0.0 create the collection with its validator, 1.0.0.0 build index a; new: 1.0.0.0 set the validator (moderate, error)',
    )
    expect(text(saved([V1]), saved([V1, V2]))).toBe(
      'the repository changed. user: new: 1.0.1.0 set the validator (moderate, error), 1.0.1.0 record version 1.0.1.0',
    )
    expect(text(saved([V1, V2]), saved([V1], built))).toMatch(/^the repository and the database changed\. user: /)
  })
  it('names a step that is there as before and does something else', () => {
    const other = version('user', '1.0.0.0', { addIndexes: [index('a', { b: 1 })] })
    expect(text(saved([V1]), saved([other]))).toBe(
      'the repository changed. user: not the same: 1.0.0.0 build index a, 1.0.0.0 record version 1.0.0.0',
    )
  })
  it('names circumstances, and what refuses the plan now', () => {
    expect(text(saved([V1]), saved([V1], observed(), { environment: 'production', loadTestData: false }))).toBe(
      'the environment is production, it was local; LOAD_TEST_DATA is false, it was true. the steps are the same',
    )
    const view = observed({ collections: [observedCollection('user', { type: 'view' })] })
    expect(text(saved([V1]), saved([V1], view))).toContain('now refused: user is a view in the database')
    expect(text(saved([V1]), saved([V1], observed(), { ...LOCAL, collections: [] }))).toMatch(
      /^what is asked for is not the same\. user: no longer needed: /,
    )
  })
  it('names what refused the agreed plan and is gone', () => {
    const found = (...texts: readonly string[]): PlanOptions => ({
      ...LOCAL,
      findings: texts.map((one) => ({ code: 'INDEX_DUPLICATES', severity: 'error', text: one })),
    })
    const [two, three] = ['two documents are equal', 'three documents are equal']
    expect(text(saved([V1], built, found(two)), saved([V1], built))).toBe(
      'what speaks against it is not the same. no longer refused: two documents are equal',
    )
    expect(text(saved([V1], built, found(two)), saved([V1], built, found(three)))).toBe(
      'what speaks against it is not the same. no longer refused: two documents are equal. now refused: three documents are equal',
    )
  })
  it('cuts long lists, and says how much more there is', () => {
    const many = wanted('abcdefg'.split('').map((name) => collection(name, version(name, '1.0.0.0'))))
    const none = savedPlan(planChanges(wanted([]), observed(), LOCAL))
    expect(text(none, savedPlan(planChanges(many, observed(), LOCAL)))).toMatch(/2 more collections differ$/)
    const four = [1, 2, 3, 4].map((n) => version('user', `1.0.${n}.0`, { schema: schema('_id') }))
    expect(text(none, saved(four))).toMatch(/and 2 more$/)
  })
})
