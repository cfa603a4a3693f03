import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { Observed } from './observed.ts'
import { planChanges } from './plan-changes.ts'
import { collection, LOCAL, observed, version, wanted } from './testing/builders.ts'
import { V1, atV1, plan, codes, kinds } from './testing/one-collection.ts'
import type { WantedVersion } from './wanted.ts'

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
    expect(codes(planned({ ...atV1, enumerators: [stored, stored] }))).toEqual(['ENUMERATORS_NOT_IN_REPOSITORY'])
  })
  const right = { version: 0, document: file.document, hash: undefined }
  const wrong = { version: 0, document: doc({ version: 0 }), hash: undefined }
  it.each([
    ['2 documents of enumerators 0, and 1 of them differs from', [right, wrong]],
    ['2 documents of enumerators 0, and 1 of them differs from', [wrong, right]],
    ['2 documents of enumerators 0, and all of them differ from', [wrong, wrong]],
    ['3 documents of enumerators 0, and 2 of them differ from', [wrong, right, wrong]],
  ])(
    'stored twice are a problem that is told before anything else, and nothing is replaced: %s',
    (text, enumerators) => {
      const made = planned(observed({ enumerators }))
      expect(made.problems[0]).toMatchObject({ code: 'ENUMERATORS_RECORD_DUPLICATE', severity: 'error' })
      expect(made.problems[0]?.text).toContain(text)
      expect(made.problems[0]?.hint).toContain('Delete')
      expect(kinds(made)).not.toContain('recordEnumerators')
    },
  )
  it('stored twice do no harm where each of them is what is wanted', () => {
    const made = planned({ ...atV1, enumerators: [right, right] })
    expect([kinds(made), codes(made)]).toEqual([[], []])
  })
})
