import type { Clock } from '@stage0/engine'
import type { PlanEvidence, PlanView, ProblemDetails } from '@stage0/types'
import { systemClock } from '@stage0/workspace'
import { describe, expect, it, vi } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'

/** The sample repository at its first version, with documents that its second one refuses. */
async function withDocuments(settings: Record<string, string> = {}, clock: Clock = systemClock) {
  const db = await database()
  const service = await serviceAt(db.uri, { settings, deps: { clock } })
  const scope = { versions: { organization: '1.0.0.1', user: '1.0.0.1' } }
  const { run_id: id } = await service.start({ scope, confirm: 'configurator' })
  expect((await service.ended(id)).run.status).toBe('succeeded')
  const documents = [{ slug: 'a', name: 'A' }, { slug: 'b', name: 5 }, { name: 'C' }]
  await db.command({ insert: 'organization', documents, bypassDocumentValidation: true })
  const plan = (await service.inject({ method: 'POST', url: '/api/plans', payload: {} })).json<PlanView>()
  return { service, plan }
}
const read = async (service: Service, plan: PlanView, query = '') => {
  const response = await service.inject(`/api/plans/${plan.id}/evidence${query}`)
  return { status: response.statusCode, body: response.json<PlanEvidence>() }
}

describe('the evidence of a plan', () => {
  it('tells which stored documents would fail, how many per rule, and the work of the steps', async () => {
    const { service, plan } = await withDocuments()
    const { status, body } = await read(service, plan)
    expect([status, body.plan_hash]).toEqual([200, plan.hash])
    const organization = body.collections.find(({ name }) => name === 'organization')
    const [validator] = organization?.validators ?? []
    expect(validator?.scan).toMatchObject({ ended: 'all', checked: 3, total: 3 })
    expect(validator?.failing).toBeGreaterThan(0)
    expect(validator?.text).toMatch(/of 3 documents would fail/)
    expect(validator?.rules.length).toBeGreaterThan(0)
    expect(validator?.samples.every(({ violations }) => violations.length > 0)).toBe(true)
    expect(organization?.work.map(({ step_id }) => step_id)).toContain(validator?.step_id)
    const step = plan.steps.find(({ id }) => id === organization?.risks[0]?.step_id)
    expect(step?.risks[organization?.risks[0]?.risk ?? -1]?.what).toBe(organization?.risks[0]?.what)
  })

  it('is gathered once, anew where that is asked for, and never changes the plan', async () => {
    const { service, plan } = await withDocuments()
    const first = await read(service, plan)
    expect((await read(service, plan)).body).toEqual(first.body)
    const again = await read(service, plan, '?again=true')
    expect(Date.parse(again.body.at)).toBeGreaterThanOrEqual(Date.parse(first.body.at))
    expect((await service.inject(`/api/plans/${plan.id}`)).json()).toEqual(plan)
  })

  it('shows no stored value where samples are turned off, and stops at the limit of documents', async () => {
    const { service, plan } = await withDocuments({ EVIDENCE_SAMPLES: '0', EVIDENCE_MAX_DOCUMENTS: '2' })
    const { body } = await read(service, plan)
    const [validator] = body.collections.find(({ name }) => name === 'organization')?.validators ?? []
    expect(validator?.samples).toEqual([])
    expect(validator?.scan).toMatchObject({ ended: 'limit', checked: 2 })
    expect(validator?.scan).not.toHaveProperty('total')
    expect(validator?.text).toMatch(/^of the first 2 documents/)
  })

  it('is answered with 202 as long as the documents are being looked at', async () => {
    const impatient: Clock = {
      ...systemClock,
      sleep: async (ms, signal) => (ms === 10_000 ? undefined : systemClock.sleep(ms, signal)),
    }
    const { service, plan } = await withDocuments({}, impatient)
    const pause = service.steer.pauseAt('findFailing')
    const pending = await read(service, plan)
    await pause.reached
    expect([pending.status, pending.body]).toEqual([202, { plan_hash: plan.hash, gathering: true }])
    pause.resume()
    await vi.waitUntil(async () => (await read(service, plan)).status === 200)
  })

  it('of a plan that nobody knows is 404, and of a database that is gone 503', async () => {
    const { service, plan } = await withDocuments()
    const unknown = await service.inject('/api/plans/some/evidence')
    expect([unknown.statusCode, unknown.json<ProblemDetails>().code]).toEqual([404, 'PLAN_UNKNOWN'])
    expect((await service.inject(`/api/plans/${plan.id}/evidence?again=perhaps`)).statusCode).toBe(400)
    service.steer.cutOff()
    const gone = await service.inject(`/api/plans/${plan.id}/evidence`)
    expect([gone.statusCode, gone.json<ProblemDetails>().code]).toEqual([503, 'TARGET_UNREACHABLE'])
  })
})
