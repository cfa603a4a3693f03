import type { ProblemDetails, RunEventPage, RunList } from '@stage0/types'
import { describe, expect, it, vi } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'
import { allFrames, messagesOf, openStream } from '../../runs/testing/sse-client.ts'

const put = ({ inject }: Service, id: string, paused: boolean) =>
  inject({ method: 'PUT', url: `/api/runs/${id}/paused`, payload: { paused } })
const waits = (service: Service, id: string) =>
  vi.waitUntil(async () => (await service.run(id)).run.paused === true, { timeout: 30_000, interval: 20 })

describe('PUT /api/runs/{id}/paused', () => {
  it('lets a run wait before its next step, whoever asks, and go on, whoever asks', async () => {
    const db = await database()
    const [doing, other] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const step = doing.steer.pauseAt('buildIndexes')
    const { run_id } = await doing.start()
    await step.reached
    const heard = allFrames(await openStream(`${await other.listen()}/api/runs/${run_id}/events`))
    // Asked once more it is the same.
    for (const asked of [await put(other, run_id, true), await put(doing, run_id, true)]) {
      expect(asked.statusCode).toBe(202)
      expect(asked.json()).toMatchObject({ run: { status: 'running', pause_requested: true } })
      expect(asked.json().run).not.toHaveProperty('paused')
    }
    step.resume()
    for (const service of [doing, other]) {
      await waits(service, run_id)
      const { run, steps } = await service.run(run_id)
      expect(run).toMatchObject({ status: 'running', paused: true, pause_requested: true })
      expect(steps.find(({ kind }) => kind === 'buildIndexes')?.status).toBe('succeeded')
      const list = (await service.inject('/api/runs?status=running')).json<RunList>()
      expect(list).toMatchObject({ items: [{ run_id, paused: true, pause_requested: true }], lock: { run_id } })
    }
    for (const service of [doing, other]) expect((await put(service, run_id, false)).statusCode).toBe(202)
    const { run } = await other.ended(run_id)
    expect(run.status).toBe('succeeded')
    expect(run).not.toHaveProperty('paused')
    expect(run).not.toHaveProperty('pause_requested')
    const told = messagesOf(await heard).flatMap((one) => (one.type === 'run.paused' ? [one.paused] : []))
    expect(told).toEqual([true, false])
    const { events } = (await doing.inject(`/api/runs/${run_id}/events`)).json<RunEventPage>()
    expect(events.filter(({ type }) => type === 'run.paused')).toHaveLength(2)
  })

  it('does not keep a waiting run from being cancelled', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const step = service.steer.pauseAt('buildIndexes')
    const { run_id } = await service.start()
    await step.reached
    await put(service, run_id, true)
    step.resume()
    await waits(service, run_id)
    expect((await service.inject({ method: 'DELETE', url: `/api/runs/${run_id}` })).statusCode).toBe(202)
    const { run } = await service.ended(run_id)
    expect(run).toMatchObject({ status: 'cancelled', cancel_requested: true })
    expect(run).not.toHaveProperty('paused')
  })

  it('answers 404 for a run that nobody knows, 409 for one that is over, 400 for another body', async () => {
    const service = await serviceAt((await database()).uri)
    const { run_id } = await service.start()
    await service.ended(run_id)
    const answers = [
      await put(service, 'nobody', true),
      await put(service, run_id, true),
      await put(service, run_id, false),
    ]
    expect(answers.map((one) => [one.statusCode, one.json<ProblemDetails>().code])).toEqual([
      [404, 'RUN_UNKNOWN'],
      [409, 'RUN_ENDED'],
      [409, 'RUN_ENDED'],
    ])
    for (const payload of [{}, { paused: 'yes' }, { paused: true, until: 'noon' }]) {
      const refused = await service.inject({ method: 'PUT', url: `/api/runs/${run_id}/paused`, payload })
      expect(refused.statusCode).toBe(400)
    }
  })
})
