import type { PlanView, ProblemDetails } from '@stage0/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'

describe('plans of an empty database', () => {
  let service: Service
  beforeAll(async () => {
    const db = await database(afterAll)
    service = await serviceAt(db.uri, { atEnd: afterAll })
  })
  const plan = async (payload: object = {}): Promise<PlanView> => {
    const response = await service.inject({ method: 'POST', url: '/api/plans', payload })
    expect(response.statusCode).toBe(201)
    return response.json()
  }

  it('are answered with their address, under which they can be read again', async () => {
    const made = await service.inject({ method: 'POST', url: '/api/plans', payload: {} })
    const location = String(made.headers.location)
    expect(location).toBe(`/api/plans/${made.json<PlanView>().id}`)
    const read = await service.inject(location)
    expect(read.json()).toEqual(made.json())
  })

  it('that nobody knows are 404', async () => {
    const response = await service.inject('/api/plans/some')
    expect([response.statusCode, response.json<ProblemDetails>().code]).toEqual([404, 'PLAN_UNKNOWN'])
  })

  it('list steps, collections, checks and what they were made for', async () => {
    const { steps, collections, checks, summary, environment, database: name, refused, open_risks } = await plan()
    expect(summary).toMatch(/^16 steps in 2 collections for configurator on MongoDB/)
    expect({ environment, name, refused, open_risks }).toEqual({
      environment: 'local',
      name: 'configurator',
      refused: false,
      // The migration as written replaces the collection.
      open_risks: 1,
    })
    expect(collections).toMatchObject([
      { name: 'organization', state: 'behind', newest: '1.1.0.2', pending: ['1.0.0.1', '1.1.0.2'] },
      { name: 'user', state: 'behind', newest: '1.1.0.2' },
    ])
    const ids = steps.map(({ id }) => id)
    expect(collections.flatMap(({ step_ids }) => step_ids).every((id) => ids.includes(id))).toBe(true)
    expect(checks.map(({ name: check, status }) => [check, status])).toEqual(
      expect.arrayContaining([
        ['Repository', 'passed'],
        ['Server', 'passed'],
        ['Privileges', 'passed'],
        ['Recorded versions', 'passed'],
        ['Indexes', 'passed'],
        ['Migrations', 'passed'],
      ]),
    )
    expect(checks.map(({ name: check }) => check)).not.toContain('Test data')
  })

  it('show what each step does, and the validator before and after it in declared order', async () => {
    const { steps } = await plan({ scope: { collections: ['user'] } })
    const [created] = steps.filter(({ kind }) => kind === 'createCollection')
    const [set] = steps.filter(({ kind }) => kind === 'setValidator')
    expect(created).not.toHaveProperty('before')
    expect(set?.before).toBe(created?.after)
    expect(set?.details.length).toBeGreaterThan(0)
    const properties = Object.keys((JSON.parse(set?.after ?? '') as { properties: object }).properties)
    expect(properties[0]).toBe('_id')
    expect([...properties].sort()).not.toEqual(properties)
    const build = steps.find(({ kind }) => kind === 'buildIndexes')
    expect(build?.details[0]).toMatchObject({ mark: '+', text: expect.stringContaining('nameIndex') as string })
    const migrate = steps.find(({ kind }) => kind === 'migrate')
    expect(migrate).toMatchObject({ recovery: 'journal', details: [{ mark: '~' }] })
  })

  it('reach as far as the target versions, for the collections of the scope', async () => {
    const { collections, scope } = await plan({
      scope: { collections: ['organization'], versions: { organization: '1.0.0.1' } },
    })
    expect(collections).toMatchObject([{ name: 'organization', newest: '1.0.0.1', pending: ['1.0.0.1'] }])
    expect(scope).toEqual({ collections: ['organization'], versions: { organization: '1.0.0.1' } })
  })

  it('load test data where the scope says so, and have another hash then', async () => {
    const [without, withData] = [await plan(), await plan({ scope: { load_test_data: true } })]
    expect(without.steps.map(({ kind }) => kind)).not.toContain('loadData')
    expect(withData.steps.map(({ kind }) => kind)).toContain('loadData')
    expect(withData.checks).toContainEqual(expect.objectContaining({ name: 'Test data', status: 'passed' }))
    expect(withData.hash).not.toBe(without.hash)
    expect((await plan()).hash).toBe(without.hash)
  })

  it.each([
    [{ scope: { versions: { user: '9.0.0.0' } } }, 422, 'VERSION_UNKNOWN'],
    [{ scope: { versions: { nobody: '1.0.0.0' } } }, 422, 'COLLECTION_UNKNOWN'],
    [{ scope: { collections: [] } }, 400, 'REQUEST_INVALID'],
    [{ scope: { collections: ['user', 'user'] } }, 400, 'REQUEST_INVALID'],
    [{ scope: { load_test_data: 'yes' } }, 400, 'REQUEST_INVALID'],
    [{ scop: {} }, 400, 'REQUEST_INVALID'],
  ])('of %j are refused', async (payload, status, code) => {
    const response = await service.inject({ method: 'POST', url: '/api/plans', payload })
    expect([response.statusCode, response.json<ProblemDetails>().code]).toEqual([status, code])
  })

  it('that errors speak against are answered too, refused, with what speaks against them', async () => {
    const refused = await plan({ scope: { collections: ['nobody'] } })
    expect(refused).toMatchObject({ refused: true, problems: [{ code: 'COLLECTION_UNKNOWN', severity: 'error' }] })
    expect(refused.checks).toContainEqual(expect.objectContaining({ name: 'Recorded versions', status: 'failed' }))
    expect(refused.summary).toMatch(/^Refused/)
  })
})

describe('plans of a database with data', () => {
  it('tell its documents, its validators, the class of each change, risks, and drift as warnings', async () => {
    const db = await database()
    const { inject, start, ended } = await serviceAt(db.uri, { settings: { ENVIRONMENT_NAME: 'production' } })
    const confirm = 'configurator'
    const scope = { versions: { organization: '1.0.0.1', user: '1.0.0.1' } }
    expect((await ended((await start({ scope, confirm })).run_id)).run.status).toBe('succeeded')
    await db.command({
      insert: 'organization',
      documents: [{ slug: 'a', name: 'A' }],
      bypassDocumentValidation: true,
    })
    await db.command({ collMod: 'user', validator: { $jsonSchema: { bsonType: 'object', title: 'by hand' } } })
    const view = (
      await inject({ method: 'POST', url: '/api/plans', payload: { scope: { load_test_data: true } } })
    ).json<PlanView>()
    expect(view.collections).toMatchObject([
      { name: 'organization', recorded: '1.0.0.1', documents: 1, pending: ['1.1.0.2'] },
      { name: 'user', state: 'drifted', drift: ['the schema is another one'], documents: 0 },
    ])
    const sets = view.steps.filter(({ kind }) => kind === 'setValidator')
    expect(JSON.parse(sets.find(({ collection }) => collection === 'user')?.before ?? '')).toMatchObject({
      title: 'by hand',
    })
    expect(sets.flatMap(({ details }) => details.map(({ risk }) => risk))).toContain('MF')
    expect(sets.flatMap(({ risks }) => risks)).toContainEqual(
      expect.objectContaining({ code: 'MF', label: 'data-dependent', safer: expect.stringMatching(/./) as string }),
    )
    expect(view.steps.find(({ kind }) => kind === 'loadData')?.risks).toMatchObject([
      { code: 'TD', label: 'test data' },
    ])
    expect(view.open_risks).toBeGreaterThan(0)
    expect(view.checks).toContainEqual(expect.objectContaining({ name: 'Drift', status: 'warned' }))
    expect(view.refused).toBe(false)
  })
})
