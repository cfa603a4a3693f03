import type { RunEvent, RunSnapshot, RunSummary, StepStatus } from '@stage0/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reduceRun, snapshotOf, type PlannedStep } from './reduce-run.ts'

const RUN: RunSummary = {
  run_id: 'r1',
  status: 'running',
  started_at: '2026-01-01T00:00:00.000Z',
  user: 'ada',
  host: 'desk',
  command: 'stage0 apply',
  plan_hash: 'a'.repeat(64),
  collections: ['user'],
  steps: 0,
  counts: {},
  cancel_requested: false,
}
const plannedStep = (id: number): PlannedStep => ({
  id: `user/1.0.0.0/migrate/${id}.json`,
  kind: 'migrate',
  collection: 'user',
  version: '1.0.0.0',
  name: `migrate with ${id}.json`,
})
const planned = (count: number): PlannedStep[] => Array.from({ length: count }, (_, i) => plannedStep(i))
const at = (seq: number): string => new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString()
type Draft<T = RunEvent> = T extends RunEvent ? Omit<T, 'seq' | 'run_id' | 'at'> : never
const numbered = (drafts: readonly Draft[]): RunEvent[] =>
  drafts.map((draft, i) => ({ ...draft, seq: i + 1, run_id: 'r1', at: at(i + 1) }) as RunEvent)
const fields = (step: PlannedStep) => {
  const { id, ...rest } = step
  return { ...rest, step_id: id }
}
const fold = (from: RunSnapshot, events: readonly RunEvent[]): RunSnapshot => events.reduce(reduceRun, from)
const failure = (code: string) => ({ code, message: `${code} happened` })

/** A run as the engine tells it: steps in order, some cut short, the end perhaps missing. */
const runs = fc
  .array(
    fc.record({
      status: fc.constantFrom<StepStatus>('succeeded', 'already', 'failed', 'skipped', 'cancelled'),
      started: fc.boolean(),
      progress: fc.array(fc.nat(100), { maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .chain((steps) => fc.record({ steps: fc.constant(steps), told: fc.integer({ min: 0, max: 60 }) }))
  .map(({ steps, told }) => {
    const drafts: Draft[] = [{ type: 'run.started', plan_hash: 'b'.repeat(64), steps: steps.length }]
    const counts: Record<string, number> = {}
    steps.forEach(({ status, started, progress }, i) => {
      const step = fields(plannedStep(i))
      if (started) drafts.push({ ...step, type: 'step.started' })
      if (started) for (const done of progress) drafts.push({ ...step, type: 'step.progress', done, unit: 'documents' })
      const error = status === 'failed' ? { error: failure(`E${i}`) } : {}
      drafts.push({ ...step, type: 'step.finished', status, duration_ms: i, ...error })
      counts[status] = (counts[status] ?? 0) + 1
    })
    drafts.push({
      type: 'run.finished',
      status: counts.failed === undefined ? 'succeeded' : 'failed',
      duration_ms: 9,
      counts,
    })
    return { steps: planned(steps.length), events: numbered(drafts).slice(0, told) }
  })

describe('a run reduced from its events', () => {
  it('is the same whole or in two parts with the first part told again', () => {
    fc.assert(
      fc.property(runs, fc.nat(60), fc.nat(60), ({ steps, events }, cut, again) => {
        const start = snapshotOf(RUN, steps)
        const whole = fold(start, events)
        const prefix = fold(start, events.slice(0, cut))
        expect(fold(prefix, events.slice(cut))).toEqual(whole)
        expect(fold(prefix, events.slice(Math.min(again, cut)))).toEqual(whole)
        expect(fold(JSON.parse(JSON.stringify(prefix)) as RunSnapshot, events.slice(cut))).toEqual(whole)
      }),
    )
  })

  it('does not change by an event that it has seen, nor by one of another run', () => {
    fc.assert(
      fc.property(runs, ({ steps, events }) => {
        const whole = fold(snapshotOf(RUN, steps), events)
        for (const event of events) expect(reduceRun(whole, event)).toBe(whole)
        const stranger: RunEvent = {
          type: 'run.finished',
          run_id: 'r2',
          seq: 999,
          at: at(1),
          status: 'failed',
          duration_ms: 1,
          counts: {},
        }
        expect(reduceRun(whole, stranger)).toBe(whole)
      }),
    )
  })

  it('keeps the order of the plan, counts what is finished, and remembers the first error', () => {
    fc.assert(
      fc.property(runs, ({ steps, events }) => {
        const { run, steps: views, last_seq } = fold(snapshotOf(RUN, steps), events)
        expect(views.map((step) => step.id)).toEqual(steps.map((step) => step.id))
        const counts: Record<string, number> = {}
        for (const { status } of views)
          if (status !== 'pending' && status !== 'running') counts[status] = (counts[status] ?? 0) + 1
        expect(run.counts).toEqual(counts)
        expect(run.error).toEqual(views.find((step) => step.error !== undefined)?.error)
        expect(last_seq).toBe(events.length)
      }),
    )
  })

  it('never changes the snapshot that it is given', () => {
    fc.assert(
      fc.property(runs, ({ steps, events }) => {
        let snapshot = snapshotOf(RUN, steps)
        for (const event of events) {
          const before = JSON.stringify(snapshot)
          const after = reduceRun(snapshot, event)
          expect(JSON.stringify(snapshot)).toBe(before)
          snapshot = after
        }
      }),
    )
  })

  it('tells progress, duration and the number of the last event of each step', () => {
    const [first, second] = planned(2) as [PlannedStep, PlannedStep]
    const events = numbered([
      {
        type: 'run.started',
        plan_hash: 'c'.repeat(64),
        steps: 2,
        resumes: 'r0',
        warnings: [{ code: 'STATE_DRIFTED', severity: 'warning', text: 'x' }],
      },
      { ...fields(first), type: 'step.started' },
      { ...fields(first), type: 'step.progress', done: 5, total: 10, unit: 'documents' },
      { ...fields(first), type: 'step.finished', status: 'succeeded', duration_ms: 12, detail: '10 documents' },
      { ...fields(second), type: 'step.started' },
    ])
    const snapshot = fold(snapshotOf(RUN, [first, second]), events)
    expect(snapshot).toMatchObject({
      run: { status: 'running', plan_hash: 'c'.repeat(64), steps: 2, resumes: 'r0', counts: { succeeded: 1 } },
      warnings: [{ code: 'STATE_DRIFTED' }],
      steps: [
        {
          status: 'succeeded',
          started_at: at(2),
          done: 5,
          total: 10,
          unit: 'documents',
          duration_ms: 12,
          detail: '10 documents',
          seq: 4,
        },
        { status: 'running', started_at: at(5), seq: 5 },
      ],
      last_seq: 5,
    })
  })

  it('waits for a database that does not answer, until when is told, and no longer when it answers or the run is over', () => {
    const events = numbered([
      { type: 'run.contact', answers: false, lease_left_ms: 28_000 },
      { type: 'run.contact', answers: true, lease_left_ms: 30_000 },
      { type: 'run.contact', answers: false, lease_left_ms: 5000 },
      { type: 'run.finished', status: 'failed', duration_ms: 3, counts: {} },
    ])
    const states = events.map((_, i) => fold(snapshotOf(RUN, []), events.slice(0, i + 1)).run)
    expect(states.map(({ unanswered_until }) => unanswered_until)).toEqual([
      '2026-01-01T00:00:29.000Z',
      undefined,
      '2026-01-01T00:00:08.000Z',
      undefined,
    ])
  })

  it('waits while it is paused, goes on, and no longer waits when it is over', () => {
    const [step] = planned(1) as [PlannedStep]
    const events = numbered([
      { ...fields(step), type: 'step.started' },
      { type: 'run.paused', paused: true },
      { type: 'run.paused', paused: false },
      { type: 'run.paused', paused: true },
      { type: 'run.finished', status: 'cancelled', duration_ms: 3, counts: { cancelled: 1 } },
    ])
    const states = events.map((_, i) => fold(snapshotOf(RUN, [step]), events.slice(0, i + 1)).run)
    expect(states.map(({ paused, pause_requested }) => [paused, pause_requested])).toEqual([
      [undefined, undefined],
      [true, true],
      [false, false],
      [true, true],
      [undefined, undefined],
    ])
    expect(states.map(({ status }) => status)).toEqual([...Array<string>(4).fill('running'), 'cancelled'])
  })

  it('tells how fast a step goes only as long as that is so', () => {
    const [step] = planned(1) as [PlannedStep]
    const progress = { ...fields(step), type: 'step.progress', total: 200, unit: 'documents' } as const
    const events = numbered([
      { ...progress, done: 10 },
      { ...progress, done: 50, rate_per_s: 40, remaining_s: 4 },
      // After a pause there is no rate until there are two points in time again.
      { ...progress, done: 60 },
      { ...progress, done: 100, rate_per_s: 20, remaining_s: 5 },
      { ...fields(step), type: 'step.finished', status: 'succeeded', duration_ms: 9 },
    ])
    const states = events.map((_, i) => fold(snapshotOf(RUN, [step]), events.slice(0, i + 1)).steps[0])
    expect(states.map((view) => [view?.done, view?.rate_per_s, view?.remaining_s])).toEqual([
      [10, undefined, undefined],
      [50, 40, 4],
      [60, undefined, undefined],
      [100, 20, 5],
      [100, undefined, undefined],
    ])
  })

  it('keeps the documents that a step found not to match', () => {
    const [step] = planned(1) as [PlannedStep]
    const leftovers = { count: 12, samples: [{ id: '7', why: 'email: is missing' }] }
    const events = numbered([
      { ...fields(step), type: 'step.finished', status: 'succeeded', duration_ms: 9, leftovers },
      { type: 'run.finished', status: 'succeeded_with_leftovers', duration_ms: 3, counts: { succeeded: 1 } },
    ])
    expect(fold(snapshotOf(RUN, [step]), events)).toMatchObject({
      run: { status: 'succeeded_with_leftovers', counts: { succeeded: 1 } },
      steps: [{ status: 'succeeded', leftovers }],
    })
  })

  it('adds steps that no plan told of, once each, and leaves out the collection where there is none', () => {
    const [step] = planned(1) as [PlannedStep]
    const events = numbered([
      { ...fields(step), type: 'step.started' },
      { ...fields(step), type: 'step.finished', status: 'already', duration_ms: 1 },
      {
        step_id: 'enumerators/1/recordEnumerators',
        kind: 'recordEnumerators',
        version: '1',
        name: 'store enumerators 1',
        type: 'step.started',
      },
    ])
    const { steps } = fold(snapshotOf(RUN, []), events)
    expect(steps.map(({ id, status }) => [id, status])).toEqual([
      [step.id, 'already'],
      ['enumerators/1/recordEnumerators', 'running'],
    ])
    const without: PlannedStep = { ...step, kind: 'recordEnumerators', collection: '' }
    expect(snapshotOf(RUN, [without]).steps[0]).not.toHaveProperty('collection')
  })

  it('ends with the error of the run, and keeps what the record says of a run that another one finished', () => {
    const [step] = planned(1) as [PlannedStep]
    const events = numbered([
      { ...fields(step), type: 'step.finished', status: 'failed', duration_ms: 1, error: failure('MIGRATION_FAILED') },
      { type: 'run.finished', status: 'failed', duration_ms: 3, counts: { failed: 1 }, error: failure('STEP_FAILED') },
    ])
    const start = snapshotOf(RUN, [step])
    expect(fold(start, events.slice(0, 1)).run.error?.code).toBe('MIGRATION_FAILED')
    expect(fold(start, events).run).toMatchObject({
      status: 'failed',
      finished_at: at(2),
      duration_ms: 3,
      error: failure('STEP_FAILED'),
    })
    expect(fold(snapshotOf({ ...RUN, status: 'superseded' }, [step]), events).run.status).toBe('superseded')
  })
})
