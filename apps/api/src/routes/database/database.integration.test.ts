import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProblemDetails } from '@stage0/types'
import { describe, expect, it, onTestFinished } from 'vitest'
import { database, serviceAt } from '../../runs/testing/service.ts'
import { SAMPLE } from '../../testing/test-app.ts'

const NAME = 'configurator'

/** The sample as somebody works on it: only a file can say so. */
async function localRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-drop-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(SAMPLE, folder, { recursive: true })
  await writeFile(join(folder, 'BUILT_AT'), 'Local')
  return folder
}

const enabled = { ENABLE_DROP_DATABASE: 'true', MONGODB_DROP_SAFETY: '2' }

const WAYS = [
  { method: 'DELETE', url: '/api/database' },
  { method: 'POST', url: '/api/database/drop' },
] as const

describe.each(WAYS)('$method $url', (way) => {
  it('drops the database, and says what is gone', async () => {
    const db = await database()
    const { inject, start, ended } = await serviceAt(db.uri, {
      repository: await localRepository(),
      settings: enabled,
    })
    await ended((await start()).run_id)
    const response = await inject({ ...way, payload: { database: NAME } })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ database: NAME, dropped: true })
    expect(response.json<{ collections: string[] }>().collections).toEqual(
      expect.arrayContaining(['organization', 'user']),
    )
    const listed = (await db.command({ listCollections: 1 })) as { cursor: { firstBatch: unknown[] } }
    expect(listed.cursor.firstBatch).toEqual([])
    // What was observed before counts no longer.
    expect((await start()).steps).toBeGreaterThan(0)
  })
})

describe('dropping the database', () => {
  const [way] = WAYS

  it.each([
    [
      'outside of local mode',
      { repository: () => SAMPLE, settings: enabled },
      NAME,
      403,
      'DROP_NOT_LOCAL',
      /local mode/,
    ],
    ['where it is not enabled', { settings: {} }, NAME, 403, 'DROP_NOT_ENABLED', /ENABLE_DROP_DATABASE/],
    ['with another name', { settings: enabled }, 'other', 422, 'DROP_NOT_CONFIRMED', /"other"/],
  ] as const)('W-33: is refused %s, and says so', async (_when, options, name, status, code, reason) => {
    const db = await database()
    await db.command({ insert: 'kept', documents: [{ _id: 1 }] })
    const repository = 'repository' in options ? options.repository() : await localRepository()
    const { inject } = await serviceAt(db.uri, { repository, settings: options.settings })
    const response = await inject({ ...way, payload: { database: name } })
    expect([response.statusCode, response.json<ProblemDetails>().code]).toEqual([status, code])
    expect(response.json<ProblemDetails>().detail).toMatch(reason)
    expect(await db.command({ count: 'kept' })).toMatchObject({ n: 1 })
  })

  it('W-33: is refused while collections hold too much, and names each of them', async () => {
    const db = await database()
    const documents = [1, 2, 3].map((_id) => ({ _id }))
    for (const full of ['orders', 'people']) await db.command({ insert: full, documents })
    const { inject } = await serviceAt(db.uri, { repository: await localRepository(), settings: enabled })
    const response = await inject({ ...way, payload: { database: NAME } })
    expect([response.statusCode, response.json<ProblemDetails>().code]).toEqual([409, 'DROP_TOO_MANY_DOCUMENTS'])
    expect(response.json<ProblemDetails>().detail).toMatch(/"orders" \(3\), "people" \(3\) hold more than 2 documents/)
    expect(await db.command({ count: 'orders' })).toMatchObject({ n: 3 })
  })

  it('is refused while a run is at work, and names it', async () => {
    const db = await database()
    const service = await serviceAt(db.uri, { repository: await localRepository(), settings: enabled })
    const pause = service.steer.pauseAt('buildIndexes')
    const { run_id } = await service.start()
    await pause.reached
    const response = await service.inject({ ...way, payload: { database: NAME } })
    expect(response.statusCode).toBe(409)
    expect(response.json<ProblemDetails>()).toMatchObject({ code: 'LOCK_HELD', holder: { run_id } })
    pause.resume()
    expect((await service.ended(run_id)).run.status).toBe('succeeded')
  })

  it('tells of the lock of a process that is gone', async () => {
    const db = await database()
    const first = await serviceAt(db.uri)
    const pause = first.steer.pauseAt('buildIndexes')
    const { run_id } = await first.start()
    await pause.reached
    const service = await serviceAt(db.uri, {
      repository: await localRepository(),
      settings: enabled,
      deps: { isGone: () => true },
    })
    const response = await service.inject({ ...way, payload: { database: NAME } })
    expect(response.json<ProblemDetails>()).toMatchObject({ code: 'LOCK_HELD', holder: { run_id } })
    expect(response.json<ProblemDetails>().detail).toContain('its process is no longer there, so the lock ends in')
    pause.resume()
    await first.ended(run_id)
  })

  it('needs a body that names the database', async () => {
    const { inject } = await serviceAt((await database()).uri)
    for (const payload of [{}, { database: NAME, force: true }]) {
      expect((await inject({ ...way, payload })).statusCode).toBe(400)
    }
    expect((await inject(way)).statusCode).toBe(400)
  })
})
