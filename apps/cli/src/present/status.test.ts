import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { CollectionStatus, TargetStatus } from '@stage0/engine'
import { renderStatus } from './status.ts'

const user: CollectionStatus = {
  name: 'user',
  recorded: '1.0.0.1',
  newest: '1.0.0.1',
  pending: [],
  state: 'in sync',
  drift: [],
  stepIds: [],
}
const status: TargetStatus = {
  database: 'shop',
  server: 'MongoDB 7.0.0, standalone',
  environment: 'local',
  collections: [user],
  steps: 0,
  problems: [],
  lock: undefined,
  isHolderGone: false,
  run: undefined,
  interrupted: undefined,
}
const lock = {
  holder: { host: 'h', pid: 1, user: 'u', runId: 'r1', command: 'c' },
  ...{ token: 1, since: 's', leaseEnd: 'e', step: undefined, leftMs: 1 },
}
const shown = (more: Partial<TargetStatus>) => renderStatus({ ...status, ...more }, pc.createColors(false))

describe('the status for people', () => {
  it('tells documents that are known not to match beside the state, with the run that found them', () => {
    const left = { ...user, leftovers: { count: 5, runId: 'r9' } }
    const text = shown({ collections: [left], steps: 1 })
    expect(text).toContain('in sync; 5 documents do not match (run r9)\n')
    expect(text).not.toContain('Nothing to do')
  })

  it.each([
    { why: 'all is done', more: {}, says: 'Nothing to do.' },
    { why: 'steps are planned', more: { steps: 2 }, says: '2 steps to apply.' },
    {
      why: 'a run is at work',
      more: {
        steps: 2,
        lock,
      },
      says: '2 steps not done yet.',
    },
    {
      why: 'the process of the holder is gone',
      more: { lock, isHolderGone: true },
      says: 'no longer there. Its lock ends e; `stage0 unlock --if-owner r1` frees it now.',
    },
    {
      why: 'something differs',
      more: { collections: [{ ...user, state: 'drifted', drift: ['validator'] } as const] },
      says: 'Nothing to apply. What differs is told above',
    },
    {
      why: 'an error is in the way',
      more: { problems: [{ code: 'VERSION_AHEAD', severity: 'error', text: 'x' } as const] },
      says: 'Nothing can be applied before',
    },
    {
      why: 'a run was cancelled in the middle',
      more: { steps: 1, collections: [{ ...user, state: 'interrupted' } as const] },
      says: 'The next apply goes on from there.',
    },
    {
      why: 'a run died',
      more: { steps: 1, interrupted: { runId: 'r1', planHash: 'h', startedAt: 's', holder: 'ada on build' } },
      says: 'Run r1 of ada on build was interrupted: its lease has ended. The next apply finishes it.',
    },
  ])('where $why: $says', ({ more, says }) => expect(shown(more)).toContain(says))
})
