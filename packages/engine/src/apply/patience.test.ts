import { err, ok, type Result } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import type { TargetError } from '../ports.ts'
import { ATTEMPTS, untilLeaseEnds, withPatience } from './patience.ts'

const never = new AbortController().signal
const failing = (kind: TargetError['kind']) => err<TargetError>({ code: 'TARGET_UNREACHABLE', kind, message: 'no' })

/** Tries until the answers are used up; the last one stays. */
async function tried(answers: readonly Result<string, TargetError>[], isAnswering: boolean) {
  let count = 0
  const result = await withPatience({ answering: async () => isAnswering }, never, async () => {
    count += 1
    return answers[Math.min(count, answers.length) - 1] ?? ok('nothing')
  })
  return [result.ok, count]
}

describe('what fails because the database is away', () => {
  it('is tried again when it answers again', async () => {
    expect(await tried([failing('unreachable'), failing('unreachable'), ok('done')], true)).toEqual([true, 3])
  })
  it('is given up where it does not, after some attempts where it does, and at once where it was refused', async () => {
    expect(await tried([failing('unreachable')], false)).toEqual([false, 1])
    expect(await tried([failing('unreachable')], true)).toEqual([false, ATTEMPTS])
    expect(await tried([failing('refused')], true)).toEqual([false, 1])
  })
})

describe('what a server that stands still is asked', () => {
  it('is waited for until the lease ends, and no longer', async () => {
    const lost = new AbortController()
    const keeper = { lost: lost.signal, lossReason: 'unanswered' as const }
    const waiting = untilLeaseEnds(keeper, new Promise<Result<string, TargetError>>(() => {}))
    lost.abort()
    expect(await waiting).toMatchObject({ error: { code: 'TARGET_UNREACHABLE' } })
    expect(await untilLeaseEnds({ ...keeper, lossReason: 'gone' }, Promise.resolve(ok('done')))).toEqual(ok('done'))
  })
})
