import fc from 'fast-check'
import type { RunStepStatus } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import {
  currentStep,
  firstError,
  groupsOf,
  leftCollections,
  leftoversCount,
  leftoversOf,
  standOf,
  outcomeCounts,
  partStatus,
  progressOf,
  rowsOf,
  shareOf,
  stepState,
} from './run-view.ts'
import { endedToast } from './run-toasts.ts'
import { historyPage, historyQuery, pageOf, PAGE_SIZE, stateOf } from './runs-view.ts'
import { aRun, aSnapshot, aStep } from './testing/runs.ts'

const STATUSES: readonly RunStepStatus[] = [
  'pending',
  'running',
  'succeeded',
  'already',
  'failed',
  'skipped',
  'cancelled',
]
const steps = fc
  .array(fc.record({ collection: fc.constantFrom('', 'a', 'b'), status: fc.constantFrom(...STATUSES) }))
  .map((list) =>
    list.map(({ collection, status }, index) => aStep(`${collection}/${String(index)}`, { collection, status })),
  )

describe('the view of a run', () => {
  it.each([
    ['succeeded', false, 'success', 'succeeded'],
    ['failed', false, 'error', 'failed'],
    ['running', false, 'running', 'running'],
    ['running', true, 'error', 'cutOff'],
    ['pending', true, 'neutral', 'notBegun'],
    ['constructor', false, 'neutral', 'constructor'],
  ] as const)('a step that is %s in a run that is over (%s) is %s: %s', (status, isOver, kind, word) => {
    expect(stepState({ status: status as RunStepStatus, left: 0 }, isOver)).toEqual({ kind, word })
  })

  it('C-02 a step that found documents which do not match is a warning, and so is its collection', () => {
    const leftovers = { count: 12, samples: [] }
    const found = aStep('a/1', { status: 'succeeded', collection: 'a', leftovers })
    expect(stepState(standOf(found), true)).toEqual({ kind: 'warning', word: 'leftovers' })
    const [group] = groupsOf([aStep('a/0', { status: 'succeeded', collection: 'a' }), found])
    expect(group).toMatchObject({ status: 'succeeded', left: 12 })
    expect(stepState(standOf(aStep('a/0', { status: 'succeeded' })), true).kind).toBe('success')
    // What else went wrong in the collection is graver.
    expect(stepState({ status: 'failed', left: 12 }, true).word).toBe('failed')
  })

  it('a step under way waits while its run does; one that is over does not', () => {
    const [running, succeeded] = [{ status: 'running', left: 0 } as const, { status: 'succeeded', left: 0 } as const]
    expect(stepState(running, false, true)).toEqual({ kind: 'warning', word: 'paused' })
    expect(stepState(succeeded, false, true)).toEqual(stepState(succeeded, false))
    expect(stepState(running, true, true).word).toBe('cutOff')
  })

  it('C-01 a collection with one failed step is failed, however much succeeded', () => {
    expect(partStatus({ succeeded: 99, already: 3, failed: 1 })).toBe('failed')
  })

  it.each([
    [{ pending: 3 }, 'pending'],
    [{ succeeded: 1, pending: 2 }, 'running'],
    [{ succeeded: 2, running: 1 }, 'running'],
    [{ already: 2 }, 'already'],
    [{ already: 2, succeeded: 1 }, 'succeeded'],
    [{ succeeded: 1, skipped: 1 }, 'skipped'],
    [{ succeeded: 1, cancelled: 1 }, 'cancelled'],
    [{}, 'succeeded'],
  ] as const)('of %j it is %s', (counts, status) => {
    expect(partStatus(counts)).toBe(status)
  })

  it('collections stand where their first step stands, and no step is lost', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const groups = groupsOf(list)
        expect(groups.map(({ name }) => name)).toEqual([...new Set(list.map(({ collection }) => collection))])
        expect(groups.flatMap((group) => group.steps).toSorted((a, b) => list.indexOf(a) - list.indexOf(b))).toEqual(
          list,
        )
        const all = rowsOf(groups, 'all', new Set())
        expect(all).toHaveLength(list.length + groups.length)
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
      }),
    )
  })

  it('a filter lists its steps only, also those of a folded collection', () => {
    const groups = groupsOf([aStep('a/1', { status: 'failed' }), aStep('a/2'), aStep('b/1')])
    expect(rowsOf(groups, 'failed', new Set(['a'])).map(({ key }) => key)).toEqual(['group a', 'step a/1'])
    expect(rowsOf(groups, 'all', new Set(['a'])).map(({ key }) => key)).toEqual(['group a', 'group b', 'step b/1'])
    expect(rowsOf(groups, 'running', new Set())).toEqual([])
  })

  it('the first error is the one that happened first, wherever its step stands', () => {
    const error = (message: string) => ({ code: 'STEP_FAILED', message })
    const snapshot = aSnapshot({
      run: aRun({ error: error('2 steps failed') }),
      steps: [
        aStep('a/1', { status: 'failed', seq: 9, error: error('late') }),
        aStep('b/1', { status: 'failed', seq: 4, error: error('early') }),
      ],
    })
    expect(firstError(snapshot)).toMatchObject({ error: { message: 'early' }, step: { id: 'b/1' } })
  })

  it('a run that failed as a whole has an error without a step', () => {
    const snapshot = aSnapshot({ run: aRun({ error: { code: 'LOCK_LOST', message: 'gone' } }) })
    expect(firstError(snapshot)).toEqual({ error: { code: 'LOCK_LOST', message: 'gone' }, step: undefined })
    expect(firstError(aSnapshot())).toBeUndefined()
  })

  it('C-02 documents that are left are told as such, not as an error of the run', () => {
    const error = { code: 'LEFTOVERS_FOUND', message: '2 documents of a do not match' }
    const leftovers = { count: 2, samples: [{ id: '7' }] }
    const found = [aStep('a/1', { status: 'succeeded', leftovers }), aStep('b/1', { status: 'succeeded', leftovers })]
    const snapshot = aSnapshot({
      run: aRun({ status: 'succeeded_with_leftovers', error }),
      steps: [aStep('c/1'), ...found],
    })
    expect(firstError(snapshot)).toBeUndefined()
    expect(leftoversOf(snapshot)).toEqual(found)
    expect(leftoversCount(leftoversOf(snapshot))).toBe(4)
  })

  it('a cancelled run is no failed one, though its record holds the code', () => {
    const run = aRun({ status: 'cancelled', error: { code: 'CANCELLED', message: 'Cancelled.' } })
    expect(firstError(aSnapshot({ run }))).toBeUndefined()
    expect(endedToast((key) => key, run, undefined)).not.toHaveProperty('detail')
    expect(historyPage({ items: [run] }).lines[0]?.error).toBeUndefined()
  })

  it('what is left are the collections with a step that did not do what it should', () => {
    const groups = groupsOf([
      aStep('/1', { collection: '', status: 'failed' }),
      aStep('a/1', { status: 'succeeded' }),
      aStep('b/1', { status: 'skipped' }),
      aStep('c/1', { status: 'pending' }),
      aStep('d/1', { status: 'already' }),
    ])
    expect(leftCollections(groups)).toEqual(['b', 'c'])
  })

  it('progress and outcome count every step once', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { done, total } = progressOf(aSnapshot({ run: aRun({ steps: list.length }), steps: list }))
        expect(total).toBe(list.length)
        expect(done).toBe(list.filter(({ status }) => status !== 'pending' && status !== 'running').length)
        expect(outcomeCounts(list).reduce((sum, [, count]) => sum + count, 0)).toBe(list.length)
      }),
    )
  })

  it('who follows the run sees the step at work, else the last one that ended', () => {
    const list = [aStep('a/1', { status: 'succeeded' }), aStep('a/2', { status: 'running' }), aStep('a/3')]
    expect(currentStep(list)?.id).toBe('a/2')
    expect(currentStep([list[0] ?? aStep(''), aStep('a/3')])?.id).toBe('a/1')
    expect(currentStep([aStep('a/3')])).toBeUndefined()
  })

  it.each([
    [{ done: 5, total: 10 }, 0.5],
    [{ done: 12, total: 10 }, 1],
    [{ done: 5 }, undefined],
    [{ done: 0, total: 0 }, undefined],
  ])('%j is the share %s', (counted, share) => {
    expect(shareOf(aStep('a/1', counted))).toBe(share)
  })
})

describe('the history', () => {
  it('asks for one run more than a page shows, to know whether there is a next one', () => {
    expect(historyQuery({ status: '', collection: '', page: 1 })).toEqual({ limit: PAGE_SIZE + 1 })
    expect(historyQuery({ status: 'failed', collection: 'user', page: 3 })).toEqual({
      status: 'failed',
      collection: 'user',
      limit: PAGE_SIZE + 1,
      offset: 2 * PAGE_SIZE,
    })
    const items = Array.from({ length: PAGE_SIZE + 1 }, (_, index) => aRun({ run_id: String(index) }))
    expect(historyPage({ items })).toMatchObject({ hasMore: true })
    expect(historyPage({ items }).lines).toHaveLength(PAGE_SIZE)
    expect(historyPage({ items: items.slice(1) }).hasMore).toBe(false)
  })

  it.each(['', 'broken', 'constructor', '0', '-1', '1.5', '99999999'])(
    '"%s" in the address is no state and no page',
    (text) => {
      expect(stateOf(text)).toBeUndefined()
      expect(pageOf(text)).toBeUndefined()
    },
  )

  it('C-02 of a run that went on after a failure, it counts what did what it should', () => {
    const run = aRun({ status: 'failed', steps: 9, counts: { succeeded: 3, already: 1, failed: 1, skipped: 4 } })
    expect(historyPage({ items: [run] }).lines[0]).toMatchObject({ done: 4, steps: 9, mark: { label: 'Failed' } })
    expect(historyPage({ items: [aRun()] }).lines[0]?.done).toBeUndefined()
  })
})
