import type { Observed, Plan } from '@stage0/core'
import type { PlanView } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { PlanStore } from './plan-store.ts'

const plan = (id: string, summary = ''): PlanView => ({
  id,
  hash: 'a'.repeat(64),
  made_at: '2026-01-01T00:00:00.000Z',
  scope: {},
  database: 'shop',
  server: 'MongoDB 7.0.0, standalone',
  environment: 'local',
  summary,
  refused: false,
  collections: [],
  steps: [],
  checks: [],
  problems: [],
  open_risks: 0,
})

const source = { plan: {} as Plan, observed: {} as Observed }
const bounds = { plans: 3, characters: 100_000, ageMs: 1000 }

describe('the store of plans', () => {
  it('forgets the oldest when there are too many', () => {
    const plans = new PlanStore(bounds, () => 0)
    for (const id of ['a', 'b', 'c', 'd']) plans.keep(plan(id), source)
    expect(['a', 'b', 'c', 'd'].map((id) => plans.find(id)?.id)).toEqual([undefined, 'b', 'c', 'd'])
  })

  it('forgets the oldest when they are too large together, and never the newest', () => {
    const plans = new PlanStore(bounds, () => 0)
    plans.keep(plan('a'), source)
    plans.keep(plan('b', 'x'.repeat(200_000)), source)
    expect(plans.find('a')).toBeUndefined()
    expect(plans.find('b')?.id).toBe('b')
    plans.keep(plan('c'), source)
    expect(plans.find('b')).toBeUndefined()
    expect(plans.find('c')?.id).toBe('c')
  })

  it('forgets what is too old', () => {
    let now = 0
    const plans = new PlanStore(bounds, () => now)
    plans.keep(plan('a'), source)
    now = 1000
    plans.keep(plan('b'), source)
    expect(plans.find('a')?.id).toBe('a')
    now = 1001
    expect(plans.find('a')).toBeUndefined()
    expect(plans.find('b')?.id).toBe('b')
  })
})
