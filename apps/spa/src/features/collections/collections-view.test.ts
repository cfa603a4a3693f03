import type { CollectionList, CollectionRow } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { collectionLine, collectionLines, filterLines, sortValue, stateCounts } from './collections-view.ts'

const row = (of: Partial<CollectionRow>): CollectionRow => ({
  name: 'user',
  title: 'Users',
  description: 'People who sign in',
  file: 'configurations/user.yaml',
  newest: '1.1.0.2',
  pending: [],
  state: 'in sync',
  drift: [],
  locked: false,
  versions: 2,
  problems: { errors: 0, warnings: 0 },
  ...of,
})
const list = (items: CollectionRow[], more: Partial<CollectionList> = {}): CollectionList => ({
  as_of: '2026-11-22T10:00:00.000Z',
  items,
  ...more,
})
const names = (lines: readonly { name: string }[]) => lines.map(({ name }) => name)

describe('a collection in the list', () => {
  it('C-14 a broken file is a row, with the words of the parser and a way to the line', () => {
    const broken = row({
      name: 'order',
      file: 'configurations/order.yaml',
      state: 'invalid',
      problems: { errors: 1, warnings: 0 },
      first_problem: {
        code: 'YAML_SYNTAX',
        severity: 'error',
        file: 'configurations/order.yaml',
        line: 3,
        text: 'bad indentation of a mapping entry',
      },
    })
    const [line] = collectionLines(list([broken]))
    expect(line).toMatchObject({
      name: 'order',
      mark: { kind: 'error', label: 'Invalid' },
      reason: 'bad indentation of a mapping entry',
      problemPath: '/collections/order/yaml?line=3',
      path: '/collections/order',
      canBePlanned: false,
    })
  })

  it('says why a state is not known', () => {
    const lines = collectionLines(
      list([row({ state: 'unknown' })], {
        target_error: { code: 'TARGET_UNREACHABLE', message: 'No answer from db:27017' },
      }),
    )
    expect(lines[0]).toMatchObject({
      mark: { label: 'Unknown' },
      reason: 'No answer from db:27017',
      isRecordedKnown: false,
      canBePlanned: true,
    })
  })

  it('says what drifted', () => {
    expect(collectionLine(row({ state: 'drifted', drift: ['validator differs', 'index a missing'] })).reason).toBe(
      'validator differs; index a missing',
    )
  })

  it('what only the database knows cannot be planned', () => {
    const { file: _file, newest: _newest, ...known } = row({ state: 'ahead' })
    expect(collectionLine(known)).toMatchObject({ canBePlanned: false, path: '/collections/user' })
  })

  it('falls back to the title where there is no description', () => {
    expect(collectionLine(row({ description: '' })).description).toBe('Users')
  })

  it('a finding without a place leads to the problems of the file', () => {
    const line = collectionLine(row({ first_problem: { code: 'X', severity: 'error', text: 'broken' } }))
    expect(line.problemPath).toBe('/problems?file=configurations%2Fuser.yaml')
  })
})

describe('the list', () => {
  const lines = collectionLines(
    list([
      row({ name: 'user', state: 'behind', newest: '1.10.0.1' }),
      row({ name: 'organization', description: 'Who pays', newest: '1.9.0.1' }),
      row({
        name: 'invoice',
        state: 'invalid',
        description: 'Paid by an organization',
        problems: { errors: 2, warnings: 1 },
      }),
    ]),
  )

  it('finds every word, in name or description, whatever its case', () => {
    expect(names(filterLines(lines, 'ORGANIZATION paid', []))).toEqual(['invoice'])
    expect(names(filterLines(lines, '  ', []))).toHaveLength(3)
    expect(filterLines(lines, '.*', [])).toEqual([])
  })

  it('keeps the states that are asked for', () => {
    expect(names(filterLines(lines, '', ['behind', 'invalid']))).toEqual(['user', 'invoice'])
  })

  it('counts the states that occur, the gravest first', () => {
    expect(stateCounts(lines).map(({ state, count }) => [state, count])).toEqual([
      ['invalid', 1],
      ['behind', 1],
      ['in sync', 1],
    ])
  })

  it.each([
    ['name', ['user', 'organization', 'invoice']],
    ['state', [3, 6, 0]],
    ['newest', ['1.10.0.1', '1.9.0.1', '1.1.0.2']],
    ['problems', [0, 0, 2_000_001]],
    ['lastRun', [undefined, undefined, undefined]],
  ])('is sorted by %s', (key, values) => {
    expect(lines.map((line) => sortValue(line, key))).toEqual(values)
  })
})
