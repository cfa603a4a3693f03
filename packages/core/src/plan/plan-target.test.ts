import { describe, expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import { planChanges } from './plan-changes.ts'
import { collection, LOCAL, migration, observed, observedCollection, version, wanted } from './testing/builders.ts'
import { V1, V2, atV1, plan, codes } from './testing/one-collection.ts'

describe('the target', () => {
  it('W-05: a missing privilege is told before the first change, bypassDocumentValidation included', () => {
    const privileges = [
      {
        database: 'shop',
        collection: '',
        actions: ['find', 'listIndexes', 'insert', 'update', 'remove', 'createCollection', 'createIndex', 'dropIndex'],
      },
    ]
    const migrating = version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $out: 'user' }])] })
    const made = plan({ ...atV1, privileges }, [V1, migrating])
    expect(made.problems.map((one) => [one.code, one.text])).toEqual([
      ['TARGET_NOT_PERMITTED', 'the connected user may not bypassDocumentValidation, collMod on shop.user'],
    ])
    expect(
      codes(plan({ ...atV1, privileges: [{ database: '', collection: '', actions: ['anyAction'] }] }, [V1, migrating])),
    ).toEqual([])
  })
  it.each([
    { server: '4.4.0', severity: 'error' },
    { server: '5.0.0', severity: 'warning' },
  ])('an old server $server is an $severity', ({ server, severity }) => {
    const made = plan({ ...atV1, server: { version: server, kind: 'standalone', modules: [] } }, [V1])
    expect(made.problems.map((one) => [one.code, one.severity])).toEqual([['SERVER_TOO_OLD', severity]])
  })
  it('a view under the name, names of records and names that do not exist are refused', () => {
    const view = observed({ collections: [observedCollection('user', { type: 'view' })] })
    expect(codes(plan(view, [V1]))).toContain('COLLECTION_KIND')
    const reserved = ['stage0_lock', 'CollectionVersions', 'system.views'].map((name) =>
      collection(name, version(name, '1.0.0.0')),
    )
    expect(codes(planChanges(wanted(reserved), observed(), LOCAL))).toEqual([
      'NAME_RESERVED',
      'NAME_RESERVED',
      'NAME_RESERVED',
    ])
    expect(codes(plan(observed(), [V1], { ...LOCAL, collections: ['usr'] }))).toEqual(['COLLECTION_UNKNOWN'])
  })
  it('is hashed without what changes by itself', () => {
    const hash = (state: Observed) => plan(state, [V1, V2]).hash
    const grown = atV1.collections.map((one) => ({ ...one, estimatedDocuments: 99, uuid: 'b1' }))
    expect(hash({ ...atV1, collections: [...grown, observedCollection('stranger')] })).toBe(hash(atV1))
    expect(
      hash({ ...atV1, collections: atV1.collections.map((one) => ({ ...one, validationLevel: 'off' })) }),
    ).not.toBe(hash(atV1))
  })
})
