import type { CollectionDetail, IndexView, Usage, VersionDetail, VersionSummary } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { findVersion, indexLines, stepLines, useLines, versionOptions, workbenchHead } from './workbench-view.ts'

const summary = (of: Partial<VersionSummary>): VersionSummary => ({
  version: '1.0.0.1',
  written: '1.0.0.1',
  locked: false,
  state: 'applied',
  ...of,
})
const steps = (texts: string[]) =>
  stepLines({ steps: texts.map((text) => ({ kind: 'setValidator', text })) } as unknown as VersionDetail)

describe('versions of a collection', () => {
  it('keep the order of the service and lead to their run', () => {
    const options = versionOptions([
      summary({ version: '2.0.0.1', state: 'pending' }),
      summary({ state: 'current', run_id: 'r1', applied_at: '2026-11-01T00:00:00Z', locked: true }),
    ])
    expect(options.map(({ version, mark }) => [version, mark.kind, mark.label])).toEqual([
      ['2.0.0.1', 'warning', 'Pending'],
      ['1.0.0.1', 'success', 'Current'],
    ])
    expect(options[1]).toMatchObject({ runPath: '/runs/r1', locked: true })
  })

  it('are found by their four parts first, then as they are written', () => {
    const versions = [summary({ version: '1.0.0.0', written: '1.0.0' }), summary({})]
    expect(findVersion(versions, '1.0.0')?.version).toBe('1.0.0.0')
    expect(findVersion(versions, '1.0.0.1')?.version).toBe('1.0.0.1')
    expect(findVersion(versions, '9.9.9.9')).toBeUndefined()
  })
})

describe('the head of the workbench', () => {
  it('a collection that cannot be read cannot be planned', () => {
    const detail = {
      row: { name: 'user', title: 'Users', description: '', state: 'invalid', drift: [], newest: '1.0.0.1' },
      versions: [],
      problems: [],
    } as unknown as CollectionDetail
    expect(workbenchHead(detail)).toMatchObject({ canBePlanned: false, description: 'Users', mark: { kind: 'error' } })
  })
})

describe('steps of a version', () => {
  it('C-17 stand in the order and the words of the service', () => {
    const texts = ['record the version', 'replace the validator', 'drop index nameIndex']
    expect(steps(texts).map(({ number, text }) => [number, text])).toEqual([
      [1, 'record the version'],
      [2, 'replace the validator'],
      [3, 'drop index nameIndex'],
    ])
    expect(steps(texts.toReversed()).map(({ text }) => text)).toEqual(texts.toReversed())
  })
})

describe('indexes of a version', () => {
  const index = (of: Partial<IndexView>): IndexView => ({
    name: 'emailIndex',
    keys: [{ field: 'email', direction: '1' }],
    options: '{}',
    change: 'added',
    live: 'there',
    ...of,
  })
  it('show keys in declared order', () => {
    const [line] = indexLines([
      index({
        keys: [
          { field: 'b', direction: '-1' },
          { field: 'a', direction: '1' },
        ],
        options: '{"unique":true}',
      }),
    ])
    expect(line).toMatchObject({ keys: 'b: -1, a: 1', options: '{"unique":true}' })
  })
  it('an index that was dropped is as it should be when the database has none', () => {
    expect(indexLines([index({ change: 'dropped', live: 'missing' })])[0]?.live).toEqual({
      kind: 'success',
      label: 'Missing',
    })
    expect(indexLines([index({ change: 'dropped', live: 'there' })])[0]?.live.kind).toBe('warning')
    expect(indexLines([index({ live: 'missing' })])[0]?.live.kind).toBe('warning')
  })
})

describe('what a version uses', () => {
  const use = (of: Partial<Usage>): Usage => ({
    how: 'type',
    used: 'types/email.yaml',
    place: { file: 'dictionaries/user.1.0.0.yaml' },
    text: 'property /email',
    ...of,
  })
  it('is one line per file with the number of places', () => {
    expect(useLines({ uses: [use({}), use({ text: 'property /backup' }), use({ used: 'types/slug.yaml' })] })).toEqual([
      { label: 'types/email.yaml', how: 'Type', path: '/types/email', places: 2 },
      { label: 'types/slug.yaml', how: 'Type', path: '/types/slug', places: 1 },
    ])
  })
  it('C-15 an enumerator is looked at in the pinned version', () => {
    const uses = [use({ how: 'enumerator', used: 'status' })]
    expect(useLines({ uses, enumerators: { version: 1 } })[0]?.path).toBe('/enumerators/1/status')
    expect(useLines({ uses })[0]?.path).toBeUndefined()
  })
})
