import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CollectionDetail, CollectionList, CollectionRow, VersionDetail } from '@stage0/types'
import { testApp } from '../../testing/test-app.ts'
import { sharedApp } from '../repository/testing/shared-app.ts'

/** For what changes nothing. */
const service = sharedApp({ uri: false })
/** The same with a database, which nobody changes. */
const connected = sharedApp({})

const names = (rows: readonly CollectionRow[]) => rows.map(({ name }) => name)

describe('the collections', () => {
  it('tell of a database that knows nothing of them that they are behind', async () => {
    const { inject } = connected()
    const answer = await inject('/api/collections')
    expect(answer.headers['x-total-count']).toBe('2')
    const { as_of: asOf, items, target_error: error } = answer.json<CollectionList>()
    expect(error).toBeUndefined()
    expect(new Date(asOf).toISOString()).toBe(asOf)
    expect(items).toMatchObject([
      { name: 'organization', title: 'Organizations', state: 'behind', pending: ['1.0.0.1', '1.1.0.2'], versions: 2 },
      { name: 'user', file: 'configurations/user.yaml', newest: '1.1.0.2', state: 'behind', locked: false },
    ])
    expect(items[0]).not.toHaveProperty('recorded')
  })

  it('are shown without a database too, with the reason, and their state is unknown', async () => {
    const { inject } = service()
    const { items, target_error: error } = (await inject('/api/collections')).json<CollectionList>()
    expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE' })
    expect(items.map(({ name, state, newest }) => [name, state, newest])).toEqual([
      ['organization', 'unknown', '1.1.0.2'],
      ['user', 'unknown', '1.1.0.2'],
    ])
  })

  it('C-14: that are broken are rows with the message of the parser, and the others keep their state', async () => {
    const { inject, folder } = await testApp()
    await writeFile(join(folder, 'configurations/torn.yaml'), 'title: Torn\nversions: [\n')
    await writeFile(join(folder, 'configurations/half.yaml'), 'title: Half\nversions:\n  - version: 1.0.0.1\n')
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['half', 'invalid'],
      ['organization', 'behind'],
      ['torn', 'invalid'],
      ['user', 'behind'],
    ])
    expect(items[2]).toMatchObject({
      file: 'configurations/torn.yaml',
      versions: 0,
      problems: { errors: 1 },
      first_problem: { code: 'YAML_SYNTAX', file: 'configurations/torn.yaml', line: 3 },
    })
    expect(items[2]?.first_problem?.text).toMatch(/^This is not YAML: /)
    expect(items[0]).toMatchObject({ title: 'Half', versions: 1, first_problem: { code: 'REFERENCE_MISSING' } })
  })

  it('C-14: share what is broken only where they use it', async () => {
    const { inject, folder } = await testApp()
    await writeFile(join(folder, 'types/email.yaml'), 'root: {')
    await writeFile(join(folder, 'types/unused.yaml'), 'root: {')
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    const states = Object.fromEntries(items.map(({ name, state }) => [name, state]))
    expect(states['user']).toBe('invalid')
    const usages = (await inject('/api/types/email.yaml/usages')).json<{ place: { file: string } }[]>()
    const ofOrganization = usages.some(({ place }) => place.file.includes('organization'))
    expect(states['organization']).toBe(ofOrganization ? 'invalid' : 'behind')
  })

  it('are found by a text in name, title or description, which is never a regular expression', async () => {
    const { inject } = service()
    const found = async (query: string) =>
      names((await inject(`/api/collections?${query}`)).json<CollectionList>().items)
    expect(await found('q=USERS')).toEqual(['user'])
    expect(await found('q=clubs')).toEqual(['organization'])
    expect(await found('q=.*')).toEqual([])
    expect(await found('q=(a%2B)%2B%24')).toEqual([])
    expect(await found('state=unknown')).toEqual(['organization', 'user'])
    expect(await found('state=behind&state=drifted')).toEqual([])
    expect(await found('sort=-name')).toEqual(['user', 'organization'])
    expect(await found('sort=name&offset=1&limit=1')).toEqual(['user'])
  })

  it.each(['state=great', 'sort=color', 'limit=0', 'name=user'])('refuse ?%s', async (query) => {
    const { inject } = service()
    expect((await inject(`/api/collections?${query}`)).statusCode).toBe(400)
  })
})

describe('a collection', () => {
  it('has its versions, the newest first', async () => {
    const { inject } = connected()
    const { row, versions, problems } = (await inject('/api/collections/user')).json<CollectionDetail>()
    expect(row).toMatchObject({ name: 'user', state: 'behind' })
    expect(versions).toEqual([
      { version: '1.1.0.2', written: '1.1.0.2', locked: false, state: 'pending' },
      { version: '1.0.0.1', written: '1.0.0.1', locked: false, state: 'pending' },
    ])
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('that is broken is shown with its problems', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(join(folder, 'configurations/torn.yaml'), 'versions: [')
    const { row, versions, problems } = (await inject('/api/collections/torn')).json<CollectionDetail>()
    expect(row.state).toBe('invalid')
    expect(versions).toEqual([])
    expect(problems.map(({ code }) => code)).toEqual(['YAML_SYNTAX'])
    const version = await inject('/api/collections/torn/versions/latest')
    expect(version.statusCode).toBe(422)
    expect(version.json()).toMatchObject({ code: 'FILE_BROKEN', problems: [{ code: 'YAML_SYNTAX' }] })
  })

  it('that nobody knows is 404', async () => {
    const { inject } = service()
    const answer = await inject('/api/collections/nothing')
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'COLLECTION_UNKNOWN'])
  })
})

describe('a version', () => {
  it('comes whole in one answer', async () => {
    const { inject } = connected()
    const answer = await inject('/api/collections/user/versions/1.1.0.2')
    const version = answer.json<VersionDetail>()
    expect(version).toMatchObject({
      collection: 'user',
      summary: { version: '1.1.0.2', state: 'pending' },
      previous: '1.0.0.1',
      dictionary: 'dictionaries/user.1.1.0.yaml',
      enumerators: { version: 2, file: 'enumerators/enumerations.2.yaml' },
      validation: { level: 'moderate', action: 'error' },
      migrations: [{ file_name: 'user_display_name.json', broken: false }],
      test_data: { file_name: 'user.1.1.0.2.json' },
    })
    expect(version.nodes[0]).toMatchObject({ path: '', depth: 0, kind: 'object' })
    expect(version.steps.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['dropIndex', 'migrate', 'recordVersion']),
    )
    expect(version.steps.map(({ kind }) => kind)).not.toContain('loadData')
    expect(version.indexes.map(({ name, change, live }) => [name, change, live])).toEqual([
      ['emailIndex', 'kept', 'missing'],
      ['displayNameIndex', 'added', 'missing'],
      ['organizationRoleIndex', 'added', 'missing'],
      ['nameIndex', 'dropped', 'missing'],
    ])
    expect(version.uses.length).toBeGreaterThan(0)
  })

  it('has the step that loads test data where they are loaded', async () => {
    const { inject } = await testApp({ uri: false, settings: { LOAD_TEST_DATA: 'true' } })
    const { steps, indexes } = (await inject('/api/collections/user/versions/latest')).json<VersionDetail>()
    expect(steps.map(({ kind }) => kind)).toContain('loadData')
    expect(indexes.every(({ live }) => live === 'unknown')).toBe(true)
  })

  it.each([
    ['latest', '1.1.0.2'],
    ['1.0.0.1', '1.0.0.1'],
    ['1.0.0', '1.0.0.1'],
    ['01.00.0', '1.0.0.1'],
  ])('C-16: is found by %s', async (written, version) => {
    const { inject } = service()
    const answer = await inject(`/api/collections/user/versions/${written}`)
    expect(answer.json<VersionDetail>().summary.version).toBe(version)
  })

  it.each(['1.0.0.0', '9.9.9', 'x', '1.0', '__proto__', '1.0.0.1.1', '%E0%A4%A', '99999999999999999999.0.0'])(
    'that is not there (%s) is a clear 4xx',
    async (written) => {
      const { inject } = service()
      const answer = await inject(`/api/collections/user/versions/${written}`)
      expect([400, 404]).toContain(answer.statusCode)
      expect(['VERSION_UNKNOWN', 'REQUEST_INVALID']).toContain(answer.json<{ code: string }>().code)
    },
  )
})
