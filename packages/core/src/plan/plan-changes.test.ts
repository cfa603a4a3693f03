import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import type { PlanOptions } from './options.ts'
import type { Plan } from './plan.ts'
import { isRefused, planChanges } from './plan-changes.ts'
import {
  collection,
  index,
  LOCAL,
  migration,
  observed,
  observedCollection,
  recorded,
  schema,
  version,
  wanted,
} from './testing/builders.ts'
import type { WantedVersion } from './wanted.ts'

const V1 = version('user', '1.0.0.0', { addIndexes: [index('email', { email: 1 }, { unique: true })] })
const V2 = version('user', '1.0.1.0', { dropIndexes: ['email'] })
const emailIndex = { name: 'email', key: doc({ email: 1 }), options: doc({ unique: true }) }
const idIndex = { name: '_id_', key: doc({ _id: 1 }), options: doc({}) }
const validated = (one: WantedVersion) => ({
  validator: doc({ $jsonSchema: one.schema }),
  validationLevel: 'moderate',
  validationAction: 'error',
})
const atV1 = observed({
  collections: [observedCollection('user', { ...validated(V1), indexes: [idIndex, emailIndex] })],
  versions: [recorded('user', 'user.1.0.0.0', V1.schemaHash)],
})

const plan = (state: Observed, versions: readonly WantedVersion[], options: PlanOptions = LOCAL): Plan =>
  planChanges(wanted([collection('user', ...versions)]), state, options)
const codes = (made: Plan): string[] => made.problems.map((one) => one.code)
const kinds = (made: Plan): string[] => made.steps.map((step) => step.kind)

describe('a record that contradicts the repository refuses the plan under its own code', () => {
  it.each([
    {
      why: 'W-09: two version documents',
      versions: [recorded('user', 'user.1.0.0.0'), recorded('user', 'user.1.0.1.0')],
      code: 'VERSION_RECORD_DUPLICATE',
    },
    { why: 'W-09: current_version is null', versions: [recorded('user', null)], code: 'VERSION_RECORD_UNREADABLE' },
    {
      why: 'W-09: current_version has another form',
      versions: [recorded('user', 'user.one')],
      code: 'VERSION_RECORD_UNREADABLE',
    },
    {
      why: 'current_version names another collection',
      versions: [recorded('user', 'media.1.0.0.0')],
      code: 'VERSION_RECORD_UNREADABLE',
    },
    { why: 'the database is ahead', versions: [recorded('user', 'user.2.0.0.0')], code: 'VERSION_AHEAD' },
    {
      why: 'the recorded version is missing in the repository',
      versions: [recorded('user', 'user.1.0.0.7')],
      code: 'VERSION_NOT_IN_REPOSITORY',
    },
    {
      why: 'W-14: an applied version was edited',
      versions: [recorded('user', 'user.1.0.0.0', 'other')],
      code: 'VERSION_EDITED',
    },
  ])('$why', ({ versions, code }) => {
    const made = plan({ ...atV1, versions }, [V1, V2])
    expect(made.problems.map((one) => [one.code, one.severity])).toContainEqual([code, 'error'])
    expect(kinds(made)).toEqual([])
  })

  it('an unreadable record is told with its _id and the form that is expected', () => {
    const text = (...versions: Observed['versions']) => plan({ ...atV1, versions }, [V1]).problems[0]?.text
    const [unreadable, twice] = [recorded('user', null), recorded('user', 'user.1.0.0.0')]
    const _id = JSON.stringify(unreadable.document.get('_id') ?? null)
    expect(text(unreadable)).toBe(
      `the version document of user (_id ${_id}) has the current_version null; it must be of the form "user.1.2.3" or "user.1.2.3.4"`,
    )
    expect(text(unreadable, twice)).toContain(`{_id: ${_id}, current_version: null}`)
  })

  it('W-12: an older version that was never applied is told, not skipped in silence', () => {
    const between = version('user', '1.0.0.5')
    const at2 = {
      collection: 'user',
      schemaHash: '',
      indexes: [],
      migrations: [],
      enumeratorsHash: undefined,
      runId: 'r',
    }
    const history = [
      { ...at2, version: '1.0.0.0' },
      { ...at2, version: '1.0.1.0' },
    ]
    const state = observed({
      collections: atV1.collections,
      versions: [recorded('user', 'user.1.0.1.0', V2.schemaHash)],
      history,
    })
    expect(codes(plan(state, [V1, between, V2]))).toContain('VERSION_OUT_OF_ORDER')
  })

  it('tells a recorded collection that the repository does not configure', () => {
    const state = observed({ versions: [recorded('gone', 'gone.1.0.0.0')] })
    const made = plan(state, [V1])
    expect(codes(made)).toEqual(['COLLECTION_NOT_IN_REPOSITORY'])
    expect(made.collections.map((one) => [one.name, one.state])).toEqual([
      ['gone', 'ahead'],
      ['user', 'behind'],
    ])
  })

  it('W-12: version 0.0.0.0 is applied to a database that records nothing', () => {
    expect(kinds(plan(observed(), [version('user', '0.0.0.0')]))).toEqual(['createCollection', 'recordVersion'])
  })

  it('refuses a pending version for a recorded collection that was dropped', () => {
    expect(codes(plan({ ...atV1, collections: [] }, [V1, V2]))).toContain('COLLECTION_MISSING')
  })
})

describe('test data', () => {
  const withData = version('user', '1.0.0.0', { data: [doc({ _id: 1 })] })
  it('W-01: is planned only when LOAD_TEST_DATA is true', () => {
    expect(kinds(plan(observed(), [withData], { environment: 'local', loadTestData: false }))).not.toContain('loadData')
    expect(kinds(plan(observed(), [withData]))).toContain('loadData')
  })
  it('is a risk of its own outside of local environments, which the file can accept', () => {
    const production = { environment: 'production', loadTestData: true }
    const risks = (one: WantedVersion) => plan(observed(), [one], production).steps.flatMap((step) => step.risks)
    expect(risks(withData)).toMatchObject([{ code: 'TD', accepted: undefined }])
    const allowed = { ...withData, allow: [{ code: 'TD', path: undefined, reason: 'a demo' }] }
    expect(risks(allowed)).toMatchObject([{ code: 'TD', accepted: 'a demo' }])
  })
})

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

describe('enumerators', () => {
  const file = { version: 0, document: doc({ version: 0, enumerators: [] }) }
  const planned = (state: Observed) => planChanges(wanted([collection('user', V1)], [file]), state, LOCAL)
  it('W-14: are not overwritten once an applied version uses them', () => {
    const stored = [{ version: 0, document: doc({ version: 0 }), hash: 'other' }]
    expect([
      kinds(planned({ ...atV1, enumerators: stored })),
      codes(planned({ ...atV1, enumerators: stored })),
    ]).toEqual([[], ['ENUMERATORS_DRIFT']])
    expect(kinds(planned(observed({ enumerators: stored })))[0]).toBe('recordEnumerators')
  })
  it('of the first implementation are the same when their content is, whatever the order of keys', () => {
    const stored = [{ version: 0, document: doc({ enumerators: [], version: 0 }), hash: undefined }]
    expect(kinds(planned({ ...atV1, enumerators: stored }))).toEqual([])
  })
  it('W-20: that the repository does not have are told', () => {
    const stored = { version: 7, document: doc({ version: 7 }), hash: undefined }
    expect(codes(planned({ ...atV1, enumerators: [stored] }))).toEqual(['ENUMERATORS_NOT_IN_REPOSITORY'])
  })
})

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
