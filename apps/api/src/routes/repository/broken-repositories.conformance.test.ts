import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@stage0/testkit'
import type { CollectionList, FileInfo, Graph, ProblemReport } from '@stage0/types'
import { testApp } from '../../testing/test-app.ts'
import { FILE_KINDS } from './file-index.ts'

const fixtures = sharedFolder('fixtures')
if (fixtures === undefined) console.log('broken-repositories: skipped, the folder of shared fixtures is not there')

const open = (fixture: string) => testApp({ repository: join(fixtures ?? '', fixture) })

describe.skipIf(fixtures === undefined)('a broken repository', () => {
  it('C-14: whose files are no YAML or JSON shows every one of them with the message of the parser', async () => {
    const { inject, folder } = await open('failing_not_parsable')
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    expect(items).toMatchObject([
      {
        name: 'invalid_configuration',
        state: 'invalid',
        file: 'configurations/invalid_configuration.yaml',
        first_problem: { file: 'configurations/invalid_configuration.yaml', severity: 'error' },
      },
    ])
    const kinds = ['configurations', 'dictionaries', 'enumerators', 'test_data', 'migrations']
    for (const kind of kinds) {
      const [file, ...others] = (await inject(`/api/${kind}`)).json<FileInfo[]>()
      expect(others).toEqual([])
      expect(file).toMatchObject({ kind, broken: true })
      expect(file?.problems.errors).toBeGreaterThan(0)
      const json = await inject(`/api/${kind}/${file?.file_name}`)
      expect(json.statusCode).toBe(422)
      const raw = await inject({ url: `/api/${kind}/${file?.file_name}`, headers: { accept: 'text/plain' } })
      expect([raw.statusCode, Buffer.byteLength(raw.body)]).toEqual([200, file?.size])
    }
    const { body } = await inject('/api/problems')
    expect((JSON.parse(body) as ProblemReport).counts.errors).toBeGreaterThanOrEqual(kinds.length)
    expect(body).not.toContain(folder)
  })

  it('whose references lead nowhere or in a circle is shown whole', async () => {
    const { inject } = await open('failing_refs')
    const { items } = (await inject('/api/collections')).json<CollectionList>()
    const states = Object.fromEntries(items.map(({ name, state }) => [name, state]))
    for (const name of ['circular_ref', 'missing_ref', 'missing_type', 'test_data', 'test_migrations']) {
      expect([name, states[name]]).toEqual([name, 'invalid'])
      const detail = await inject(`/api/collections/${name}`)
      expect(detail.statusCode).toBe(200)
      const version = await inject(`/api/collections/${name}/versions/latest`)
      expect([name, version.statusCode]).toEqual([name, 200])
      expect(version.json<{ problems: unknown[] }>().problems.length).toBeGreaterThan(0)
    }
    const rendered = await inject('/api/configurations/bson_schema/circular_ref.yaml/latest')
    expect(rendered.statusCode).toBe(422)
    expect(rendered.json<{ problems: { code: string }[] }>().problems.map(({ code }) => code)).toContain(
      'REFERENCE_CYCLE',
    )
    const { nodes } = (await inject('/api/graph')).json<Graph>()
    expect(nodes.filter(({ broken }) => broken).length).toBeGreaterThan(0)
  })
})

describe.skipIf(fixtures === undefined)('a repository of the first implementation', () => {
  it.each(['passing_template', 'passing_process', 'passing_type_renders', 'passing_empty'])(
    '%s is listed and read whole, each file in each form',
    async (fixture) => {
      const { inject } = await open(fixture)
      for (const kind of FILE_KINDS) {
        for (const { file_name: name, broken } of (await inject(`/api/${kind}/`)).json<FileInfo[]>()) {
          const json = await inject(`/api/${kind}/${name}/`)
          expect([name, json.statusCode]).toEqual([name, broken ? 422 : 200])
          if (kind !== 'test_data' && kind !== 'migrations' && !broken) {
            expect(json.json<{ file_name: string }>().file_name).toBe(name)
          }
          expect((await inject({ url: `/api/${kind}/${name}`, headers: { accept: 'text/plain' } })).statusCode).toBe(
            200,
          )
          expect((await inject(`/api/${kind}/${name}/usages`)).statusCode).toBe(200)
        }
      }
      const { items } = (await inject('/api/collections/')).json<CollectionList>()
      for (const { name } of items) {
        expect((await inject(`/api/collections/${name}/versions/latest`)).statusCode).toBe(200)
      }
    },
  )
})
