import { readFileSync } from 'node:fs'
import { isLoopback } from '@stage0/workspace'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readSettings } from '../wiring/settings.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { planFiles } from './plan-files.ts'
import { PROJECT } from './published.ts'

interface Composition {
  readonly services: Readonly<
    Record<string, { readonly ports?: readonly string[]; readonly command?: readonly string[] }>
  >
  readonly networks: Readonly<Record<string, { readonly name: string }>>
}

const LINE = /--(?<flag>[a-z]+)(?: (?<value>[^-\s]\S*))?/g
const CHOSEN = { name: 'my-shop', database: 'shop', project: PROJECT, sample: true, workflow: true, docker: true }

/** What the image of the service sets by itself. */
const IMAGE = Object.fromEntries(
  [...readFileSync(new URL('../../../../docker/Dockerfile', import.meta.url), 'utf8').matchAll(/(API_\w+)=([\w.]+)/g)]
    .map(([, name = '', value = '']) => [name, value])
    .filter(([name]) => name !== 'API_BUILT_AT'),
)

/** Flags of a `docker run`, with what the shell makes of their values. */
function runsOf(compose: boolean) {
  const files = new Map(planFiles({ ...CHOSEN, compose }, '1.2.3').map(({ path, text }) => [path, text]))
  const readme = files.get('README.md') ?? ''
  const [, exported = ''] = /^export MONGO_CONNECTION_STRING='(.*)'$/m.exec(readme) ?? []
  const lines = readme
    .replaceAll(/\\\n */g, '')
    .split('\n')
    .filter((line) => line.startsWith('docker run '))
  const runs = lines.map((line) => {
    const [flags = '', verb = ''] = line.split(/ my-shop(?= apply|$)/)
    const given = [...flags.matchAll(LINE)].map(({ groups }) => [groups?.['flag'], groups?.['value'] ?? ''] as const)
    const valuesOf = (flag: string) => given.filter(([name]) => name === flag).map(([, value]) => value)
    const env = valuesOf('env').map((one) => {
      const [name = '', ...rest] = one.split('=')
      const value = rest.join('=') || (name === 'MONGO_CONNECTION_STRING' ? exported : '')
      return [name, value.replaceAll("'", '')] as const
    })
    const network = valuesOf('network')
    return { line, isJob: verb === ' apply --yes', network, publish: valuesOf('publish'), env: Object.fromEntries(env) }
  })
  return { runs, composition: load(files.get('compose.yaml') ?? '{}') as Composition }
}

describe.each([true, false])('the containers of the README of a new repository (compose: %s)', (compose) => {
  const { runs, composition } = runsOf(compose)

  it('are a job and a service', () => {
    expect(runs.map(({ isJob }) => isJob)).toEqual([true, false])
  })

  it.each(runs)('$line: reaches the database from where it runs, with the TLS that is demanded there', (one) => {
    const settings = readSettings(recordingIo({ environment: { ...IMAGE, ...one.env } }), {})
    if (!settings.ok) throw new Error(settings.error[0]?.text)
    const uri = new URL(settings.value.MONGO_CONNECTION_STRING.value)
    if (compose) {
      expect(one.network).toEqual([composition.networks['default']?.name])
      expect(composition.services).toHaveProperty(uri.hostname)
      const set = uri.searchParams.get('replicaSet')
      expect(composition.services[uri.hostname]?.command).toContain(set)
    } else {
      expect(one.network).toEqual(['host'])
      expect(isLoopback(uri.hostname)).toBe(true)
    }
    expect(isLoopback(uri.hostname) || !settings.value.MONGODB_REQUIRE_TLS.value).toBe(true)
  })

  it.each(runs.filter(({ isJob }) => !isJob))('$line: serves to this machine, and to nobody else', (one) => {
    const settings = readSettings(recordingIo({ environment: { ...IMAGE, ...one.env } }), {})
    if (!settings.ok) throw new Error(settings.error[0]?.text)
    const { API_HOST, API_PORT, AUTH_NONE_ANYWHERE } = settings.value
    if (!compose) expect([isLoopback(API_HOST.value), one.publish]).toEqual([true, []])
    else {
      expect(AUTH_NONE_ANYWHERE.value).toBe(true)
      const [, port] = /^127\.0\.0\.1:(\d+):(\d+)$/.exec(one.publish[0] ?? '') ?? []
      expect(one.publish).toEqual([`127.0.0.1:${port}:${API_PORT.value}`])
      // Beside the console of the composition, which stays.
      const taken = Object.values(composition.services).flatMap(({ ports = [] }) => ports)
      expect(taken.filter((each) => each.includes(`:${port}:`))).toEqual([])
    }
  })
})
