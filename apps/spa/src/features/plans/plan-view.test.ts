import type { PlanStepView, PlanView, RiskView } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { checkMark, commonSteps, openRisks, plannedCollections, riskKind, whyNotApplicable } from './plan-view.ts'

const risk = (code: string, accepted?: string): RiskView => ({
  code,
  label: 'breaking',
  what: 'removes a field',
  why: 'readers break',
  safer: 'deprecate first',
  ...(accepted === undefined ? {} : { accepted }),
})
const step = (id: string, collection: string, version: string, risks: RiskView[] = []): PlanStepView => ({
  id,
  kind: 'setValidator',
  collection,
  version,
  name: id,
  details: [],
  risks,
  recovery: 'observe',
  undo: 'set the validator before',
})
const PLAN: PlanView = {
  id: 'p',
  hash: 'a'.repeat(64),
  made_at: '2026-01-01T00:00:00.000Z',
  scope: {},
  database: 'shop',
  server: 'MongoDB 7.0.0',
  environment: 'local',
  summary: '4 steps',
  refused: false,
  collections: [
    { name: 'a', state: 'in sync', pending: [], drift: [], step_ids: [] },
    { name: 'b', state: 'behind', pending: ['1.0.0.1', '1.1.0.1'], drift: [], step_ids: ['b1', 'b2', 'b3', 'gone'] },
  ],
  steps: [
    step('e', '', '1'),
    step('b1', 'b', '1.0.0.1'),
    step('b2', 'b', '1.1.0.1', [risk('BC'), risk('MF', 'agreed')]),
    step('b3', 'b', '1.1.0.1'),
  ],
  checks: [],
  problems: [],
  open_risks: 1,
}

describe('a plan to look at', () => {
  it('shows collections with something to do first, steps by version in the order of the plan (C-17)', () => {
    const [first, second] = plannedCollections(PLAN)
    expect([first?.name, second?.name]).toEqual(['b', 'a'])
    expect(first?.versions.map(({ version, steps }) => [version, steps.map(({ id }) => id)])).toEqual([
      ['1.0.0.1', ['b1']],
      ['1.1.0.1', ['b2', 'b3']],
    ])
    expect(first?.openRisks).toBe(1)
  })

  it('keeps steps of no collection apart', () => {
    expect(commonSteps(PLAN).map(({ id }) => id)).toEqual(['e'])
  })

  it('lists open risks with their step; accepted ones are not open', () => {
    expect(openRisks(PLAN).map(({ code, step: { id } }) => [code, id])).toEqual([['BC', 'b2']])
  })

  it.each([
    [risk('BC'), 'error'],
    [risk('LU'), 'error'],
    [risk('MF'), 'warning'],
    [risk('BC', 'agreed'), 'neutral'],
  ] as const)('a risk is as grave as its class: %o', (one, kind) => {
    expect(riskKind(one)).toBe(kind)
  })

  it.each([
    [{ ...PLAN, refused: true }, { allowed: true }, 'refused'],
    [{ ...PLAN, steps: [] }, { allowed: true }, 'nothing'],
    [PLAN, { allowed: false }, 'notAllowed'],
    [PLAN, { allowed: true }, undefined],
    [PLAN, undefined, undefined],
  ])('says why it cannot be applied', (plan, run, why) => {
    expect(whyNotApplicable(plan, run)).toBe(why)
  })

  it('a failed check is marked failed', () => {
    expect(checkMark('failed')).toEqual({ kind: 'error', label: 'Failed' })
  })
})
