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
})
