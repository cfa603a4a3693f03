import { readFileSync } from 'node:fs'
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { planFiles } from '../init/plan-files.ts'
import { actionOf, imageOf, PACKAGE, PROJECT } from '../init/published.ts'
import { filesIn, MENTORHUB, SHELF, TEMPLATE } from '../testing/products.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}
/** What `stage0 init` of this version makes. */
const made = new Map(
  planFiles(
    {
      name: 'mentorhub',
      database: 'mentor_hub',
      project: PROJECT,
      sample: false,
      docker: true,
      compose: true,
      workflow: true,
    },
    version,
  ).map(({ path, text }) => [path, text]),
)
const merged = filesIn(MENTORHUB.product)

interface Composition {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
const servicesOf = (files: ReadonlyMap<string, string>) =>
  (load(files.get('compose.yaml') ?? '', { schema: CORE_SCHEMA.withTags(mergeTag) }) as Composition).services

describe('a repository that was merged', () => {
  it.each([
    ...['.editorconfig', '.gitignore', '.vscode/extensions.json', '.vscode/settings.json'],
    ...['.github/workflows/stage0.yml', 'Dockerfile', 'api_config/BUILT_AT', 'api_config/MONGO_DB_NAME'],
  ])('has the %s that init writes', (path) => {
    expect(merged.get(path)).toBe(made.get(path))
    expect(merged.get(path)).toMatch(/\S/)
  })

  it('leaves out of its image what init leaves out, and what a merge notes', () => {
    const linesOf = (files: ReadonlyMap<string, string>) => files.get('.dockerignore')?.split('\n')
    expect(linesOf(merged)?.filter((line) => line !== '.stage0_merge.json')).toEqual(linesOf(made))
    expect(linesOf(merged)).toContain('.stage0_merge.json')
  })

  it('has the database that init composes, and the same limits for what runs beside it', () => {
    const [ours, theirs] = [servicesOf(merged), servicesOf(made)]
    const { profiles, ...database } = ours['mongodb'] ?? {}
    expect(database).toEqual(theirs['mongodb'])
    expect(profiles).toEqual(Object.keys(ours).filter((name) => name !== 'mongodb'))
    const limits = (service: Readonly<Record<string, unknown>> = {}) =>
      ['read_only', 'tmpfs', 'cap_drop', 'security_opt', 'stop_grace_period', 'depends_on'].map((key) => service[key])
    for (const name of profiles as readonly string[]) expect(limits(ours[name]), name).toEqual(limits(theirs['stage0']))
  })
})

describe('what is published of Stage0 is named with the version of these packages', () => {
  const NAMED =
    /(?:ghcr\.io\/[\w.-]+\/[\w.-]*stage0[\w.-]*:[\w.-]+|[\w.-]+\/[\w.-]+\/action@[\w.-]+|@stage0\/[\w-]+@[\w.-]+)/g
  const image = imageOf(PROJECT)
  const ALL = [`${image}:${version}`, `${image}-batch:${version}`, actionOf(PROJECT, version), `${PACKAGE}@${version}`]

  it.each([
    ['the template', TEMPLATE],
    ['mentorhub', MENTORHUB.product],
    ['the sample of the template', SHELF.product],
  ])('in %s', (_what, folder) => {
    const texts = [...filesIn(folder)].filter(([path]) => !path.startsWith('.stage0_template/')).map(([, text]) => text)
    const named = texts.flatMap((text) => text.match(NAMED) ?? [])
    expect([...new Set(named)].sort()).toEqual([...ALL].sort())
    expect(texts.some((text) => text.includes(`put its number wherever these files name ${version},`))).toBe(true)
  })
})
