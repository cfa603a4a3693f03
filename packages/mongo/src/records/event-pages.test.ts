import type { RunEvent } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { EventPages } from './event-pages.ts'

const event = (seq: number, message = ''): RunEvent => ({
  seq,
  run_id: 'r',
  at: '2026-01-01T00:00:00.000Z',
  type: 'run.finished',
  status: 'failed',
  duration_ms: 1,
  counts: {},
  error: { code: 'TARGET_REFUSED', message },
})

describe('event pages', () => {
  it('keep every event once, in order, over calls, with at most 250 a page', () => {
    const pages = new EventPages()
    const parts = Array.from({ length: 100 }, (_, call) =>
      pages.place([0, 1, 2, 3, 4, 5, 6].map((n) => event(call * 7 + n + 1))),
    ).flat()
    expect(parts.flatMap((part) => part.events.map((e) => e.seq))).toEqual(Array.from({ length: 700 }, (_, n) => n + 1))
    const perPage = new Map<number, number>()
    for (const part of parts) perPage.set(part.page, (perPage.get(part.page) ?? 0) + part.events.length)
    expect([...perPage]).toEqual([
      [1, 250],
      [2, 250],
      [3, 200],
    ])
  })
  it('begin a new page before one grows too long', () => {
    const parts = new EventPages().place(Array.from({ length: 10 }, (_, n) => event(n + 1, 'x'.repeat(400_000))))
    expect(parts.map((part) => part.events.length)).toEqual([4, 4, 2])
  })
  it('shorten an event that would fill a page alone', () => {
    const [part] = new EventPages().place([event(1, 'x'.repeat(3_000_000))])
    expect(JSON.stringify(part).length).toBeLessThan(500_000)
    expect(part?.events[0]).toMatchObject({ error: { code: 'TARGET_REFUSED', detail: 'left out: too long' } })
  })
})
