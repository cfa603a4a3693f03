import type { CollectionRow, RunList } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { collectionsSummary, problemsSummary, runLines } from './overview-view.ts'

const row = (of: Partial<CollectionRow>): CollectionRow => ({
  name: 'user',
  title: '',
  description: '',
  pending: [],
  state: 'in sync',
  drift: [],
  locked: false,
  versions: 1,
  problems: { errors: 0, warnings: 0 },
  ...of,
})
const list = (items: CollectionRow[]) => ({ as_of: '', items })

describe('the overview of collections', () => {
  it('names those that want attention, the gravest first', () => {
    const summary = collectionsSummary(
      list([
        row({ name: 'a', state: 'behind', recorded: '1.0.0.1', newest: '1.1.0.1', pending: ['1.1.0.1'] }),
        row({ name: 'b', recorded: '1.0.0.1' }),
        row({ name: 'c', state: 'drifted', drift: ['index x missing'] }),
        row({ name: 'd', state: 'invalid', first_problem: { code: 'X', severity: 'error', text: 'unreadable' } }),
      ]),
    )
    expect(summary.attention.map(({ name, reason }) => [name, reason])).toEqual([
      ['d', 'unreadable'],
      ['c', 'index x missing'],
      ['a', undefined],
    ])
    expect(summary).toMatchObject({ total: 4, inSync: 1, recorded: 2, pendingVersions: 1, isEmpty: false })
  })

  it('names one that is in sync but has documents that do not match, and plans it', () => {
    const leftovers = { count: 5, run_id: 'r7' }
    const summary = collectionsSummary(
      list([
        row({ name: 'a', newest: '1.0.0.1', leftovers }),
        row({ name: 'b', newest: '1.0.0.1' }),
        row({ name: 'c', newest: '1.0.0.1', state: 'behind', leftovers }),
      ]),
    )
    expect(summary.attention.map(({ name, mark, left }) => [name, mark.kind, mark.label, left])).toEqual([
      ['c', 'warning', 'Behind', { count: 5, runPath: '/runs/r7' }],
      ['a', 'warning', 'Leftovers', { count: 5, runPath: '/runs/r7' }],
    ])
    expect(summary.toPlan).toBe(2)
  })

  it('an unknown state is the fault of the database, said once, not of each collection', () => {
    const summary = collectionsSummary({
      ...list([row({ state: 'unknown' })]),
      target_error: { code: 'TARGET_UNREACHABLE', message: 'no answer' },
    })
    expect(summary).toMatchObject({ attention: [], targetError: 'no answer' })
  })

  it('an empty repository is told from one in which all is well', () => {
    expect(collectionsSummary(list([])).isEmpty).toBe(true)
  })
})

it('C-02 the last runs carry the status that the service says', () => {
  const run = (status: string, id: string) => ({ run_id: id, status, started_at: '', user: 'a', collections: [] })
  const runs = { items: [run('failed', 'r2'), run('succeeded', 'r1'), run('succeeded', 'r0')] } as unknown as RunList
  expect(runLines(runs, 2).map(({ mark, path }) => [mark.label, path])).toEqual([
    ['Failed', '/runs/r2'],
    ['Succeeded', '/runs/r1'],
  ])
})

it.each([
  [
    { errors: 1, warnings: 2, notices: 0 },
    { mark: 'error', total: 3 },
  ],
  [
    { errors: 0, warnings: 2, notices: 1 },
    { mark: 'warning', total: 3 },
  ],
  [
    { errors: 0, warnings: 0, notices: 1 },
    { mark: 'info', total: 1 },
  ],
  [
    { errors: 0, warnings: 0, notices: 0 },
    { mark: 'success', total: 0 },
  ],
])('problems %j are summed up as %j', (counts, summary) => {
  expect(problemsSummary({ counts, problems: [] })).toEqual(summary)
})
