import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SchemaView } from '@stage0/types'
import { testApp } from '../../testing/test-app.ts'
import { sharedApp } from '../repository/testing/shared-app.ts'

const code = (answer: { json: <T>() => T }) => answer.json<{ code: string }>().code

describe('a rendered schema', () => {
  const service = sharedApp({ uri: false })

  it('W-32: has its keys in declared order', async () => {
    const bson = await service().inject('/api/configurations/bson_schema/user.yaml/1.1.0.2')
    expect(bson.headers['content-type']).toBe('application/json; charset=utf-8')
    const raw = await service().inject({ url: '/api/dictionaries/user.1.1.0.yaml', headers: { accept: 'text/plain' } })
    const declared = [...raw.body.matchAll(/^ {4}(?:- \{ ?name: |- name: )([\w-]+)/gm)].map(([, name]) => name)
    expect(declared.length).toBeGreaterThan(3)
    expect(Object.keys(bson.json<{ properties: object }>().properties)).toEqual(declared)
    expect(bson.body.indexOf('"bsonType"')).toBeLessThan(bson.body.indexOf('"properties"'))
  })

  it.each([
    ['user.yaml', '1.1.0.2'],
    ['user', '1.1.0.2'],
    ['user', 'latest'],
    ['user.yaml', 'latest'],
    ['user.yaml', '1.1.0'],
    ['user', '1.1.0'],
  ])('C-16: is found by %s and %s, and tells its version', async (file, version) => {
    for (const format of ['json', 'bson']) {
      const answer = await service().inject(`/api/configurations/${format}_schema/${file}/${version}/`)
      expect(answer.statusCode).toBe(200)
      const location = String(answer.headers['content-location'])
      expect(location).toBe(`/api/configurations/${format}_schema/user/1.1.0.2`)
      expect((await service().inject(location)).body).toBe(answer.body)
    }
  })

  it('has a strong entity tag, another one for another schema, and is not sent again to who has it', async () => {
    const url = '/api/configurations/json_schema/user/1.1.0.2'
    const { headers } = await service().inject(url)
    const etag = String(headers['etag'])
    expect(etag).toMatch(/^"[0-9a-f]{64}-j"$/)
    const again = await service().inject({ url, headers: { 'if-none-match': etag } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    for (const other of ['json_schema/user/1.0.0.1', 'bson_schema/user/1.1.0.2']) {
      const answer = await service().inject({ url: `/api/configurations/${other}`, headers: { 'if-none-match': etag } })
      expect(answer.statusCode).toBe(200)
    }
  })

  it('of what is not there is 404 and names what is', async () => {
    const version = await service().inject('/api/configurations/json_schema/user/9.0.0')
    expect([version.statusCode, code(version)]).toEqual([404, 'VERSION_UNKNOWN'])
    expect(version.json<{ detail: string }>().detail).toContain('1.0.0.1, 1.1.0.2')
    const file = await service().inject('/api/configurations/json_schema/nothing.yaml/latest')
    expect([file.statusCode, code(file)]).toEqual([404, 'COLLECTION_UNKNOWN'])
  })

  it('prefers the fourth part 0 where three parts are asked for and it is there', async () => {
    const { inject, folder } = await testApp({ uri: false })
    const text = 'versions:\n  - version: 1.0.0\n  - version: 1.0.0.2\n  - version: 1.0.0.1\n'
    await writeFile(join(folder, 'configurations/three.yaml'), text)
    await writeFile(
      join(folder, 'dictionaries/three.1.0.0.yaml'),
      'root: { name: root, type: object, additional_properties: true, properties: [] }\n',
    )
    await writeFile(join(folder, 'enumerators/enumerations.0.yaml'), 'version: 0\nenumerators: []\n')
    const at = async (version: string) =>
      (await inject(`/api/configurations/json_schema/three/${version}`)).headers['content-location']
    expect(await at('1.0.0')).toMatch(/1\.0\.0\.0$/)
    expect(await at('latest')).toMatch(/1\.0\.0\.2$/)
    await writeFile(join(folder, 'configurations/three.yaml'), text.replace('1.0.0\n', '1.0.0.3\n'))
    expect(await at('1.0.0')).toBeUndefined()
    await writeFile(join(folder, 'enumerators/enumerations.3.yaml'), 'version: 3\nenumerators: []\n')
    expect(await at('1.0.0')).toMatch(/1\.0\.0\.3$/)
  })

  it('that cannot be rendered is refused with what is wrong', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(join(folder, 'types/email.yaml'), 'root: {')
    await writeFile(join(folder, 'configurations/torn.yaml'), 'versions: [')
    const schema = await inject('/api/configurations/bson_schema/user/latest')
    expect([schema.statusCode, code(schema)]).toEqual([422, 'SCHEMA_NOT_RENDERED'])
    expect(schema.json<{ problems: { code: string }[] }>().problems.map((one) => one.code)).toContain(
      'REFERENCE_BROKEN',
    )
    for (const file of ['torn', 'torn.yaml']) {
      const torn = await inject(`/api/configurations/json_schema/${file}/latest`)
      expect([torn.statusCode, code(torn)]).toEqual([422, 'FILE_BROKEN'])
    }
  })
})

describe('a dictionary or a type by itself', () => {
  const service = sharedApp({ uri: false })

  it('comes expanded and rendered', async () => {
    const view = (await service().inject('/api/dictionaries/user.1.1.0.yaml/schema')).json<SchemaView>()
    expect(view).toMatchObject({ file: 'dictionaries/user.1.1.0.yaml', removed: [] })
    expect(view.nodes.some((node) => node.expanded_from === 'types/email.yaml')).toBe(true)
    expect(JSON.parse(view.json ?? '')).toMatchObject({ type: 'object' })
    expect(JSON.parse(view.bson ?? '')).toMatchObject({ bsonType: 'object' })
    const type = (await service().inject('/api/types/email.yaml/schema')).json<SchemaView>()
    expect(type).toMatchObject({ title: 'email', nodes: [{ path: '' }] })
  })

  it('takes the values of the enumerators version that is asked for', async () => {
    const valuesOf = async (query: string) => {
      const url = `/api/dictionaries/user.1.1.0.yaml/schema${query}`
      const { nodes } = (await service().inject(url)).json<SchemaView>()
      return nodes.filter(({ values }) => values !== undefined).map(({ path, values }) => [path, values?.length])
    }
    expect((await valuesOf('?enumerators=2')).length).toBeGreaterThan(0)
    expect(await valuesOf('')).toEqual(await valuesOf('?enumerators=2'))
    expect(await valuesOf('?enumerators=1')).not.toEqual(await valuesOf('?enumerators=2'))
    expect((await service().inject('/api/types/email.yaml/schema?enumerators=x')).statusCode).toBe(400)
  })

  it('that is broken is refused with its problems, one that is not there is 404', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(join(folder, 'types/torn.yaml'), 'root: {')
    const torn = await inject('/api/types/torn.yaml/schema')
    expect([torn.statusCode, code(torn)]).toEqual([422, 'FILE_BROKEN'])
    const missing = await inject('/api/types/nothing.yaml/schema')
    expect([missing.statusCode, code(missing)]).toEqual([404, 'FILE_NOT_FOUND'])
  })
})
