import type { PlanView, ProblemDetails, RunStarted } from '@stage0/types'
import { describe, expect, it, vi } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'

const planOf = async ({ inject }: Service): Promise<PlanView> =>
  (await inject({ method: 'POST', url: '/api/plans', payload: {} })).json()

const post = ({ inject }: Service, plan_hash: string, key?: string) =>
  inject({
    method: 'POST',
    url: '/api/runs',
    payload: { plan_hash },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })

describe('a plan that was looked at', () => {
  it('is refused when it no longer fits, with what changed and what to do', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const plan = await planOf(service)
    await db.command({ create: 'organization' })
    const response = await post(service, plan.hash)
    expect(response.statusCode).toBe(409)
    const { code, detail, fix } = response.json<ProblemDetails>()
    expect({ code, fix }).toEqual({ code: 'PLAN_STALE', fix: 'Plan again and look at the new plan.' })
    expect(detail).toContain('since the database changed')
    expect(detail).toContain('organization')
  })

  it('goes on where it was interrupted when it is posted again, and once only for one key', async () => {
    const db = await database()
    const dying = await serviceAt(db.uri)
    const plan = await planOf(dying)
    const pause = dying.steer.pauseAt('setValidator')
    const { run_id } = (await post(dying, plan.hash)).json<RunStarted>()
    await pause.reached
    dying.steer.cutOff()
    pause.resume()
    const restarted = await serviceAt(db.uri)
    await restarted.ended(run_id)
    const finishing = restarted.steer.pauseAt('recordVersion')
    const response = await vi.waitUntil(
      async () => {
        const answered = await post(restarted, plan.hash, 'once')
        return answered.json<Partial<ProblemDetails>>().code !== 'LOCK_HELD' && answered
      },
      { timeout: 30_000, interval: 50 },
    )
    expect(response.statusCode).toBe(202)
    const rest = response.json<RunStarted>()
    expect(rest.steps).toBeLessThan(plan.steps.length)
    await finishing.reached
    // Another process knows the request by its record alone, in which the plan of the rest has a hash of its own.
    const other = await serviceAt(db.uri)
    expect((await post(other, plan.hash, 'once')).json()).toEqual(rest)
    finishing.resume()
    expect((await restarted.ended(rest.run_id)).run).toMatchObject({ status: 'succeeded', resumes: run_id })
  })
})
