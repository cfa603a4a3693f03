import type { PlanView, RunSnapshot, RunStarted, Scope } from '@stage0/types'
import { expect, type Stage } from './test.ts'

/** Plans through the API. */
export async function makePlan({ api }: Stage, scope: Scope = {}): Promise<PlanView> {
  const response = await api.post('/api/plans', { data: { scope } })
  expect(response.status(), await response.text()).toBe(201)
  return (await response.json()) as PlanView
}

export async function readRun({ api }: Stage, id: string): Promise<RunSnapshot> {
  return (await (await api.get(`/api/runs/${id}`)).json()) as RunSnapshot
}

/** Plans and applies through the API, and waits for the end. */
export async function applyAll(stage: Stage, scope: Scope = {}): Promise<RunSnapshot> {
  const plan = await makePlan(stage, scope)
  const response = await stage.api.post('/api/runs', {
    data: { scope: plan.scope, plan_hash: plan.hash, confirm: plan.database },
  })
  expect(response.status(), await response.text()).toBe(202)
  const { run_id: id } = (await response.json()) as RunStarted
  await expect.poll(async () => (await readRun(stage, id)).run.status, { timeout: 30_000 }).not.toBe('running')
  return readRun(stage, id)
}

/** A migration that no server can carry out on the test data of the sample: a first name is no number. */
export const FAILING_MIGRATION = {
  'migrations/user_display_name.json': JSON.stringify([
    { $set: { display_name: { $toInt: '$first_name' } } },
    { $out: 'user' },
  ]),
}

/** A migration after which no document matches: there is no such role. */
export const LEAVING_MIGRATION = {
  'migrations/user_display_name.json': JSON.stringify([
    { $set: { display_name: '$first_name', role: 'stranger' } },
    { $unset: ['first_name', 'last_name'] },
    { $out: 'user' },
  ]),
}
