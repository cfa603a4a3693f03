import type { PlannedStep } from '@stage0/core'
import type { RunEvent, RunSummary } from '@stage0/types'

const AT = '2026-01-02T03:04:05.678Z'

export const summary: RunSummary = {
  run_id: 'run-1',
  status: 'running',
  started_at: AT,
  user: 'ann',
  host: 'here',
  command: 'test',
  plan_hash: 'a'.repeat(64),
  collections: ['user'],
  steps: 0,
  counts: {},
  cancel_requested: false,
}

export const plannedOf = (steps: number): readonly PlannedStep[] =>
  Array.from({ length: steps }, (_, i) => ({
    id: `user/1.0.0.${i}/recordVersion`,
    kind: 'recordVersion',
    collection: 'user',
    version: `1.0.0.${i}`,
    name: `record version 1.0.0.${i}`,
  }))

/** The events of a run of so many steps that succeeds; each step tells its progress so many times. */
export function eventsOf(steps: number, progress = 0): readonly RunEvent[] {
  const events: RunEvent[] = []
  const base = () => ({ seq: events.length + 1, run_id: summary.run_id, at: AT })
  events.push({ ...base(), type: 'run.started', plan_hash: summary.plan_hash, steps })
  for (const { id, ...step } of plannedOf(steps)) {
    events.push({ ...base(), ...step, step_id: id, type: 'step.started' })
    for (let done = 1; done <= progress; done += 1)
      events.push({ ...base(), ...step, step_id: id, type: 'step.progress', done, total: progress, unit: 'documents' })
    events.push({ ...base(), ...step, step_id: id, type: 'step.finished', status: 'succeeded', duration_ms: 1 })
  }
  events.push({ ...base(), type: 'run.finished', status: 'succeeded', duration_ms: 9, counts: { succeeded: steps } })
  return events
}
