import type { LegacyEventTree, RunSnapshot, RunStepView } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { eventTree } from './event-tree.ts'

const STARTS = '2026-01-02T03:04:05.000Z'

const step = (id: string, status: RunStepView['status'], more: Partial<RunStepView> = {}): RunStepView => {
  const [collection = '', version = ''] = id.split('/')
  return {
    id,
    kind: 'buildIndexes',
    ...(collection !== 'enumerators' && { collection }),
    version,
    name: `do ${id}`,
    status,
    ...more,
  }
}

const snapshot = (status: RunSnapshot['run']['status'], steps: readonly RunStepView[]): RunSnapshot => ({
  run: {
    run_id: 'run-1',
    status,
    started_at: STARTS,
    finished_at: '2026-01-02T03:04:09.000Z',
    duration_ms: 4000,
    user: 'ann',
    host: 'here',
    command: 'POST /api/configurations',
    plan_hash: 'a'.repeat(64),
    collections: [],
    steps: steps.length,
    counts: {},
    cancel_requested: false,
  },
  steps: [...steps],
  warnings: [],
  last_seq: 1,
})

const all = (tree: LegacyEventTree): LegacyEventTree[] => [tree, ...tree.sub_events.flatMap(all)]
const done = (id: string) => step(id, 'succeeded', { started_at: STARTS, duration_ms: 1500 })

describe('the event tree of the first implementation', () => {
  const failure = { code: 'DUPLICATE_KEY', message: 'two documents have the same email', hint: 'remove one' }
  const failed = snapshot('failed', [
    step('enumerators/1', 'succeeded', { kind: 'recordEnumerators' }),
    done('user/1.0.0.1/createCollection'),
    step('user/1.0.0.1/buildIndexes', 'failed', { started_at: STARTS, duration_ms: 20, error: failure }),
    step('user/1.1.0.1/setValidator', 'skipped'),
    done('order/1.0.0.1/createCollection'),
  ])

  it('documents that do not match are told where they were found, and nothing above it is SUCCESS', () => {
    const leftovers = { count: 2, samples: [{ id: '7', why: 'email: is missing' }, { id: '8' }] }
    const tree = eventTree(
      snapshot('succeeded_with_leftovers', [
        done('order/1.0.0.1/createCollection'),
        step('user/1.0.0.1/findLeftovers', 'succeeded', { kind: 'findLeftovers', leftovers }),
      ]),
    )
    const [order, user] = tree.sub_events
    expect([tree.status, order?.status, user?.status]).toEqual(['FAILURE', 'SUCCESS', 'FAILURE'])
    expect(tree.data).toMatchObject({ status: 'succeeded_with_leftovers' })
    const leaf = all(tree).find(({ type }) => type === 'FIND_LEFTOVERS')
    expect(leaf).toMatchObject({ status: 'FAILURE', data: { status: 'succeeded', leftovers } })
    // The leaf explains it: nothing is told twice.
    expect(all(tree).map(({ type }) => type)).not.toContain('OUTCOME')
  })

  it('W-06: a run with a failed collection is FAILURE at its root, and the others keep their SUCCESS', () => {
    const tree = eventTree(failed)
    expect([tree.status, ...tree.sub_events.map(({ data, status }) => [data, status])]).toMatchObject([
      'FAILURE',
      [{}, 'SUCCESS'],
      [{ collection: 'user' }, 'FAILURE'],
      [{ collection: 'order' }, 'SUCCESS'],
    ])
  })

  it('W-52: the failure stands at the leaf that it belongs to, with the context of the step beside the error', () => {
    const leaf = all(eventTree(failed)).find(({ id }) => id.endsWith('step/user/1.0.0.1/buildIndexes'))
    expect(leaf).toMatchObject({
      type: 'BUILD_INDEXES',
      status: 'FAILURE',
      data: { collection: 'user', version: '1.0.0.1', status: 'failed', duration_ms: 20, error: failure },
      sub_events: [],
    })
  })

  it('W-52: nothing stays PENDING, every id is unique, times are in UTC, run and durations are told', () => {
    const events = all(eventTree(failed))
    expect(events.map(({ status }) => status)).not.toContain('PENDING')
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    for (const { starts, ends, data } of events) {
      for (const time of [starts, ends]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(data).toHaveProperty('duration_ms')
    }
    expect(events[0]).toMatchObject({ id: 'run-1', data: { run_id: 'run-1', status: 'failed', duration_ms: 4000 } })
  })

  it('W-52: what was done is told on success too', () => {
    const loaded = step('user/1.0.0.1/loadData', 'succeeded', { detail: '3 documents inserted', started_at: STARTS })
    expect(all(eventTree(snapshot('succeeded', [loaded]))).at(-1)?.data).toMatchObject({
      detail: '3 documents inserted',
    })
  })

  it('a node is SUCCESS exactly where every leaf below it is', () => {
    const check = (tree: LegacyEventTree): boolean => {
      const below = tree.sub_events.map(check)
      const isSuccess = below.length === 0 ? tree.status === 'SUCCESS' : below.every(Boolean)
      expect(tree.status).toBe(isSuccess ? 'SUCCESS' : 'FAILURE')
      return isSuccess
    }
    check(eventTree(failed))
    check(eventTree(snapshot('succeeded', [done('user/1.0.0.1/createCollection')])))
    check(eventTree(snapshot('cancelled', [step('user/1.0.0.1/createCollection', 'cancelled')])))
  })

  it('tells a failure that belongs to no step as a leaf of its own', () => {
    const lost = snapshot('failed', [done('user/1.0.0.1/createCollection')])
    const error = { code: 'LOCK_LOST', message: 'the lock is gone' }
    const tree = eventTree({ ...lost, run: { ...lost.run, error } })
    expect(tree.status).toBe('FAILURE')
    expect(tree.sub_events.at(-1)).toMatchObject({ type: 'OUTCOME', status: 'FAILURE', data: { error } })
  })

  it('is SUCCESS where there was nothing to do', () => {
    expect(eventTree(snapshot('succeeded', []))).toMatchObject({ status: 'SUCCESS', sub_events: [] })
  })
})
