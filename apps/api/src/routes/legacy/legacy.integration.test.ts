import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LegacyEventTree, ProblemDetails, RunStarted } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { database, serviceAt } from '../../runs/testing/service.ts'

const all = (tree: LegacyEventTree): LegacyEventTree[] => [tree, ...tree.sub_events.flatMap(all)]
/** No index takes two arrays at once, which only shows when it is built. */
const twoArrays = {
  insert: 'organization',
  documents: [{ _id: 1, status: ['a', 'b'], created: [{ at: 1 }, { at: 2 }] }],
}

describe('POST /api/configurations', () => {
  it('W-53: applies everything, waits, and answers with the event tree, every level of it SUCCESS', async () => {
    const { inject, run } = await serviceAt((await database()).uri)
    // With the trailing slash that scripts of the first implementation send.
    const response = await inject({ method: 'POST', url: '/api/configurations/' })
    expect(response.statusCode).toBe(200)
    expect(response.headers['x-stage0-run-status']).toBe('succeeded')
    const tree = response.json<LegacyEventTree>()
    expect(new Set(all(tree).map(({ status }) => status))).toEqual(new Set(['SUCCESS']))
    expect(tree.sub_events.map(({ type, data }) => [type, data])).toMatchObject([
      ['ENUMERATORS', {}],
      ['CONFIGURATION', { collection: 'organization' }],
      ['CONFIGURATION', { collection: 'user' }],
    ])
    expect(response.headers.location).toBe(`/api/runs/${tree.id}`)
    const { run: recorded, steps } = await run(tree.id)
    expect(recorded.status).toBe('succeeded')
    const leaves = all(tree).filter(({ sub_events }) => sub_events.length === 0)
    expect(leaves).toHaveLength(steps.length)
  })

  it('W-06 W-52: one failed configuration makes it FAILURE at the root, its own branch and its leaf', async () => {
    const db = await database()
    await db.command(twoArrays)
    const { inject } = await serviceAt(db.uri)
    const response = await inject({ method: 'POST', url: '/api/configurations' })
    expect([response.statusCode, response.headers['x-stage0-run-status']]).toEqual([200, 'failed'])
    const tree = response.json<LegacyEventTree>()
    expect(tree.status).toBe('FAILURE')
    expect(tree.sub_events.map(({ status }) => status)).toEqual(['SUCCESS', 'FAILURE', 'SUCCESS'])
    expect(all(tree).map(({ status }) => status)).not.toContain('PENDING')
    const leaf = all(tree).find(({ type, status }) => type === 'BUILD_INDEXES' && status === 'FAILURE')
    expect(leaf?.data).toMatchObject({
      collection: 'organization',
      version: '1.1.0.2',
      status: 'failed',
      error: { code: 'TARGET_REFUSED' },
    })
  })

  it('W-51: tells neither a path of this machine nor documents of enumerators', async () => {
    const db = await database()
    await db.command(twoArrays)
    const { inject, folder } = await serviceAt(db.uri)
    const { body } = await inject({ method: 'POST', url: '/api/configurations' })
    expect(body).not.toContain(folder)
    expect(body).not.toContain('"enumerators":[')
    expect(body.length).toBeLessThan(20_000)
  })

  it('W-53: answers 202 at once to who prefers not to wait', async () => {
    const { inject, ended, steer } = await serviceAt((await database()).uri)
    const pause = steer.pauseAt('createCollection')
    const headers = { prefer: 'handling=lenient, Respond-Async' }
    const response = await inject({ method: 'POST', url: '/api/configurations', headers })
    const { run_id } = response.json<RunStarted>()
    expect(response.statusCode).toBe(202)
    expect(response.headers).toMatchObject({ location: `/api/runs/${run_id}`, 'preference-applied': 'respond-async' })
    pause.resume()
    expect((await ended(run_id)).run.status).toBe('succeeded')
  })

  it('is SUCCESS where there is nothing to do', async () => {
    const { inject } = await serviceAt((await database()).uri)
    await inject({ method: 'POST', url: '/api/configurations' })
    const again = await inject({ method: 'POST', url: '/api/configurations' })
    expect(again.json()).toMatchObject({ status: 'SUCCESS', data: { steps: 0, status: 'succeeded' }, sub_events: [] })
  })

  it('W-45: what cannot be begun is answered by its own status, never by 500 or a hidden 200', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const post = async (url: string) => {
      const response = await service.inject({ method: 'POST', url })
      return [response.statusCode, response.json<ProblemDetails>().code]
    }
    expect(await post('/api/configurations/nobody.yaml')).toEqual([404, 'FILE_NOT_FOUND'])
    expect(await post('/api/configurations/user')).toEqual([404, 'FILE_NOT_FOUND'])
    const pause = service.steer.pauseAt('createCollection')
    const { run_id } = await service.start()
    await pause.reached
    expect(await post('/api/configurations')).toEqual([409, 'LOCK_HELD'])
    pause.resume()
    await service.ended(run_id)
    await writeFile(join(service.folder, 'configurations', 'broken.yaml'), 'versions: [')
    expect(await post('/api/configurations')).toEqual([422, 'REPOSITORY_INVALID'])
    expect(await post('/api/configurations/broken.yaml')).toEqual([422, 'REPOSITORY_INVALID'])
    await db.close()
    expect((await post('/api/configurations/user.yaml'))[0]).toBe(422)
  })

  it('asks for the name of the database where the environment is not local', async () => {
    const { inject } = await serviceAt((await database()).uri, { settings: { ENVIRONMENT_NAME: 'production' } })
    const refused = await inject({ method: 'POST', url: '/api/configurations' })
    expect([refused.statusCode, refused.json<ProblemDetails>().code]).toEqual([422, 'CONFIRMATION_NEEDED'])
    const agreed = await inject({ method: 'POST', url: '/api/configurations?confirm=configurator' })
    expect([agreed.statusCode, agreed.json<LegacyEventTree>().status]).toEqual([200, 'SUCCESS'])
  })
})

describe('POST /api/configurations/{file}', () => {
  it('applies that configuration alone', async () => {
    const db = await database()
    const { inject } = await serviceAt(db.uri)
    const response = await inject({ method: 'POST', url: '/api/configurations/user.yaml' })
    const tree = response.json<LegacyEventTree>()
    expect(tree.status).toBe('SUCCESS')
    expect(tree.sub_events.map(({ type }) => type)).toEqual(['ENUMERATORS', 'CONFIGURATION'])
    const names = ((await db.command({ listCollections: 1 })) as { cursor: { firstBatch: { name: string }[] } }).cursor
    expect(names.firstBatch.map(({ name }) => name)).not.toContain('organization')
  })

  it('waits for the run of another process that was begun with the same key', async () => {
    const db = await database()
    const [first, second] = [await serviceAt(db.uri), await serviceAt(db.uri)]
    const headers = { 'idempotency-key': 'nightly' }
    const pause = first.steer.pauseAt('setValidator')
    const request = { method: 'POST', url: '/api/configurations', headers } as const
    const waiting = first.inject(request)
    await pause.reached
    const asking = second.inject(request)
    pause.resume()
    const [one, two] = [(await waiting).json<LegacyEventTree>(), (await asking).json<LegacyEventTree>()]
    expect(two.id).toBe(one.id)
    expect(two.status).toBe('SUCCESS')
  })
})
