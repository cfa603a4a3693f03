import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import type { MemoryDatabase } from '../testing/memory-database.ts'
import type { Faults } from '../testing/memory-target.ts'
import { wanted, before, small, counted, allOnce, migrateEvent, rangesOf } from '../testing/online.ts'
import { apply } from '../testing/run.ts'

describe('a run that is asked to wait or to end', () => {
  const askAfter = (
    database: MemoryDatabase,
    ranges: number,
    ask: (run: { cancelRequested: boolean; pauseRequested: boolean }) => void,
  ): Faults => {
    let seen = 0
    return {
      before: (operation) => {
        const run = database.runs.at(-1)
        if (operation === 'applyRange' && (seen += 1) === ranges && run !== undefined) ask(run)
      },
    }
  }

  it('cancelled: finishes the range, ends, and the next run goes on there', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults = askAfter(database, 2, (run) => {
      run.cancelRequested = true
      clock.suspend(200)
    })
    const ran = await apply(database, wanted, { ...small, clock, faults })
    expect([ran.last?.status, ran.last?.error?.code, rangesOf(ran)]).toEqual(['cancelled', 'CANCELLED', 2])
    expect(migrateEvent(ran)).toMatchObject({
      status: 'cancelled',
      detail: '6 of 10 documents; the next run goes on there',
    })
    const second = await apply(database, wanted, { ...small, clock, runId: 'run-2' })
    expect([second.last?.status, rangesOf(second), counted(database)]).toEqual(['succeeded', 2, allOnce])
  })

  it('by Ctrl-C: the same', async () => {
    const database = await before()
    const stop = new AbortController()
    const ran = await apply(database, wanted, {
      ...small,
      signal: stop.signal,
      faults: askAfter(database, 1, () => stop.abort()),
    })
    expect([ran.last?.status, rangesOf(ran)]).toEqual(['cancelled', 1])
  })

  it('paused: waits before the next range with the lock in its hands, tells so, and goes on when asked', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults = askAfter(database, 2, (run) => {
      run.pauseRequested = true
      clock.suspend(200)
    })
    const run = apply(database, wanted, { ...small, clock, faults })
    for (let turns = 0; turns < 20; turns += 1) {
      await settle()
      await clock.advance(500)
    }
    const standing = database.runs.at(-1)
    expect(standing?.journal.at(-1)?.checkpoint?.done).toBe(6)
    expect(standing?.events.at(-1)).toMatchObject({ type: 'run.paused', paused: true })
    expect((await apply(database, wanted, { clock, runId: 'run-2' })).last?.error?.code).toBe('LOCK_HELD')
    if (standing !== undefined) standing.pauseRequested = false
    await clock.advance(500)
    const ran = await run
    expect([ran.last?.status, counted(database)]).toEqual(['succeeded', allOnce])
    expect(ran.events.flatMap((event) => (event.type === 'run.paused' ? [event.paused] : []))).toEqual([true, false])
  })

  it('paused and then cancelled ends at once', async () => {
    const database = await before()
    const clock = new FakeClock()
    const stop = new AbortController()
    const faults = askAfter(database, 1, (run) => {
      run.pauseRequested = true
      clock.suspend(200)
    })
    const run = apply(database, wanted, { ...small, clock, faults, signal: stop.signal })
    await settle()
    await settle()
    stop.abort()
    const ran = await run
    expect([ran.last?.status, rangesOf(ran)]).toEqual(['cancelled', 1])
    // It did not go on.
    expect(ran.events.flatMap((event) => (event.type === 'run.paused' ? [event.paused] : []))).toEqual([true])
  })

  it('paused between two steps waits there', async () => {
    const database = await before()
    const clock = new FakeClock()
    const faults: Faults = {
      before: (operation) => {
        const run = database.runs.at(-1)
        if (operation === 'setValidator' && run !== undefined) run.pauseRequested = true
      },
    }
    const run = apply(database, wanted, { ...small, clock, faults })
    await settle()
    await settle()
    const standing = database.runs.at(-1)
    expect(standing?.outcome).toBeUndefined()
    if (standing !== undefined) standing.pauseRequested = false
    await clock.advance(500)
    expect((await run).last?.status).toBe('succeeded')
  })
})
