import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { isRefused } from './plan-changes.ts'
import { index, observed, observedCollection, version } from './testing/builders.ts'
import { V1, V2, emailIndex, idIndex, validated, atV1, plan, codes, kinds } from './testing/one-collection.ts'

describe('indexes', () => {
  it('W-02: are planned with every option', () => {
    const options = { unique: true, sparse: true, expireAfterSeconds: 60, collation: { locale: 'de' }, hidden: true }
    const made = plan(observed(), [version('user', '1.0.0.0', { addIndexes: [index('i', { a: 1 }, options)] })])
    expect(made.steps.flatMap((step) => (step.kind === 'buildIndexes' ? step.indexes : []))).toEqual([
      { name: 'i', key: doc({ a: 1 }), options: doc(options) },
    ])
  })
  it('W-02: what the first implementation left out is shown as drift and not touched', () => {
    const state = {
      ...atV1,
      collections: [
        observedCollection('user', { ...validated(V1), indexes: [idIndex, { ...emailIndex, options: doc({}) }] }),
      ],
    }
    const made = plan(state, [V1])
    expect(made.collections[0]).toMatchObject({
      state: 'drifted',
      drift: ['index email: unique is missing, wanted true'],
    })
    expect([kinds(made), codes(made), isRefused(made)]).toEqual([[], ['STATE_DRIFTED'], false])
  })
  it('W-03: an index that is dropped already is no obstacle', () => {
    const state = { ...atV1, collections: [observedCollection('user', validated(V1))] }
    const made = plan(state, [V1, V2])
    expect([kinds(made), codes(made)]).toEqual([['setValidator', 'recordVersion'], ['INDEX_ABSENT']])
  })
  it('W-03: an index that was dropped and rebuilt is not dropped again', () => {
    const rebuild = version('user', '1.0.1.0', { dropIndexes: ['email'], addIndexes: [index('email', { email: 1 })] })
    const state = {
      ...atV1,
      collections: [
        observedCollection('user', { ...validated(V1), indexes: [idIndex, { ...emailIndex, options: doc({}) }] }),
      ],
    }
    expect(kinds(plan(state, [V1, rebuild]))).toEqual(['setValidator', 'recordVersion'])
    expect(plan(atV1, [V1, rebuild]).steps.map((step) => [step.kind, step.risks.map((one) => one.code)])).toEqual([
      ['dropIndex', ['RB', 'LU']],
      ['buildIndexes', ['LK']],
      ['setValidator', ['BC', 'LK']],
      ['recordVersion', []],
    ])
  })
  it.each([
    {
      why: 'same name, other key',
      there: { name: 'email', key: doc({ mail: 1 }), options: doc({ unique: true }) },
      code: 'INDEX_CONFLICT',
    },
    {
      why: 'same name, other options',
      there: { name: 'email', key: doc({ email: 1 }), options: doc({}) },
      code: 'INDEX_CONFLICT',
    },
    {
      why: 'same key, other name',
      there: { name: 'mail', key: doc({ email: 1 }), options: doc({ unique: true }) },
      code: 'INDEX_CONFLICT',
    },
    {
      why: 'an index nobody knows is told and left alone',
      there: { name: 'foo', key: doc({ foo: 1 }), options: doc({}) },
      code: 'INDEX_NOT_IN_REPOSITORY',
    },
  ])('a collection that is there with other indexes: $why', ({ there, code }) => {
    const made = plan(observed({ collections: [observedCollection('user', { indexes: [idIndex, there] })] }), [V1])
    expect(codes(made)).toContain(code)
    expect(isRefused(made)).toBe(code === 'INDEX_CONFLICT')
    expect(kinds(made)).not.toContain('dropIndex')
  })
  it('a second text index and a dropped _id index are refused', () => {
    const two = version('user', '1.0.0.0', {
      addIndexes: [index('t', { a: 'text' }), index('u', { b: 'text' })],
      dropIndexes: ['_id_'],
    })
    expect(codes(plan(observed(), [two]))).toEqual(['INDEX_ID_KEPT', 'INDEX_LIMIT'])
  })
})
