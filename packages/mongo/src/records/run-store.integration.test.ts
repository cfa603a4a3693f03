import { type RunEvent } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { type Scratch, value } from '../testing/scratch.ts'
import { claimOf, ended, entry, expireLease, run } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

const observed = async () => value(await scratch.target.observe({}))

describe('runs', () => {
  it('W-03: a run that was cut off is found with its journal, and its fence closed by the next claim', async () => {
    const token = await claimOf(scratch, 'r1')
    value(await scratch.target.runs.begin(run('r1', token)))
    value(await scratch.target.runs.journal('r1', token, entry('s', 'intended')))
    expect((await observed()).interrupted).toBeUndefined()
    await expireLease(scratch)
    const next = await claimOf(scratch, 'r2')
    const late = await scratch.target.runs.journal('r1', token, entry('s', 'done'))
    expect(late).toMatchObject({ ok: false, error: { kind: 'lost-lock', code: 'LOCK_LOST' } })
    const { interrupted, journal } = await observed()
    expect(interrupted).toMatchObject({ runId: 'r1', planHash: 'hash', holder: 'ada on here (process 1)' })
    expect(journal).toEqual([entry('s', 'intended')])
    value(await scratch.target.runs.begin(run('r2', next, journal)))
    value(await scratch.target.runs.supersede('r1', { runId: 'r2', token: next }))
    expect(await observed()).toMatchObject({ interrupted: undefined, journal: [entry('s', 'intended')] })
    value(await scratch.target.runs.finish('r2', next, ended('succeeded')))
    value(await scratch.target.lock.release(next))
    expect(await observed()).toMatchObject({ interrupted: undefined, journal: [entry('s', 'intended')] })
  })

  it('its own records are durable on a majority', async () => {
    scratch.sent.length = 0
    const token = await claimOf(scratch, 'r1')
    await scratch.target.runs.begin(run('r1', token))
    await scratch.target.runs.journal('r1', token, entry('s', 'done'))
    await scratch.target.runs.finish('r1', token, ended('failed', { code: 'DUPLICATE_KEY', message: 'x' }))
    await scratch.target.lock.release(token)
    const written = scratch.sent.filter(({ name }) => name !== 'find')
    expect(written.length).toBeGreaterThanOrEqual(5)
    for (const { name, writeConcern } of written)
      expect([name, writeConcern]).toEqual([name, { w: 'majority', j: true }])
  })

  it('their events are kept in pages, in order', async () => {
    const events = Array.from({ length: 600 }, (_, n): RunEvent => ({
      seq: n + 1,
      run_id: 'r1',
      at: '2026-01-01T00:00:00.000Z',
      type: 'run.finished',
      status: 'succeeded',
      duration_ms: 0,
      counts: { done: 1 },
    }))
    value(await scratch.target.runs.appendEvents('r1', events.slice(0, 100)))
    value(await scratch.target.runs.appendEvents('r1', events.slice(100)))
    const pages = await scratch.db.collection('stage0_runs').find({ kind: 'events' }).sort({ _id: 1 }).toArray()
    expect(pages.flatMap((page) => page['events'] as unknown[])).toEqual(events)
    expect(pages.map((page) => [page['first_seq'], page['last_seq']])).toEqual([
      [1, 250],
      [251, 500],
      [501, 600],
    ])
  })

  it('a plan of any length is kept in parts', async () => {
    const token = await claimOf(scratch, 'r1')
    const plan = 'ä'.repeat(4_500_000)
    value(await scratch.target.runs.begin({ ...run('r1', token), plan }))
    const parts = await scratch.db.collection('stage0_runs').find({ kind: 'plan' }).sort({ _id: 1 }).toArray()
    expect(parts.map((part) => part['text'] as string).join('') === plan).toBe(true)
    expect(parts).toHaveLength(2)
  })

  it('a wish to cancel is seen', async () => {
    await scratch.target.runs.begin(run('r1', 1))
    expect(value(await scratch.target.runs.readFlags('r1'))).toEqual({ cancel: false, pause: false })
    await scratch.db.collection('stage0_runs').updateOne({ _id: 'r1' as never }, { $set: { cancel_requested: true } })
    expect(value(await scratch.target.runs.readFlags('r1'))).toEqual({ cancel: true, pause: false })
  })
})
