import { err, ok } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import type { LockFate, LockHolder, TargetError } from '../ports.ts'
import type { LossReason } from './lock-keeper.ts'
import { explainLoss } from './lock-loss.ts'

const by: LockHolder = { host: 'there', pid: 9, user: 'ben', runId: 'r2', command: 'stage0 apply' }
const state = '2 of 14 steps are done'
const away: TargetError = { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: 'no answer' }

const explained = (reason: LossReason, fate: LockFate | TargetError) =>
  explainLoss({
    lock: { fate: async () => ('state' in fate ? ok(fate) : err(fate)) },
    token: 1,
    reason,
    state,
  })

describe('a lock that is lost', () => {
  it.each<[string, LossReason, LockFate | TargetError, string, RegExp]>([
    [
      'to another run',
      'gone',
      { state: 'taken', by, since: '2026-01-01' },
      'LOCK_LOST',
      /^Run r2 of ben@there \(process 9\) has taken the lock over at 2026-01-01, .*: 2 of 14 steps are done\.$/,
    ],
    [
      'to a person',
      'gone',
      { state: 'freed', by, at: '2026-01-01' },
      'LOCK_LOST',
      /^ben@there took the lock away with `stage0 unlock` at 2026-01-01, /,
    ],
    ['with its record', 'gone', { state: 'absent' }, 'LOCK_LOST', /record of the lock is gone/],
    ['while the process was suspended', 'lapsed', { state: 'unchanged' }, 'LOCK_LOST', /ended before it was extended/],
    [
      'while nobody answered',
      'unanswered',
      { state: 'unchanged' },
      'TARGET_UNREACHABLE',
      /did not answer until the lease .*: 2 of 14 steps are done\.$/,
    ],
    ['and nobody can be asked any more', 'lapsed', away, 'TARGET_UNREACHABLE', /did not answer/],
    [
      'and the record may not be read',
      'gone',
      { ...away, kind: 'not-permitted' },
      'LOCK_LOST',
      /not held by this run any more/,
    ],
  ])('%s says so', async (_how, reason, fate, code, message) => {
    const error = await explained(reason, fate)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(error.hint).toMatch(
      fate === away || code === 'TARGET_UNREACHABLE'
        ? /server runs.*next `stage0 apply`/
        : /next `stage0 apply`|stage0 history r2/,
    )
  })
})
