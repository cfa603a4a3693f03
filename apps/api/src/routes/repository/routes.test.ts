import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Enumeration, Graph, ProblemReport, Usage } from '@stage0/types'
import { testApp } from '../../testing/test-app.ts'
import { sharedApp } from './testing/shared-app.ts'

/** For what changes nothing. */
const service = sharedApp({ uri: false })

describe('who uses a file', () => {
  it('is told with place and words', async () => {
    const { inject } = service()
    const usages = (await inject('/api/dictionaries/address.yaml/usages')).json<Usage[]>()
    expect(usages.length).toBeGreaterThan(0)
    expect(usages[0]).toMatchObject({ how: 'ref', used: 'dictionaries/address.yaml' })
    expect(usages[0]?.place.line).toBeGreaterThan(1)
    const [info] = (await inject('/api/dictionaries?q=address')).json<{ used_by: number }[]>()
    expect(info?.used_by).toBe(usages.length)
  })

  it.each([
    ['migrations/user_display_name.json', 'migration', { collection: 'user', version: '1.1.0.2' }],
    ['test_data/user.1.0.0.1.json', 'test_data', { collection: 'user', version: '1.0.0.1' }],
    ['enumerators/enumerations.1.yaml', 'enumerators', { version: '1.0.0.1' }],
    ['dictionaries/user.1.0.0.yaml', 'dictionary', { collection: 'user', version: '1.0.0.1' }],
    ['types/email.yaml', 'type', {}],
  ])('is told of %s', async (path, how, more) => {
    const { inject } = service()
    const usages = (await inject(`/api/${path}/usages`)).json<Usage[]>()
    expect(usages[0]).toMatchObject({ how, used: path, ...more })
  })

  it('is an empty list for a configuration, and 404 for a file that is not there', async () => {
    const { inject } = service()
    expect((await inject('/api/configurations/user.yaml/usages')).json()).toEqual([])
    const missing = await inject('/api/types/nothing.yaml/usages')
    expect([missing.statusCode, missing.json<{ code: string }>().code]).toEqual([404, 'FILE_NOT_FOUND'])
  })
})

describe('enumerations', () => {
  it('come with their values in every enumerators version, in declared order, and with their users', async () => {
    const { inject } = service()
    const list = (await inject('/api/enumerations')).json<Enumeration[]>()
    expect(list.map(({ name }) => name)).toEqual([...list.map(({ name }) => name)].sort())
    const first = list.find(({ used_by: users }) => users > 0)
    expect(first?.versions[0]).toMatchObject({ version: 1, file: 'enumerators/enumerations.1.yaml' })
    const usages = (await inject(`/api/enumerations/${first?.name}/usages`)).json<Usage[]>()
    expect(usages).toHaveLength(first?.used_by ?? -1)
  })

  it('that no file has and nobody uses are 404, by any name', async () => {
    const { inject } = service()
    for (const name of ['nothing', '__proto__', 'constructor', '%00']) {
      const answer = await inject(`/api/enumerations/${name}/usages`)
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'ENUMERATION_UNKNOWN'])
    }
  })
})

describe('the graph', () => {
  it('has every file as a node and joins only nodes that it has', async () => {
    const { inject } = service()
    const { nodes, edges } = (await inject('/api/graph')).json<Graph>()
    const ids = new Set(nodes.map(({ id }) => id))
    expect(ids).toContain('collection:user')
    expect(ids).toContain('types/email.yaml')
    expect(edges.length).toBeGreaterThan(0)
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  })
})

describe('problems', () => {
  const broken = async () => {
    const made = await testApp({ uri: false })
    await writeFile(join(made.folder, 'types/torn.yaml'), 'root: {')
    await writeFile(join(made.folder, 'configurations/list.yaml'), '- a\n')
    await writeFile(join(made.folder, 'migrations/unused.json'), '[]')
    return made
  }

  it('are all told, with counts by severity', async () => {
    const { inject } = await broken()
    const { counts, problems } = (await inject('/api/problems')).json<ProblemReport>()
    expect(counts.errors).toBe(2)
    expect(counts.notices).toBeGreaterThan(0)
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ file, code }) => [file, code])).toEqual([
      ['configurations/list.yaml', 'FILE_NOT_MAPPING'],
      ['types/torn.yaml', 'YAML_SYNTAX'],
    ])
    expect(errors[0]).toMatchObject({ line: 1 })
  })

  it('are narrowed by severity and file; the counts stay those of the repository', async () => {
    const { inject } = await broken()
    const all = (await inject('/api/problems')).json<ProblemReport>()
    const few = (await inject('/api/problems?severity=notice&severity=warning')).json<ProblemReport>()
    expect(few.counts).toEqual(all.counts)
    expect(few.problems).toEqual(all.problems.filter(({ severity }) => severity !== 'error'))
    const one = (await inject('/api/problems?file=types/torn.yaml')).json<ProblemReport>()
    expect(one.problems.map(({ file }) => file)).toEqual(['types/torn.yaml'])
    expect((await inject('/api/problems?severity=grave')).statusCode).toBe(400)
  })

  it('are told as SARIF to who asks for it, and in no other form', async () => {
    const { inject } = await broken()
    const sarif = await inject({ url: '/api/problems?severity=error', headers: { accept: 'application/sarif+json' } })
    expect(sarif.headers['content-type']).toBe('application/sarif+json; charset=utf-8')
    expect(sarif.json()).toMatchObject({ version: '2.1.0', runs: [{ results: [{}, { ruleId: 'YAML_SYNTAX' }] }] })
    const refused = await inject({ url: '/api/problems', headers: { accept: 'text/csv' } })
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([406, 'NOT_ACCEPTABLE'])
  })

  it.each([
    ['is gone', 'REPOSITORY_NOT_FOUND', (folder: string) => rm(folder, { recursive: true })],
    [
      'holds nothing of a repository',
      'REPOSITORY_EMPTY',
      async (folder: string) => {
        for (const name of ['configurations', 'dictionaries', 'types', 'enumerators', 'test_data', 'migrations']) {
          await rm(join(folder, name), { recursive: true })
        }
      },
    ],
  ])('W-51: of a folder that %s do not tell where it is', async (_words, code, spoil) => {
    const { inject, folder } = await testApp({ uri: false })
    await spoil(folder)
    for (const accept of ['application/json', 'application/sarif+json']) {
      const { body, statusCode } = await inject({ url: '/api/problems', headers: { accept } })
      expect(statusCode).toBe(200)
      expect(body).toContain(code)
      expect(body).not.toContain(folder)
      expect(body).not.toContain('/tmp')
    }
    for (const url of ['/api/collections', '/api/types', '/api/graph', '/api/enumerations', '/api/types/email.yaml']) {
      expect((await inject(url)).body).not.toContain(folder)
    }
  })
})
