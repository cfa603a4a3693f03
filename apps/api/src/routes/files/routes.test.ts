import { readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testApp } from '../../testing/test-app.ts'
import { sharedApp } from '../repository/testing/shared-app.ts'

/** For what changes nothing. */
const service = sharedApp({ uri: false })

const onDisk = (folder: string, path: string) => readFile(join(folder, path), 'utf8')

const ORDERED = 'zebra: 1\nalpha: { "10": a, "9": b, __proto__: c }\nroot: { name: root, type: object }\n'

describe('the files of a kind', () => {
  it('are listed by name, with size, hash and what is wrong', async () => {
    const { inject } = service()
    const answer = await inject('/api/types')
    expect(answer.headers['x-total-count']).toBe('7')
    const list = answer.json<{ file_name: string; size: number }[]>()
    expect(list.map(({ file_name }) => file_name)).toEqual([
      'country_code.yaml',
      'email.yaml',
      'identifier.yaml',
      'instant.yaml',
      'sentence.yaml',
      'slug.yaml',
      'trace.yaml',
    ])
    expect(list[1]).toMatchObject({ kind: 'types', path: 'types/email.yaml', locked: false, broken: false })
  })

  it('tell their size in bytes, whatever characters they hold', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(
      join(folder, 'types/wide.yaml'),
      '\ufeff# €\nroot: { name: wide, type: simple, schema: { type: string } }\n',
    )
    const [wide] = (await inject('/api/types?q=WIDE')).json<{ size: number }[]>()
    expect(wide?.size).toBe((await readFile(join(folder, 'types/wide.yaml'))).byteLength)
  })

  it('W-43: show what is broken as broken, also what could not be read', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(join(folder, 'types/torn.yaml'), 'root: {')
    await symlink('/etc/hostname', join(folder, 'types/outside.yaml'))
    const list = (await inject('/api/types?sort=-name')).json<{ file_name: string; broken: boolean; hash?: string }[]>()
    const broken = list.filter((file) => file.broken)
    expect(broken.map(({ file_name }) => file_name)).toEqual(['torn.yaml', 'outside.yaml'])
    expect(broken[0]).toMatchObject({
      problems: { errors: 1 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    expect(broken[1]).toMatchObject({ problems: { errors: 1 } })
    expect(broken[1]).not.toHaveProperty('hash')
  })

  it('are paged by query or headers, the query first, with the number of all', async () => {
    const { inject } = service()
    const names = async (url: string, headers = {}) => {
      const answer = await inject({ url, headers })
      expect(answer.headers['x-total-count']).toBe('5')
      return answer.json<{ file_name: string }[]>().map(({ file_name }) => file_name)
    }
    const all = await names('/api/dictionaries/')
    expect(all).toHaveLength(5)
    expect(await names('/api/dictionaries?offset=1&limit=2')).toEqual(all.slice(1, 3))
    expect(await names('/api/dictionaries', { offset: '3', limit: '1' })).toEqual(all.slice(3, 4))
    expect(await names('/api/dictionaries?limit=1', { limit: '4' })).toEqual(all.slice(0, 1))
    expect(await names('/api/dictionaries?offset=99')).toEqual([])
  })

  it.each(['limit=0', 'limit=x', 'offset=-1', 'sort=color', 'unknown=1', 'q=a&q=b'])('refuse ?%s', async (query) => {
    const { inject } = service()
    const answer = await inject(`/api/types?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID' })
  })

  it('take a search text as text, never as a regular expression', async () => {
    const { inject } = service()
    expect((await inject('/api/types?q=.*')).json()).toEqual([])
    expect((await inject('/api/types?q=(a%2B)%2B$')).json()).toEqual([])
  })

  it('are empty where the folder is not there', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await rm(join(folder, 'migrations'), { recursive: true })
    expect((await inject('/api/migrations')).json()).toEqual([])
  })
})

describe('a file', () => {
  it('comes as it is on the disk when its text is asked for, byte for byte', async () => {
    const { inject, folder } = await testApp({ uri: false })
    const text = '\ufeff# a comment\r\nroot: {name: odd,   type: simple, schema: {type: string}}'
    await writeFile(join(folder, 'types/odd.yaml'), text)
    for (const accept of ['application/yaml', 'text/plain']) {
      const answer = await inject({ url: '/api/types/odd.yaml', headers: { accept } })
      expect(answer.headers['content-type']).toBe(`${accept}; charset=utf-8`)
      expect(answer.rawPayload).toEqual(Buffer.from(text))
      expect(answer.headers['vary']).toBe('Accept')
    }
  })

  it('W-32: comes as JSON with its keys in the order of the file, integer-like ones and __proto__ too', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(join(folder, 'dictionaries/order.yaml'), ORDERED)
    const { body } = await inject('/api/dictionaries/order.yaml')
    expect(body.replaceAll(/\s/g, '')).toBe(
      '{"file_name":"order.yaml","zebra":1,"alpha":{"10":"a","9":"b","__proto__":"c"},"root":{"name":"root","type":"object"}}',
    )
  })

  it('W-32: keeps the order of the keys of a compound index', async () => {
    const { inject, folder } = await testApp({ uri: false })
    const text = await onDisk(folder, 'configurations/organization.yaml')
    expect(text).toContain('status: 1, created.at: -1')
    const { body } = await inject('/api/configurations/organization.yaml')
    expect(body.replaceAll(/\s/g, '')).toContain('"key":{"status":1,"created.at":-1}')
  })

  it('says the name that it has as JSON, where its content says another', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await writeFile(
      join(folder, 'types/copy.yaml'),
      '_locked: true\nfile_name: email.yaml\nroot: { name: copy, type: simple, schema: { type: string } }\n',
    )
    const { body } = await inject('/api/types/copy.yaml')
    expect(body.replaceAll(/\s/g, '')).toMatch(/^\{"_locked":true,"file_name":"copy\.yaml","root":/)
  })

  it('of data comes as JSON with every literal as written', async () => {
    const { inject, folder } = await testApp({ uri: false })
    const text = '[ {"b": 5.0, "a": 9007199254740993, "10": 1e2, "9": {"$oid": "A00000000000000000000001"}} ]\n'
    await writeFile(join(folder, 'test_data/exact.json'), `\ufeff${text}`)
    const json = await inject('/api/test_data/exact.json')
    expect(json.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(json.body).toBe(text)
    const raw = await inject({ url: '/api/test_data/exact.json', headers: { accept: 'text/plain' } })
    expect(raw.body).toBe(`\ufeff${text}`)
  })

  it('has another strong entity tag in each form, and is not sent again to who has it', async () => {
    const { inject, folder } = await testApp({ uri: false })
    const url = '/api/types/email.yaml'
    const [json, yaml] = [await inject(url), await inject({ url, headers: { accept: 'application/yaml' } })]
    const [first] = (await inject('/api/types?q=email')).json<{ hash: string }[]>()
    expect([json.headers['etag'], yaml.headers['etag']]).toEqual([`"${first?.hash}-j"`, `"${first?.hash}-y"`])

    const tag = String(json.headers['etag'])
    const again = await inject({ url, headers: { 'if-none-match': `"other", W/${tag}` } })
    expect(again.statusCode).toBe(304)
    expect(again.body).toBe('')
    expect(again.headers['etag']).toBe(tag)
    expect(again.headers['vary']).toBe('Accept')
    const other = await inject({ url, headers: { 'if-none-match': tag, accept: 'text/plain' } })
    expect(other.statusCode).toBe(200)

    await writeFile(join(folder, 'types/email.yaml'), `# changed\n${await onDisk(folder, 'types/email.yaml')}`)
    const changed = await inject({ url, headers: { 'if-none-match': tag } })
    expect(changed.statusCode).toBe(200)
    expect(changed.headers['etag']).not.toBe(tag)
  })

  it('is refused with 406 where none of its forms is taken', async () => {
    const { inject } = service()
    const answer = await inject({ url: '/api/types/email.yaml', headers: { accept: 'image/png' } })
    expect(answer.statusCode).toBe(406)
    expect(answer.json()).toMatchObject({ code: 'NOT_ACCEPTABLE' })
  })

  it.each([
    ['types', 'torn.yaml', 'root: {', 'YAML_SYNTAX'],
    ['configurations', 'list.yaml', '- a\n', 'FILE_NOT_MAPPING'],
    ['test_data', 'torn.json', '[{"a": ]', 'JSON_SYNTAX'],
    ['migrations', 'object.json', '{}', 'DATA_NOT_ARRAY'],
  ])(
    'of %s that is broken (%s) comes as text; as JSON it is refused with its problems',
    async (kind, name, text, code) => {
      const { inject, folder } = await testApp({ uri: false })
      await writeFile(join(folder, kind, name), text)
      const url = `/api/${kind}/${name}`
      const raw = await inject({ url, headers: { accept: 'application/yaml' } })
      expect([raw.statusCode, raw.body]).toEqual([200, text])
      const json = await inject(url)
      expect(json.statusCode).toBe(422)
      expect(json.json()).toMatchObject({ code: 'FILE_BROKEN', problems: [{ code, file: `${kind}/${name}` }] })
    },
  )

  it('W-35: that is a link out of the repository is not read in any form', async () => {
    const { inject, folder } = await testApp({ uri: false })
    await symlink('/etc/hostname', join(folder, 'types/outside.yaml'))
    for (const accept of ['*/*', 'text/plain']) {
      const answer = await inject({ url: '/api/types/outside.yaml', headers: { accept } })
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ code: 'FILE_BROKEN', problems: [{ code: 'FILE_REFUSED' }] })
    }
  })

  it('can only be read: other methods are refused with those that there are', async () => {
    const { inject } = service()
    for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
      const answer = await inject({ method, url: '/api/types/email.yaml', payload: {} })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers['allow']).toContain('GET')
    }
  })
})
