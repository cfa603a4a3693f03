import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '@stage0/types'
import { ProgressView } from './progress.ts'

const base = { run_id: 'r', at: '2026-01-01T00:00:00.000Z' }
const step = {
  step_id: 'user/1.0.0.1/dropIndex/a',
  kind: 'dropIndex',
  collection: 'user',
  version: '1.0.0.1',
  name: 'drop index a',
} as const
const EVENTS: readonly RunEvent[] = [
  { ...base, seq: 1, type: 'run.started', plan_hash: 'h', steps: 10 },
  { ...base, ...step, seq: 2, type: 'step.started' },
  { ...base, ...step, seq: 3, type: 'step.progress', done: 5, total: 20, unit: 'documents' },
  {
    ...base,
    ...step,
    seq: 4,
    type: 'step.finished',
    status: 'failed',
    duration_ms: 12.4,
    error: { code: 'X', message: 'No.', hint: 'Try.' },
  },
  { ...base, seq: 5, type: 'run.finished', status: 'failed', duration_ms: 13, counts: {} },
]

function shown(progressIsLive: boolean): string {
  const written: string[] = []
  const view = new ProgressView({
    err: (text) => void written.push(text),
    progressIsLive,
    errColors: pc.createColors(false),
  })
  for (const event of EVENTS) view.show(event)
  return written.join('')
}

describe('the progress of a run', () => {
  it('is one plain line per finished step where nobody watches', () => {
    expect(shown(false)).toBe('[ 1/10] user 1.0.0.1  drop index a failed 12 ms\n        X: No.\n        hint: Try.\n')
  })

  it('redraws the step at work on a terminal, and leaves no half line behind', () => {
    const text = shown(true)
    expect(text).toContain('... user 1.0.0.1  drop index a 5 of 20 documents')
    expect(text.endsWith('\r\u001b[2K')).toBe(true)
  })

  const live = (...drafts: readonly object[]): string => {
    const written: string[] = []
    const err = (text: string) => void written.push(text)
    const view = new ProgressView({ err, progressIsLive: true, errColors: pc.createColors(false) })
    for (const draft of drafts) view.show({ ...base, seq: 1, ...draft } as RunEvent)
    return written.join('')
  }
  const progress = { ...step, type: 'step.progress', done: 42_000, total: 200_000, unit: 'documents' }

  it.each([
    { rate_per_s: 9100, remaining_s: 18, text: '42,000 of 200,000 documents, 9,100/s, 18 s left' },
    { rate_per_s: 790, remaining_s: 200, text: '42,000 of 200,000 documents, 790/s, 3 min 20 s left' },
    { rate_per_s: 20, remaining_s: 7900, text: '42,000 of 200,000 documents, 20/s, 2 h 11 min left' },
    { text: '42,000 of 200,000 documents' },
  ])('tells rate and remaining time: $text', ({ text, ...rate }) => {
    expect(live({ ...progress, ...rate }).endsWith(`drop index a ${text}`)).toBe(true)
  })

  it('tells that it waits, and names documents that do not match', () => {
    expect(live({ type: 'run.paused', paused: true })).toContain('Paused; stage0 resume lets it go on.\n')
    expect(live({ type: 'run.paused', paused: false })).toContain('Goes on.\n')
    const leftovers = { count: 2, samples: [{ id: '7', why: 'age: minimum 0, found -1' }, { id: '"x"' }] }
    const text = live({ ...step, type: 'step.finished', status: 'succeeded', duration_ms: 1, leftovers })
    expect(text).toContain(' 1 ms\n        _id 7: age: minimum 0, found -1\n        _id "x"\n')
  })
})
