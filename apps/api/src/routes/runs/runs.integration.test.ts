import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectionList, ProblemDetails, RunList, RunStarted } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'
import { openStream } from '../../runs/testing/sse-client.ts'

const versions = async (db: Awaited<ReturnType<typeof database>>): Promise<unknown> =>
  (
    (await db.command({ find: 'CollectionVersions', sort: { collection_name: 1 } })) as {
      cursor: { firstBatch: object[] }
    }
  ).cursor.firstBatch.map((one) => (one as { current_version: string }).current_version)

/** Two documents that a unique index of the sample cannot take. */
/** No index takes two arrays at once, which only shows when it is built. */
const twoArrays = {
  insert: 'organization',
  documents: [{ _id: 1, status: ['a', 'b'], created: [{ at: 1 }, { at: 2 }] }],
}

describe('POST /api/runs', () => {
  it('applies the plan that was reviewed, and shows the run wherever one looks', async () => {
    const db = await database()
    const { inject, start, ended } = await serviceAt(db.uri)
    const plan = (await inject({ method: 'POST', url: '/api/plans', payload: {} })).json()
    const response = await inject({ method: 'POST', url: '/api/runs', payload: { plan_hash: plan.hash } })
    const { run_id, ...started } = response.json<RunStarted>()
    expect(response.statusCode).toBe(202)
    expect(response.headers.location).toBe(`/api/runs/${run_id}`)
    expect(started).toEqual({ plan_hash: plan.hash, steps: plan.steps.length })
    const { run, steps } = await ended(run_id)
    expect(run).toMatchObject({ status: 'succeeded', collections: ['organization', 'user'] })
    expect(steps.map(({ id, status }) => [id, status])).toEqual(
      plan.steps.map(({ id }: { id: string }) => [id, 'succeeded']),
    )
    expect(await versions(db)).toEqual(['organization.1.1.0.2', 'user.1.1.0.2'])

    const again = await start()
    const list = await inject('/api/runs')
    expect(Number(list.headers['x-total-count'])).toBe(1)
    expect(list.json<RunList>()).toMatchObject({ items: [{ run_id, status: 'succeeded' }] })
    expect(list.json()).not.toHaveProperty('lock')
    expect(again.steps).toBe(0)
  })

  it('refuses a plan that no longer fits, and changes nothing', async () => {
    const db = await database()
    const { inject } = await serviceAt(db.uri)
    const payload = { plan_hash: 'a'.repeat(64) }
    const response = await inject({ method: 'POST', url: '/api/runs', payload })
    expect(response.statusCode).toBe(409)
    expect(response.json<ProblemDetails>().code).toBe('PLAN_STALE')
    expect(await versions(db)).toEqual([])
    expect((await inject('/api/runs')).json<RunList>().items).toEqual([])
  })

  it('answers a plan with errors by 422 and every problem', async () => {
    const db = await database()
    const ahead = { collection_name: 'user', current_version: 'user.9.0.0.1' }
    await db.command({ insert: 'CollectionVersions', documents: [ahead] })
    const { inject } = await serviceAt(db.uri)
    const response = await inject({ method: 'POST', url: '/api/runs', payload: {} })
    expect(response.statusCode).toBe(422)
    expect(response.json<ProblemDetails>()).toMatchObject({
      code: 'PLAN_REFUSED',
      problems: [{ code: 'VERSION_AHEAD', severity: 'error' }],
    })
  })

  it('answers a repository with errors by 422 and every problem, without a path of this machine', async () => {
    const db = await database()
    const { inject, folder } = await serviceAt(db.uri)
    await writeFile(join(folder, 'configurations', 'broken.yaml'), 'versions: [')
    for (const url of ['/api/runs', '/api/plans']) {
      const response = await inject({ method: 'POST', url, payload: {} })
      expect(response.statusCode).toBe(422)
      expect(response.json<ProblemDetails>()).toMatchObject({ code: 'REPOSITORY_INVALID' })
      expect(response.json<ProblemDetails>().problems?.map(({ file }) => file)).toContain('configurations/broken.yaml')
      expect(response.body).not.toContain(folder)
    }
    await rm(folder, { recursive: true })
    const gone = await inject({ method: 'POST', url: '/api/runs', payload: {} })
    expect(gone.statusCode).toBe(422)
    expect(gone.body).not.toContain(folder)
  })

  it('a database that needs nothing gets a run of no steps, which has ended and can be read', async () => {
    const db = await database()
    const { inject, start, ended } = await serviceAt(db.uri)
    await ended((await start()).run_id)
    const { run_id, steps } = await start()
    expect(steps).toBe(0)
    expect(await ended(run_id)).toMatchObject({ run: { status: 'succeeded', steps: 0 }, steps: [], last_seq: 2 })
    const page = await inject(`/api/runs/${run_id}/events`)
    expect(page.json().events.map(({ type }: { type: string }) => type)).toEqual(['run.started', 'run.finished'])
    expect(page.json()).toMatchObject({ last_seq: 2, finished: true })
  })

  it('shows what a run made to who was just told of its end, in the process that did it and in another', async () => {
    const db = await database()
    const services = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const [doing] = services
    const atEnd = doing?.steer.pauseAt('finish')
    const afterEnd = doing?.steer.pauseAt('release')
    const run_id = (await doing?.start())?.run_id ?? ''
    const lastRuns = async ({ inject }: Service) =>
      (await inject('/api/collections')).json<CollectionList>().items.map(({ last_run }) => last_run?.status)
    const followers = await Promise.all(
      services.map(async (service) => openStream(`${await service.listen()}/api/runs/${run_id}/events`)),
    )
    expect(followers.map(({ status }) => status)).toEqual([200, 200])
    await atEnd?.reached
    for (const service of services) expect(await lastRuns(service)).toEqual(['running', 'running'])
    atEnd?.resume()
    for (const [i, service] of services.entries()) {
      let heard: string | undefined
      for await (const { message } of followers[i]?.frames ?? []) if ((heard = message?.type) === 'run.finished') break
      expect([heard, await lastRuns(service)]).toEqual(['run.finished', ['succeeded', 'succeeded']])
    }
    afterEnd?.resume()
    await doing?.ended(run_id)
  })

  it('asks for the name of the database where the environment is not local', async () => {
    const db = await database()
    const { inject } = await serviceAt(db.uri, { settings: { ENVIRONMENT_NAME: 'production' } })
    for (const payload of [{}, { confirm: 'other' }]) {
      const response = await inject({ method: 'POST', url: '/api/runs', payload })
      expect(response.statusCode).toBe(422)
      expect(response.json<ProblemDetails>().code).toBe('CONFIRMATION_NEEDED')
      expect(response.json<ProblemDetails>().detail).toContain('configurator')
    }
    expect(await versions(db)).toEqual([])
    const agreed = await inject({ method: 'POST', url: '/api/runs', payload: { confirm: 'configurator' } })
    expect(agreed.statusCode).toBe(202)
  })

  it('does only what the scope says: collections and target versions', async () => {
    const db = await database()
    const { start, ended } = await serviceAt(db.uri)
    const scope = { collections: ['user'], versions: { user: '1.0.0.1' } }
    expect((await ended((await start({ scope })).run_id)).run.status).toBe('succeeded')
    expect(await versions(db)).toEqual(['user.1.0.0.1'])
  })

  it('refuses unknown versions, collections and fields of the scope', async () => {
    const db = await database()
    const { inject } = await serviceAt(db.uri)
    const codeOf = async (payload: object) => {
      const response = await inject({ method: 'POST', url: '/api/runs', payload })
      return [response.statusCode, response.json<ProblemDetails>().code]
    }
    expect(await codeOf({ scope: { versions: { user: '7.0.0.0' } } })).toEqual([422, 'VERSION_UNKNOWN'])
    expect(await codeOf({ scope: { versions: { nobody: '1.0.0.1' } } })).toEqual([422, 'COLLECTION_UNKNOWN'])
    expect(await codeOf({ scope: { collections: ['nobody'] } })).toEqual([422, 'PLAN_REFUSED'])
    const outside = { collections: ['organization'], versions: { user: '1.0.0.1' } }
    expect(await codeOf({ scope: outside })).toEqual([422, 'REQUEST_INVALID'])
    const planned = await inject({ method: 'POST', url: '/api/plans', payload: { scope: outside } })
    expect([planned.statusCode, planned.json<ProblemDetails>().errors?.[0]?.pointer]).toEqual([
      422,
      '/body/scope/versions/user',
    ])
    expect(await codeOf({ scope: { colections: ['user'] } })).toEqual([400, 'REQUEST_INVALID'])
    expect(await codeOf({ mode: 'rehearse' })).toEqual([400, 'REQUEST_INVALID'])
  })

  it('C-01 C-02: one failing collection makes the run failed wherever it is shown, and the others are done', async () => {
    const db = await database()
    await db.command(twoArrays)
    const { inject, start, ended } = await serviceAt(db.uri)
    const { run_id } = await start()
    const snapshot = await ended(run_id)
    expect(snapshot.run).toMatchObject({ status: 'failed', error: { code: 'STEP_FAILED' }, counts: { failed: 1 } })
    const failing = snapshot.steps.filter(({ status }) => status === 'failed')
    expect(failing).toMatchObject([
      { collection: 'organization', kind: 'buildIndexes', error: { code: 'TARGET_REFUSED' } },
    ])
    expect(await versions(db)).toEqual(['organization.1.0.0.1', 'user.1.1.0.2'])
    const list = (await inject('/api/runs?status=failed&collection=organization')).json<RunList>()
    expect(list.items).toMatchObject([{ run_id, status: 'failed' }])
    const page = (await inject(`/api/runs/${run_id}/events?after=3`)).json()
    expect(page.events[0].seq).toBe(4)
    expect(page.events.at(-1)).toMatchObject({ type: 'run.finished', status: 'failed' })
    expect((await inject('/api/runs?status=succeeded')).json<RunList>().items).toEqual([])
  })

  it('names who holds the lock to a second runner, also over another connection', async () => {
    const db = await database()
    const [first, second] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const pause = first.steer.pauseAt('buildIndexes')
    const { run_id } = await first.start()
    await pause.reached
    for (const { inject } of [first, second]) {
      const refused = await inject({ method: 'POST', url: '/api/runs', payload: {} })
      expect(refused.statusCode).toBe(409)
      expect(refused.json<ProblemDetails>()).toMatchObject({
        code: 'LOCK_HELD',
        holder: { run_id, command: 'POST /api/runs', step: 'organization/1.0.0.1/buildIndexes' },
      })
      expect((await inject('/api/runs')).json<RunList>()).toMatchObject({
        lock: { run_id },
        items: [{ run_id, status: 'running' }],
      })
    }
    pause.resume()
    expect((await first.ended(run_id)).run.status).toBe('succeeded')
    expect((await second.start()).steps).toBe(0)
  })

  it('W-55: of hundreds that are asked for at once one is begun, and the others are refused with its holder, without a plan each', async () => {
    // Long enough for a busy machine: the run must hold its lock until all are answered.
    const settings = { STAGE0_LEASE_MS: '60000', RATE_LIMIT: '0' }
    const { inject, ended, steer } = await serviceAt((await database()).uri, { settings })
    const pause = steer.pauseAt('createCollection')
    const ask = () => inject({ method: 'POST', url: '/api/runs', payload: {} })
    const answers = await Promise.all(Array.from({ length: 200 }, ask))
    const begun = answers.filter(({ statusCode }) => statusCode === 202)
    expect(begun).toHaveLength(1)
    const run_id = begun[0]?.json<RunStarted>().run_id ?? ''
    for (const one of answers.filter((answer) => !begun.includes(answer))) {
      expect(one.statusCode).toBe(409)
      expect(one.json<ProblemDetails>()).toMatchObject({ code: 'LOCK_HELD', holder: { run_id } })
    }
    // Before the lock and under it, for the one alone.
    expect(steer.calls('observe')).toBe(2)
    pause.resume()
    expect((await ended(run_id)).run.status).toBe('succeeded')
  })

  it('answers 503 while the database cannot be reached', async () => {
    const db = await database()
    const { inject } = await serviceAt(db.uri)
    await db.close()
    for (const request of [
      { method: 'POST', url: '/api/runs', payload: {} },
      { method: 'POST', url: '/api/plans', payload: {} },
      { method: 'GET', url: '/api/runs' },
      { method: 'GET', url: '/api/runs/some' },
      { method: 'DELETE', url: '/api/runs/some' },
      { method: 'GET', url: '/api/runs/some/events' },
    ] as const) {
      const response = await inject(request)
      expect([request.url, response.statusCode]).toEqual([request.url, 503])
      expect(response.json<ProblemDetails>().code).toMatch(/^TARGET_(UNREACHABLE|CONNECTION_LOST)$/)
    }
  })

  it('answers 404 for a run that nobody knows', async () => {
    const { inject } = await serviceAt((await database()).uri)
    for (const request of [
      { method: 'GET', url: '/api/runs/some' },
      { method: 'DELETE', url: '/api/runs/some' },
      { method: 'GET', url: '/api/runs/some/events' },
      { method: 'GET', url: '/api/runs/some/events', headers: { accept: 'text/event-stream' } },
    ] as const) {
      const response = await inject(request)
      expect([response.statusCode, response.json<ProblemDetails>().code]).toEqual([404, 'RUN_UNKNOWN'])
    }
  })
})

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'one-press-of-a-button' }

  it('gives the run of the first request to those that follow, also two at once and after a restart', async () => {
    const db = await database()
    const first = await serviceAt(db.uri)
    const [one, two] = await Promise.all([first.start({}, key), first.start({}, key)])
    expect(two).toEqual(one)
    await first.ended(one.run_id)
    expect(await first.start({}, key)).toEqual(one)
    const restarted = await serviceAt(db.uri)
    expect(await restarted.start({}, key)).toEqual(one)
    expect((await restarted.inject('/api/runs')).json<RunList>().items).toHaveLength(1)
  })

  it('gives the same run to two processes that are asked at once', async () => {
    const db = await database()
    const services = [await serviceAt(db.uri), await serviceAt(db.uri), await serviceAt(db.uri)]
    const started = await Promise.all(services.map(({ start }) => start({}, key)))
    expect(new Set(started.map(({ run_id }) => run_id)).size).toBe(1)
    const [first] = services
    await first?.ended(started[0]?.run_id ?? '')
    expect((await first?.inject('/api/runs'))?.json<RunList>().items).toHaveLength(1)
  })

  it('gives the same run to all processes also where nothing is to be done, and after a restart', async () => {
    const db = await database()
    const services = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const [first] = services
    await first?.ended((await first.start()).run_id)
    const idle = await Promise.all(services.map(({ start }) => start({}, key)))
    expect(idle.map(({ steps }) => steps)).toEqual([0, 0])
    await first?.ended(idle[0]?.run_id ?? '')
    const restarted = await serviceAt(db.uri)
    expect(new Set([...idle, await restarted.start({}, key)].map(({ run_id }) => run_id)).size).toBe(1)
  })

  it('refuses the key of another request, here and after a restart', async () => {
    const db = await database()
    const first = await serviceAt(db.uri)
    const { run_id } = await first.start({}, key)
    await first.ended(run_id)
    const payload = { plan_hash: 'b'.repeat(64) }
    for (const { inject } of [first, await serviceAt(db.uri)]) {
      const refused = await inject({ method: 'POST', url: '/api/runs', payload, headers: key })
      expect([refused.statusCode, refused.json<ProblemDetails>().code]).toEqual([422, 'IDEMPOTENCY_KEY_MISUSED'])
    }
  })

  it('is free for another request that came while the first one, which was refused, was being answered', async () => {
    const { inject } = await serviceAt((await database()).uri)
    const ask = (payload: object) => inject({ method: 'POST', url: '/api/runs', payload, headers: key })
    const [refused, begun] = await Promise.all([ask({ plan_hash: 'b'.repeat(64) }), ask({})])
    expect([refused.statusCode, begun.statusCode]).toEqual([409, 202])
  })

  it('leaves the key free where nothing was begun', async () => {
    const db = await database()
    const { inject, start } = await serviceAt(db.uri)
    const payload = { plan_hash: 'b'.repeat(64) }
    expect((await inject({ method: 'POST', url: '/api/runs', payload, headers: key })).statusCode).toBe(409)
    expect((await start({}, key)).steps).toBeGreaterThan(0)
  })

  it.each(['', 'two words', 'x'.repeat(256), 'é'])('refuses the key %j', async (bad) => {
    const { inject } = await serviceAt((await database()).uri)
    const headers = { 'idempotency-key': bad }
    expect((await inject({ method: 'POST', url: '/api/runs', payload: {}, headers })).statusCode).toBe(400)
  })
})

describe('DELETE /api/runs/{id}', () => {
  it('cancels a run after the step that is under way, and what is left is done by the next one', async () => {
    const db = await database()
    const { inject, start, ended, steer, run } = await serviceAt(db.uri)
    const pause = steer.pauseAt('buildIndexes')
    const { run_id } = await start()
    await pause.reached
    const response = await inject({ method: 'DELETE', url: `/api/runs/${run_id}` })
    expect(response.statusCode).toBe(202)
    expect(response.json()).toMatchObject({ run: { status: 'running', cancel_requested: true } })
    expect((await run(run_id)).run).toMatchObject({ status: 'running', cancel_requested: true })
    pause.resume()
    const { run: cancelled, steps } = await ended(run_id)
    expect(cancelled).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' }, cancel_requested: true })
    expect(steps.find(({ kind }) => kind === 'buildIndexes')?.status).toBe('succeeded')
    expect(steps.at(-1)?.status).toBe('cancelled')
    const again = await inject({ method: 'DELETE', url: `/api/runs/${run_id}` })
    expect([again.statusCode, again.json<ProblemDetails>().code]).toEqual([409, 'RUN_ENDED'])
    expect((await ended((await start()).run_id)).run.status).toBe('succeeded')
    expect(await versions(db)).toEqual(['organization.1.1.0.2', 'user.1.1.0.2'])
  })

  it('answers while the database does not, and the run ends in order when it is back', async () => {
    const db = await database()
    // No lease ends, so it is the cancelling that ends the run.
    const { inject, start, ended, steer } = await serviceAt(db.uri, { settings: { STAGE0_LEASE_MS: '60000' } })
    const pause = steer.pauseAt('buildIndexes')
    const { run_id } = await start()
    await pause.reached
    const answerAgain = steer.silence()
    const response = await inject({ method: 'DELETE', url: `/api/runs/${run_id}` })
    expect(response.statusCode).toBe(202)
    expect(response.json()).toMatchObject({ run: { run_id, status: 'running', cancel_requested: true } })
    expect(steer.calls('requestCancel')).toBe(0)
    answerAgain()
    pause.resume()
    expect((await ended(run_id)).run).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
  })

  it('cancels a run of another process', async () => {
    const db = await database()
    const [doing, asking] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const pause = doing.steer.pauseAt('buildIndexes')
    const { run_id } = await doing.start()
    await pause.reached
    expect((await asking.inject({ method: 'DELETE', url: `/api/runs/${run_id}` })).statusCode).toBe(202)
    pause.resume()
    expect((await asking.ended(run_id)).run.status).toBe('cancelled')
  })
})
