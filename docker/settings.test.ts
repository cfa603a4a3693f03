import { readFileSync } from 'node:fs'
import { SETTINGS } from '@stage0/workspace'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'

const textOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

interface Service {
  readonly image: string
  readonly ports?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly build?: unknown
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}
const { services } = load(textOf('compose.yaml')) as { readonly services: Readonly<Record<string, Service>> }
const dockerfile = textOf('Dockerfile')
/** The stage that becomes the image: what comes after the last FROM. */
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

/** Names that `ENV` sets in the image. */
function environmentOf(text: string): readonly string[] {
  const joined = text.replaceAll('\\\n', ' ')
  const lines = joined.split('\n').filter((line) => line.startsWith('ENV '))
  return lines.flatMap((line) => [...line.matchAll(/\b([A-Z][A-Z0-9_]*)=/g)].map(([, name = '']) => name))
}

describe('the container', () => {
  const isSetting = (name: string) => Object.hasOwn(SETTINGS, name)

  it('is set up with settings that there are', () => {
    const names = environmentOf(image).filter((name) => name !== 'NODE_ENV')
    expect(names).toContain('API_PORT')
    expect(names.filter((name) => !isSetting(name))).toEqual([])
  })

  it('does not run as root and is looked after', () => {
    expect(image).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
    expect(image).toMatch(/^HEALTHCHECK /m)
    expect(image).toMatch(/^ENTRYPOINT \["node"/m)
  })
})

describe('the local stack', () => {
  const all = Object.entries(services)

  it('has the database and the service', () => {
    expect(Object.keys(services).sort()).toEqual(['mongodb', 'stage0'])
  })

  it('sets only settings that there are, to values that they take', () => {
    const environment = services['stage0']?.environment ?? {}
    expect(Object.keys(environment)).toContain('MONGO_CONNECTION_STRING')
    for (const [name, value] of Object.entries(environment)) {
      const kind = (SETTINGS as Readonly<Record<string, { readonly kind: string }>>)[name]?.kind
      expect(kind, name).toBeDefined()
      expect(typeof value, `${name} is text, as an environment is`).toBe('string')
      if (kind === 'boolean') expect(['true', 'false'], name).toContain(value)
      if (kind === 'integer') expect(value, name).toMatch(/^\d+$/)
    }
  })

  it.each(all)('publishes ports of %s on this machine only', (_name, { ports = [] }) => {
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('publishes the port that the image listens on', () => {
    const port = /API_PORT=(\d+)/.exec(image)?.[1]
    expect(services['stage0']?.ports).toEqual([`127.0.0.1:${port ?? '?'}:${port ?? '?'}`])
  })

  it('waits for a database that is healthy, and knows when the service is', () => {
    expect(services['mongodb']?.healthcheck?.test[0]).toBe('CMD')
    expect(services['stage0']?.depends_on).toEqual({ mongodb: { condition: 'service_healthy' } })
    // The service has its check in the image.
    expect(services['stage0']?.build).toBeDefined()
  })
})
