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
  const err = (text: string) => void written.push(text)
  const view = new ProgressView({ err, progressIsLive, errColors: pc.createColors(false) }, () => 0)
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
    const view = new ProgressView({ err, progressIsLive: true, errColors: pc.createColors(false) }, () => 0)
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

  it('names the first few of many documents that do not match', () => {
    const samples = Array.from({ length: 20 }, (_, id) => ({ id: String(id) }))
    const text = live({
      ...step,
      type: 'step.finished',
      status: 'succeeded',
      duration_ms: 1,
      leftovers: { count: 6000, samples },
    })
    expect(
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => line.trim()),
    ).toEqual([...['0', '1', '2', '3', '4'].map((id) => `_id ${id}`), 'and 5,995 more'])
  })

  it('tells steps that nobody began as one line per collection, and no time that they took', () => {
    const drafts = [
      { ...step, type: 'step.started' },
      { ...step, type: 'step.finished', status: 'cancelled', duration_ms: 3210, detail: '5 of 20 documents' },
      ...['a', 'b', 'c'].map((name) => ({ ...step, name, type: 'step.finished', status: 'cancelled', duration_ms: 0 })),
      { ...step, collection: 'order', type: 'step.finished', status: 'cancelled', duration_ms: 0 },
      { type: 'run.finished', status: 'cancelled', duration_ms: 1, counts: {} },
    ]
    expect(logged(drafts)).toEqual([
      '[1/6] user 1.0.0.1  drop index a cancelled (5 of 20 documents) 3.2 s',
      '[2-4/6] user  3 steps not begun',
      '[5/6] order 1.0.0.1  drop index a not begun',
    ])
  })

  it('cuts the line that is redrawn where the terminal is narrow, so that it can be taken back', () => {
    const written: string[] = []
    const io = { progressIsLive: true, errColors: pc.createColors(false), columns: () => 20 }
    new ProgressView({ ...io, err: (text) => void written.push(text) }, () => 0).show({
      ...{ ...base, ...step, seq: 1, type: 'step.started' },
    })
    expect(written).toEqual(['\r\u001b[2K... user 1.0.0.1  …'])
  })
})

/** The lines of a log; a number among the drafts lets so many seconds pass, with a look each second. */
function logged(drafts: readonly (object | number)[]): string[] {
  let [nowMs, text] = [0, '']
  const io = { err: (more: string) => void (text += more), progressIsLive: false, errColors: pc.createColors(false) }
  const view = new ProgressView(io, () => nowMs)
  view.show({ ...base, seq: 1, type: 'run.started', plan_hash: 'h', steps: 6 })
  for (const draft of drafts) {
    if (typeof draft !== 'number') view.show({ ...base, seq: 1, ...draft } as RunEvent)
    else
      for (let second = 0; second < draft; second += 1) {
        nowMs += 1000
        view.tick()
      }
  }
  return text.split('\n').slice(0, -1)
}

describe('a long run in a log', () => {
  const started = { ...step, type: 'step.started' }
  const progress = { ...step, type: 'step.progress', done: 42_000, total: 200_000, unit: 'documents', rate_per_s: 9100 }
  const finished = { ...step, type: 'step.finished', status: 'succeeded', duration_ms: 200_000 }

  it('tells how far a step is, first after a few seconds, then each ten', () => {
    expect(logged([started, progress, 2])).toEqual([])
    expect(logged([started, progress, 25])).toEqual([
      '... user 1.0.0.1  drop index a 42,000 of 200,000 documents, 9,100/s; for 3 s',
      '... user 1.0.0.1  drop index a 42,000 of 200,000 documents, 9,100/s; for 13 s',
      '... user 1.0.0.1  drop index a 42,000 of 200,000 documents, 9,100/s; for 23 s',
    ])
  })

  it('tells also of a step that says nothing of itself, and no more of it when it is done', () => {
    expect(logged([started, 4, finished, 600])).toEqual([
      '... user 1.0.0.1  drop index a for 3 s',
      '[1/6] user 1.0.0.1  drop index a 3 min 20 s',
    ])
  })

  it('is calmer the longer it takes, and never silent for more than a minute', () => {
    const hour = logged([started, 3600]).length
    expect(hour).toBeGreaterThan(60)
    expect(hour).toBeLessThan(120)
  })

  it('says once that it is paused', () => {
    expect(logged([started, { type: 'run.paused', paused: true }, 600])).toEqual([
      'Paused; stage0 resume lets it go on.',
    ])
  })

  it('tells whom it waits for and until when, at once and then each ten seconds', () => {
    let [nowMs, text] = [0, '']
    const io = { err: (more: string) => void (text += more), progressIsLive: false, errColors: pc.createColors(false) }
    const view = new ProgressView(io, () => nowMs)
    const holder = { host: 'build', pid: 7, user: 'ada', runId: 'r1', command: 'stage0 apply' }
    for (; nowMs <= 15_000; nowMs += 1000)
      view.wait({
        holder,
        token: 1,
        since: '',
        leaseEnd: '2026-01-01T00:00:30.000Z',
        leftMs: 1,
        step: 'user/1/migrate',
      })
    const line =
      'Waits for run r1 of ada@build (process 7, stage0 apply), at user/1/migrate; its lease ends 2026-01-01T00:00:30.000Z unless it is renewed.\n'
    expect(text).toBe(line.repeat(2))
  })
})
