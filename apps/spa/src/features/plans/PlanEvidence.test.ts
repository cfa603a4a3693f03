// @vitest-environment happy-dom
import type { PlanEvidence, PlanView } from '@stage0/types'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { mountPage } from '../../shared/testing/mount-page.ts'
import { bytesText, verdictOf } from './evidence-view.ts'
import { routes } from './routes.ts'

const STEP = 'user/1.0.0.0/setValidator'
const PLAN: PlanView = {
  id: 'p',
  hash: 'a'.repeat(64),
  made_at: '2026-01-01T00:00:00.000Z',
  scope: {},
  database: 'shop',
  server: 'MongoDB 7.0.0',
  environment: 'local',
  summary: '1 step',
  refused: false,
  collections: [{ name: 'user', state: 'behind', pending: ['1.0.0.0'], drift: [], step_ids: [STEP] }],
  steps: [
    {
      id: STEP,
      kind: 'setValidator',
      collection: 'user',
      version: '1.0.0.0',
      name: 'set the validator',
      details: [],
      risks: [{ code: 'MF', label: 'data-dependent', what: 'name: required', why: 'because', safer: 'migrate' }],
      recovery: 'observe',
      undo: 'none',
    },
  ],
  checks: [],
  problems: [],
  open_risks: 0,
}
const scan = { ended: 'all', checked: 1000, total: 1000, basis: 'as stored now', foreseen: true } as const
const EVIDENCE: PlanEvidence = {
  plan_hash: PLAN.hash,
  at: '2026-01-01T00:00:00.000Z',
  took_ms: 5,
  limits: { ms: 30_000, documents: 1_000_000, samples: 20 },
  collections: [
    {
      name: 'user',
      size: { documents: 1000, bytes: 98_300_000, storage_bytes: 1, index_bytes: 4000 },
      validators: [
        {
          step_id: STEP,
          version: '1.0.0.0',
          text: '312 of 1,000 documents would fail, as stored now',
          scan,
          failing: 312,
          rules: [{ path: 'name', keyword: 'required', expected: 'a value', documents: 312 }],
          samples: [
            {
              id: '7',
              violations: [{ path: 'name', rule: 'required', expected: 'a value', actual: 'nothing' }],
              more: 0,
            },
          ],
        },
      ],
      uniques: [
        {
          step_id: STEP,
          version: '1.0.0.0',
          index: 'byEmail',
          text: '2 documents share 1 key: the index cannot be built, as stored now',
          scan,
          keys: 1,
          documents: 2,
          samples: [{ key: [{ path: 'email', value: '"a@b.c"' }], documents: 2, ids: ['1', '2'] }],
        },
      ],
      expiries: [
        {
          step_id: STEP,
          version: '1.0.0.0',
          index: 'old',
          text: '8 of 1,000 documents would be deleted right away',
          scan,
          path: 'last_seen',
          seconds: 3600,
          documents: 8,
        },
      ],
      work: [{ step_id: STEP, text: 'changes metadata only' }],
      risks: [{ step_id: STEP, risk: 0, what: 'name: required', text: 'MF: 312 documents' }],
      errors: [],
    },
  ],
}

describe('the evidence on the page of a plan', () => {
  it('shows counts per rule, samples and duplicates of the collection, and the amount at the risk', async () => {
    const { page } = await mountPage(routes, '/plans/p', { '/api/plans/p': PLAN, '/api/plans/p/evidence': EVIDENCE })
    await flushPromises()
    const text = page.text()
    expect(text).toContain('312 of 1,000 documents would fail, as stored now')
    expect(text).toContain('MF: 312 documents')
    expect(text).toContain('Index old of 1.0.0.0, which deletes')
    expect(text).toContain('8 of 1,000 documents would be deleted right away')
    expect(page.findAll('tbody tr').map((row) => row.text())).toEqual([
      '312namerequireda value',
      '7namerequireda valuenothing',
      '2email: "a@b.c"1, 2',
    ])
    expect(text).toContain('1,000 documents, 98.3 MB')
  })

  it('shows that the documents are still looked at, and asks on until they are', async () => {
    let asked = 0
    const answers = {
      '/api/plans/p': PLAN,
      get '/api/plans/p/evidence'() {
        return ++asked < 3 ? { plan_hash: PLAN.hash, gathering: true } : EVIDENCE
      },
    }
    const { page } = await mountPage(routes, '/plans/p', answers)
    await flushPromises()
    await flushPromises()
    expect(asked).toBe(3)
    expect(page.text()).toContain('312 of 1,000')
  })

  it('shows why it could not be gathered, with the plan', async () => {
    const { page } = await mountPage(routes, '/plans/p', { '/api/plans/p': PLAN })
    await flushPromises()
    expect(page.find('[role="alert"]').exists()).toBe(true)
    expect(page.text()).toContain('set the validator')
  })
})

describe('a verdict', () => {
  it.each([
    [3, 'all', 'error'],
    [0, 'all', 'success'],
    [0, 'limit', 'warning'],
    [0, 'time', 'warning'],
  ] as const)('of %i found where the scan ended with %s is %s', (found, ended, kind) => {
    expect(verdictOf(found, ended, '').kind).toBe(kind)
  })

  it('tells sizes in the unit that fits', () => {
    expect([0, 983, 98_300_000].map((bytes) => bytesText(bytes, 'en'))).toEqual(['0 byte', '983 byte', '98.3 MB'])
  })
})
