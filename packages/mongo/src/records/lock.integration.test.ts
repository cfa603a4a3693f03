import { describe, expect, it } from 'vitest'
import { type Scratch, value } from '../testing/scratch.ts'
import { BY, claimOf, entry, expireLease, holder, ISO, run } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

describe('W-11: the lock', () => {
  it('is claimed by one of many, and the others are told by whom', async () => {
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => scratch.target.lock.claim(holder(`r${n}`), 30_000)),
    )
    const won = claims.map(value).filter((result) => result.claimed)
    expect(won).toHaveLength(1)
    const held = value(await scratch.target.lock.read())
    if (held === undefined) throw new Error('nobody holds the lock that was claimed')
    const { leftMs, ...told } = held
    expect([leftMs > 0, leftMs <= 30_000]).toEqual([true, true])
    for (const result of claims.map(value)) if (!result.claimed) expect(result.held).toMatchObject(told)
  })

  it('gives a growing token, also after a release and an expired lease', async () => {
    const first = await claimOf(scratch, 'a')
    value(await scratch.target.lock.release(first))
    expect(value(await scratch.target.lock.read())).toBeUndefined()
    const second = await claimOf(scratch, 'b')
    await expireLease(scratch)
    const third = await claimOf(scratch, 'c')
    expect([first, second, third]).toEqual([1, 2, 3])
  })

  it('is renewed by its holder only, who sees that it is lost', async () => {
    const old = await claimOf(scratch, 'a', 500)
    expect(value(await scratch.target.lock.renew(old, 500, 'step 1'))).toBe(true)
    expect(value(await scratch.target.lock.read())).toMatchObject({ token: old, step: 'step 1', holder: holder('a') })
    value(await scratch.target.lock.release(old))
    const next = await claimOf(scratch, 'b')
    expect(value(await scratch.target.lock.renew(old, 500, undefined))).toBe(false)
    value(await scratch.target.lock.release(old))
    expect(value(await scratch.target.lock.read())).toMatchObject({ token: next })
  })

  it('tells what became of a claim: nothing yet, taken away by whom, taken by which run, no record any more', async () => {
    const fate = async (token: number) => value(await scratch.target.lock.fate(token))
    expect(await fate(1)).toEqual({ state: 'absent' })
    const token = await claimOf(scratch, 'a')
    expect(await fate(token)).toEqual({ state: 'unchanged' })
    await expireLease(scratch)
    expect(await fate(token)).toEqual({ state: 'unchanged' })
    const second = await claimOf(scratch, 'b')
    expect(await fate(token)).toMatchObject({ state: 'taken', by: holder('b'), since: expect.stringMatching(ISO) })
    value(await scratch.target.lock.revoke(second, BY))
    expect(await fate(second)).toEqual({ state: 'freed', by: BY, at: expect.stringMatching(ISO) })
    await claimOf(scratch, 'c')
    expect(await fate(second)).toMatchObject({ state: 'taken', by: holder('c') })
  })

  it('is taken away from one claim alone, which then can neither renew it nor write into its run', async () => {
    const token = await claimOf(scratch, 'a')
    value(await scratch.target.runs.begin(run('a', token)))
    expect(value(await scratch.target.lock.revoke(token - 1, BY))).toBe(false)
    expect(value(await scratch.target.lock.revoke(token, BY))).toBe(true)
    expect(value(await scratch.target.lock.read())).toBeUndefined()
    expect(value(await scratch.target.lock.renew(token, 30_000, undefined))).toBe(false)
    const late = await scratch.target.runs.journal('a', token, entry('late', 'done'))
    expect(late).toMatchObject({ ok: false, error: { code: 'LOCK_LOST' } })
    expect(value(await scratch.target.lock.revoke(token, BY))).toBe(false)
    const next = await claimOf(scratch, 'b')
    expect(next).toBe(token + 2)
    await expireLease(scratch)
    // Its lease has ended by itself: there is nothing to take away.
    expect(value(await scratch.target.lock.revoke(next, BY))).toBe(false)
  })
})
