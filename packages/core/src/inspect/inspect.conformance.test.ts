import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isArray, isDoc, type Value } from '@stage0/bson-schema'
import { sharedFolder } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import type { FolderKind, RawFile } from '../model/files.ts'
import type { Repository } from '../model/model.ts'
import { readRepository } from '../model/repository.ts'
import { versionText } from '../model/version-number.ts'
import { sha256Hex } from '../plan/canonical.ts'
import { limitWanted } from '../plan/limit-wanted.ts'
import { planChanges } from '../plan/plan-changes.ts'
import { LOCAL, observed } from '../plan/testing/builders.ts'
import { simulate } from '../plan/testing/simulate.ts'
import type { Wanted } from '../plan/wanted.ts'
import { checkRepository } from '../render/check-repository.ts'
import { renderSchema } from '../render/render-schema.ts'
import { buildGraph } from './graph.ts'
import { inspectVersion } from './inspect-version.ts'

const FOLDERS: readonly FolderKind[] = [
  'configurations',
  'dictionaries',
  'types',
  'enumerators',
  'test_data',
  'migrations',
]

const fixturesFolder = sharedFolder('fixtures')

function loadFixture(name: string): Repository {
  const files = FOLDERS.flatMap((folder) =>
    namesIn(join(fixturesFolder ?? '', name, folder)).map((file): RawFile => {
      const text = readFileSync(join(fixturesFolder ?? '', name, folder, file), 'utf8')
      return { folder, name: file, path: `${folder}/${file}`, text, hash: sha256Hex(text) }
    }),
  )
  return readRepository({ files, problems: [] })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(?:yaml|yml|json)$/.test(name))
  } catch {
    return []
  }
}

if (fixturesFolder === undefined)
  console.log('inspect.conformance: skipped, the folder of shared fixtures is not there')

const versionsOf = (repository: Repository): (readonly [string, string])[] =>
  [...repository.configurations.values()].flatMap(({ name, versions }) =>
    versions.map(({ number }) => [name, versionText(number)] as const),
  )

function inspect(repository: Repository, collection: string, version: string) {
  const result = inspectVersion(repository, collection, version)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function resolve(schema: Value, pointer: string): Value | undefined {
  let at: Value | undefined = schema
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isDoc(at) ? at.get(name) : isArray(at) ? at[Number(name)] : undefined
  }
  return at
}

const upTo = (wanted: Wanted, collection: string, version: string): Wanted => {
  const limited = limitWanted(wanted, { [collection]: version })
  if (!limited.ok) throw new Error(JSON.stringify(limited.error))
  return limited.value
}

describe.skipIf(fixturesFolder === undefined)('inspection of the shared fixtures', () => {
  it.each(['passing_process', 'passing_template'])(
    'C-17: steps of each version of %s are those of a real plan, in its order',
    (name) => {
      const repository = loadFixture(name)
      const { wanted } = checkRepository(repository, { loadTestData: false })
      if (wanted === undefined) throw new Error('the fixture has errors')
      let steps = 0
      for (const { name: collection, versions } of repository.configurations.values()) {
        const options = { ...LOCAL, collections: [collection] }
        let state = observed()
        for (const { number } of versions) {
          const version = versionText(number)
          const plan = planChanges(upTo(wanted, collection, version), state, options)
          const shown = inspect(repository, collection, version).steps
          expect(shown.map(({ kind, text }) => [kind, text])).toEqual(plan.steps.map((one) => [one.kind, one.name]))
          expect(shown.every(({ place }) => place !== undefined)).toBe(true)
          state = simulate(state, plan.steps)
          steps += shown.length
        }
      }
      expect(steps).toBeGreaterThan(3)
    },
  )

  it.each(['passing_process', 'passing_template'])('every pointer of %s leads into the rendered schemas', (name) => {
    const repository = loadFixture(name)
    let pointers = 0
    for (const [collection, version] of versionsOf(repository)) {
      const { nodes } = inspect(repository, collection, version)
      for (const format of ['json', 'bson'] as const) {
        const rendered = renderSchema(repository, collection, version, format)
        if (!rendered.ok) throw new Error(JSON.stringify(rendered.error))
        for (const node of nodes) {
          const part = resolve(
            rendered.value.schema,
            (format === 'json' ? node.json_pointer : node.bson_pointer) ?? '/none',
          )
          expect(isDoc(part), `${collection} ${version} ${node.path}`).toBe(true)
          if (format === 'json' && node.kind === 'object' && isDoc(part))
            expect(part.get('description')).toBe(node.description)
          pointers++
        }
      }
    }
    expect(pointers).toBeGreaterThan(10)
  })

  it.each(['failing_refs', 'failing_not_parsable', 'passing_empty', 'passing_type_renders'])(
    'is possible in %s, whatever is wrong there',
    (name) => {
      const repository = loadFixture(name)
      for (const [collection, version] of versionsOf(repository)) {
        const { nodes, problems, dictionary } = inspect(repository, collection, version)
        if (dictionary === undefined) expect(problems).not.toEqual([])
        else expect(nodes.length).toBeGreaterThan(0)
      }
      const { nodes, edges } = buildGraph(repository)
      const ids = new Set(nodes.map(({ id }) => id))
      for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true])
    },
  )
})
