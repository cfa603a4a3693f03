import { doc, type Plain } from '@stage0/bson-schema'
import { BSONRegExp } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import { observed, recorded, version } from './testing/builders.ts'
import { V1, V2, atV1, plan, codes, kinds } from './testing/one-collection.ts'

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

  it.each<[string, Plain | undefined]>([
    ['the collection_name 5', 5],
    ['the collection_name null', null],
    ['the collection_name ["user"]', ['user']],
    ['no collection_name', undefined],
  ])('a record that has %s is told with its _id, and the hint names that field', (words, name) => {
    const document = doc({ _id: 7, collection_name: name, current_version: 'user.1.0.0.0' })
    const one = { document, collection: undefined, current: 'user.1.0.0.0', schemaHash: undefined }
    const [problem] = plan({ ...atV1, versions: [one] }, [V1]).problems
    expect(problem?.code).toBe('VERSION_RECORD_UNREADABLE')
    expect(problem?.text).toBe(
      `the version document with the _id 7 has ${words}, which must be the name of a collection; it has the current_version "user.1.0.0.0"`,
    )
    expect(problem?.hint).toMatch(/^Correct `collection_name` of/)
  })

  it.each<[string, Plain | undefined]>([
    ['the current_version {"$regularExpression":{"pattern":"user","options":""}}', new BSONRegExp('user', '')],
    ['no current_version', undefined],
    [`the current_version "${'x'.repeat(119)} … (502 characters)`, 'x'.repeat(500)],
  ])('a record shows what it has as Extended JSON, cut where it is long: %s', (words, current) => {
    const document = doc({ _id: 7, collection_name: 'user', current_version: current })
    const one = { document, collection: 'user', current: undefined, schemaHash: undefined }
    const [problem] = plan({ ...atV1, versions: [one] }, [V1]).problems
    expect(problem?.text).toContain(`(_id 7) has ${words}; it must be`)
    expect(problem?.hint).toMatch(/^Correct `current_version` of/)
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
