import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { index, migration, observed, schema, version } from './testing/builders.ts'
import { V1, V2, validated, atV1, plan, codes, kinds } from './testing/one-collection.ts'

describe('validators', () => {
  it('W-04: an existing validator stays until the new one is set by one step', () => {
    const migrating = version('user', '1.0.1.0', {
      migrations: [migration('m.json', [{ $out: 'user' }])],
      addIndexes: [index('z', { z: 1 })],
    })
    expect(kinds(plan(atV1, [V1, migrating]))).toEqual([
      'migrate',
      'buildIndexes',
      'setValidator',
      'findLeftovers',
      'recordVersion',
    ])
  })
  it('is left out of the creation when the version migrates data', () => {
    const migrating = version('user', '1.0.0.0', { migrations: [migration('m.json', [{ $out: 'user' }])] })
    const made = plan(observed(), [migrating])
    expect(made.steps[0]).toMatchObject({ kind: 'createCollection', validator: undefined })
    expect(kinds(made)).toEqual(['createCollection', 'migrate', 'setValidator', 'recordVersion'])
  })
  it('W-17: level and action are those of the version', () => {
    const strict = version('user', '1.0.0.0', { validation: { level: 'strict', action: 'warn' } })
    expect(plan(observed(), [strict]).steps[0]).toMatchObject({ validator: { level: 'strict', action: 'warn' } })
  })
  it('are set under a lock that is accepted with the path "", and no other lock with it', () => {
    const allow = [{ code: 'LK', path: '', reason: 'at night' }]
    const next = version('user', '1.0.1.0', { allow, addIndexes: [index('z', { z: 1 })] })
    const locks = plan(atV1, [V1, next]).steps.flatMap(({ kind, risks }) =>
      risks.flatMap(({ code, accepted }) => (code === 'LK' ? [[kind, accepted]] : [])),
    )
    expect(locks).toEqual([
      ['buildIndexes', undefined],
      ['setValidator', 'at night'],
    ])
  })
  it.each([
    { level: 'strict', action: 'errorAndLog', server: '8.0.4', refused: true },
    { level: 'strict', action: 'errorAndLog', server: '8.1.0', refused: false },
    { level: 'constraint', action: 'error', server: '8.2.0', refused: true },
    { level: 'constraint', action: 'error', server: '9.0.0', refused: false },
  ] as const)('$level/$action on $server: refused $refused', ({ level, action, server, refused }) => {
    const state = observed({ server: { version: server, kind: 'standalone', modules: [] } })
    const made = plan(state, [version('user', '1.0.0.0', { validation: { level, action } })])
    expect(codes(made)).toEqual(refused ? ['SERVER_FEATURE_MISSING'] : [])
  })
  it('are not changed under the level constraint', () => {
    const state = {
      ...atV1,
      server: { version: '9.0.0', kind: 'standalone', modules: [] } as const,
      collections: atV1.collections.map((one) => ({ ...one, validationLevel: 'constraint' })),
    }
    expect(codes(plan(state, [V1, V2]))).toContain('CONSTRAINT_IN_FORCE')
    const stepDown = version('user', '1.0.1.0', { schema: V1.schema, validation: { level: 'strict', action: 'error' } })
    expect(codes(plan(state, [V1, stepDown]))).not.toContain('CONSTRAINT_IN_FORCE')
  })
  it('W-14: changed without us are drift', () => {
    const state = {
      ...atV1,
      collections: atV1.collections.map((one) => ({
        ...one,
        validator: doc({ $jsonSchema: schema('x') }),
        validationLevel: 'off',
      })),
    }
    expect(plan(state, [V1]).collections[0]?.drift).toEqual([
      'the schema is another one',
      'the validation level is off, wanted moderate',
    ])
  })
  it('of a pending version that a run set before it was cut off are not drift', () => {
    const state = { ...atV1, collections: atV1.collections.map((one) => ({ ...one, ...validated(V2) })) }
    const made = plan(state, [V1, V2])
    expect([made.collections[0]?.drift, kinds(made)]).toEqual([[], ['dropIndex', 'recordVersion']])
  })
})
