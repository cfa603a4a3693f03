import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doc } from '@stage0/bson-schema'
import { applyPlan } from '@stage0/engine'
import type { CollectionDetail, CollectionList, VersionDetail } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { testApp } from '../../testing/test-app.ts'

/** Applies the repository of a service; tells the id of the run. */
async function apply({ snapshots, target, clock, holder, version }: AppDeps): Promise<string> {
  const { wanted } = await snapshots.current()
  const opened = await target.open()
  if (wanted === undefined || !opened.ok) throw new Error('the repository or the database cannot be used')
  const runId = randomUUID()
  const run = applyPlan({
    target: opened.value,
    wanted,
    options: { environment: 'local', loadTestData: false },
    holder: holder('test', runId),
    leaseMs: 10_000,
    toolVersion: version,
    clock,
    signal: new AbortController().signal,
  })
  let last: unknown
  for await (const event of run) last = event
  expect(last).toMatchObject({ type: 'run.finished', status: 'succeeded' })
  target.forget()
  return runId
}

describe('collections after an apply', () => {
  it('are in sync, with the run and the time that brought them there', async () => {
    const { inject, deps } = await testApp()
    const runId = await apply(deps)
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    for (const row of items) {
      expect(row).toMatchObject({ state: 'in sync', recorded: '1.1.0.2', pending: [], documents: 0 })
      expect(row.last_run).toMatchObject({ run_id: runId, status: 'succeeded' })
    }
    const { versions } = (await inject('/api/collections/user')).json<CollectionDetail>()
    expect(versions).toMatchObject([
      { version: '1.1.0.2', state: 'current', run_id: runId },
      { version: '1.0.0.1', state: 'applied', run_id: runId },
    ])
    for (const { applied_at: at = '' } of versions) expect(new Date(at).toISOString()).toBe(at)
    const { indexes, summary } = (await inject('/api/collections/user/versions/latest')).json<VersionDetail>()
    expect(summary).toMatchObject({ state: 'current' })
    expect(indexes.map(({ name, live }) => [name, live])).toEqual([
      ['emailIndex', 'there'],
      ['displayNameIndex', 'there'],
      ['organizationRoleIndex', 'there'],
      ['nameIndex', 'missing'],
    ])
  })

  it('tell what drifted, in words', async () => {
    const { inject, deps } = await testApp()
    await apply(deps)
    const opened = await deps.target.open()
    if (!opened.ok) throw new Error(opened.error.message)
    const index = { name: 'displayNameIndex', key: doc({ display_name: 1 }), options: doc({}) }
    await opened.value.dropIndex('user', index, new AbortController().signal)
    const schema = doc({ bsonType: 'object' })
    await opened.value.setValidator('organization', schema, 'moderate', 'error', new AbortController().signal)
    deps.target.forget()
    const { items } = (await inject('/api/collections?state=drifted')).json<CollectionList>()
    expect(items.map(({ name, drift }) => [name, drift])).toEqual([
      ['organization', ['the schema is another one']],
      ['user', ['index displayNameIndex is missing']],
    ])
    const { indexes } = (await inject('/api/collections/user/versions/latest')).json<VersionDetail>()
    expect(indexes.find(({ name }) => name === 'displayNameIndex')?.live).toBe('missing')
  })

  it('that the repository no longer has are told from the record', async () => {
    const { inject, deps, folder } = await testApp()
    await apply(deps)
    await writeFile(join(folder, 'configurations/user.yaml'), 'versions: []\n')
    const torn = (await inject('/api/collections')).json<CollectionList>()
    expect(torn.items.find(({ name }) => name === 'user')).toMatchObject({ state: 'ahead', recorded: '1.1.0.2' })
    await writeFile(join(folder, 'configurations/user.yaml'), 'versions: [')
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    expect(items.map(({ name, state, recorded }) => [name, state, recorded])).toEqual([
      ['organization', 'in sync', '1.1.0.2'],
      ['user', 'invalid', '1.1.0.2'],
    ])
  })

  it('that only the database knows have a row and a page', async () => {
    const { inject, deps, folder } = await testApp()
    await apply(deps)
    await rm(join(folder, 'configurations/user.yaml'))
    const { row, versions } = (await inject('/api/collections/user')).json<CollectionDetail>()
    expect(row).toMatchObject({ name: 'user', state: 'ahead', recorded: '1.1.0.2', versions: 0 })
    expect(row).not.toHaveProperty('file')
    expect(versions).toEqual([])
    const version = await inject('/api/collections/user/versions/latest')
    expect([version.statusCode, version.json<{ code: string }>().code]).toEqual([404, 'VERSION_UNKNOWN'])
  })
})
