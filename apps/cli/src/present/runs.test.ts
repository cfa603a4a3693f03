import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { RunSnapshot, RunSummary } from '@stage0/types'
import { asSeenHere, renderRun, renderRuns, stateText, whatHolderDoes } from './runs.ts'

const plain = pc.createColors(false)
const run: RunSummary = {
  run_id: 'r1',
  status: 'running',
  started_at: '2026-01-01T00:00:00.000Z',
  user: 'ada',
  host: 'build',
  command: 'stage0 apply',
  plan_hash: 'h',
  collections: ['user'],
  steps: 3,
  counts: {},
  cancel_requested: false,
}
const lock = {
  holder: { host: 'build', pid: 7, user: 'ada', runId: 'r1', command: 'stage0 apply' },
  token: 1,
  since: '2026-01-01T00:00:00.000Z',
  leaseEnd: '2026-01-01T00:00:30.000Z',
  step: 'user/1.0.0.1/migrate/a.json',
}

describe('the state of a run', () => {
  it.each([
    { more: {}, text: 'at work' },
    { more: { pause_requested: true }, text: 'pausing' },
    { more: { pause_requested: true, paused: true }, text: 'paused' },
    { more: { pause_requested: false, paused: true }, text: 'at work' },
    { more: { pause_requested: true, paused: true, cancel_requested: true }, text: 'ending' },
    { more: { status: 'interrupted' } as const, text: 'interrupted' },
    { more: { status: 'succeeded_with_leftovers' } as const, text: 'succeeded with leftovers' },
  ])('$more is $text', ({ more, text }) => {
    expect(stateText({ ...run, ...more })).toBe(text)
    expect(renderRuns([{ ...run, ...more }], 1, plain)).toContain(`  ${text}  `)
  })

  it.each([
    { now: undefined, text: 'holds the lock since 2026-01-01T00:00:00.000Z, and plans. Its lease ends 2026' },
    {
      now: run,
      text: 'is at work since 2026-01-01T00:00:00.000Z, at user/1.0.0.1/migrate/a.json. Its lease ends 2026',
    },
    { now: { ...run, pause_requested: true }, text: 'and is asked to pause.' },
    { now: { ...run, pause_requested: true, paused: true }, text: 'is paused, at user/1.0.0.1/migrate/a.json' },
    { now: { ...run, cancel_requested: true }, text: 'and is asked to end.' },
  ])('of the one that holds the lock: $text', ({ now, text }) => {
    expect(whatHolderDoes(lock, now)).toMatch(/^Run r1 of ada@build \(process 7, stage0 apply\) /)
    expect(whatHolderDoes(lock, now)).toContain(text)
  })
})

it.each([
  { what: 'whose process is gone', gone: true, more: {}, seen: 'interrupted' },
  { what: 'whose process is there, or elsewhere', gone: false, more: {}, seen: 'running' },
  { what: 'that does not hold the lock', gone: true, more: { run_id: 'r2' }, seen: 'running' },
  { what: 'that has ended', gone: true, more: { status: 'succeeded' } as const, seen: 'succeeded' },
])('a run $what is $seen', ({ gone, more, seen }) => {
  expect(asSeenHere({ ...run, ...more }, lock, () => gone).status).toBe(seen)
  expect(asSeenHere({ ...run, ...more }, undefined, () => true).status).toBe(more.status ?? 'running')
})

describe('one run', () => {
  const step = { id: 's', kind: 'findLeftovers', collection: 'user', version: '1.0.0.1', name: 'look' } as const
  const shown = (...steps: RunSnapshot['steps']) => renderRun({ run, steps, warnings: [], last_seq: 1 }, plain)

  it('shows samples of the documents that do not match, and how many there are besides', () => {
    const samples = [{ id: '{"$oid":"0"}', why: 'age: minimum 0, found -1' }, { id: '7' }]
    const detail = '1200 documents do not match'
    const text = shown({ ...step, status: 'succeeded', duration_ms: 5, detail, leftovers: { count: 1200, samples } })
    expect(text).toContain(
      '  succeeded  user 1.0.0.1  look  (1200 documents do not match)  5 ms\n    _id {"$oid":"0"}: age: minimum 0, found -1\n    _id 7\n    and 1,198 more\n',
    )
  })

  it('shows how far the step at work is, and no time of a step that was not begun', () => {
    const amount = { done: 42_000, total: 200_000, unit: 'documents', rate_per_s: 9100, remaining_s: 18 }
    expect(shown({ ...step, status: 'running', ...amount })).toContain(
      '42,000 of 200,000 documents, 9,100/s, 18 s left',
    )
    expect(shown({ ...step, status: 'cancelled', duration_ms: 0 })).toMatch(/cancelled {2}user 1\.0\.0\.1 {2}look\n$/)
    expect(shown({ ...step, status: 'already', duration_ms: 0 })).toMatch(/already done {2}user .* 0 ms\n$/)
  })
})
