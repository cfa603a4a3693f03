import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { integrityOf, publishAll, tarballOf } from './publish.ts'
import type { Package } from './published.ts'
import { sha512, startRegistry, type Registry } from './testing/registry.ts'

const root = mkdtempSync(join(tmpdir(), 'stage0-publish-'))
const folder = join(root, 'tarballs')
const PACKAGES: readonly Package[] = [
  { folder: 'b', manifest: { name: '@stage0/b', version: '1.2.3', dependencies: { '@stage0/a': '1.2.3' } } },
  { folder: 'a', manifest: { name: '@stage0/a', version: '1.2.3' } },
]
const BOTH = ['@stage0/a@1.2.3', '@stage0/b@1.2.3']

/** Packs a package as it would be released, or with other contents under its name. */
function pack({ folder: name, manifest }: Package, contents: string): void {
  mkdirSync(join(root, name), { recursive: true })
  const publishConfig = { access: 'public' }
  writeFileSync(join(root, name, 'package.json'), JSON.stringify({ ...manifest, publishConfig }))
  writeFileSync(join(root, name, 'index.js'), contents)
  const args = ['pack', '--silent', '--pack-destination', folder, join(root, name)]
  expect(spawnSync('npm', args, { encoding: 'utf8', cwd: root, env: quiet() })).toMatchObject({ status: 0 })
}

let registry: Registry
const quiet = (): NodeJS.ProcessEnv => ({
  ...{ PATH: process.env['PATH'], HOME: root, npm_config_cache: join(root, 'cache') },
  ...{ npm_config_update_notifier: 'false', npm_config_fetch_retries: '0' },
})
const said: string[] = []
const publish = (distTag = 'latest'): Promise<void> =>
  publishAll({
    ...{ folder, packages: PACKAGES, distTag, tell: (line: string) => said.push(line) },
    environment: { ...quiet(), npm_config_registry: registry.address },
  })
const puts = () => registry.asked.filter((line) => line.startsWith('PUT'))

beforeAll(async () => {
  mkdirSync(folder)
  for (const one of PACKAGES) pack(one, 'export const one = 1\n')
  registry = await startRegistry()
  writeFileSync(join(root, '.npmrc'), `${registry.address.replace('http:', '')}:_authToken=secret\n`)
}, 60_000)
afterAll(async () => {
  await registry.close()
  rmSync(root, { recursive: true })
})
beforeEach(() => {
  // What npm keeps it also answers with where the registry does not.
  rmSync(join(root, 'cache'), { recursive: true, force: true })
  registry.packages.clear()
  registry.asked.length = 0
  registry.fault = () => false
  said.length = 0
})

describe('what is published', () => {
  it('is what the registry does not have, needs first, and then it has those bytes; once more there is nothing to do', async () => {
    await publish('earlier')
    expect(puts()).toEqual(['PUT @stage0/a', 'PUT @stage0/b'])
    for (const one of PACKAGES) {
      const there = registry.packages.get(one.manifest.name)
      const integrity = sha512(readFileSync(join(folder, tarballOf(one))))
      expect(there?.versions['1.2.3']).toMatchObject({ dist: { integrity } })
      expect(integrityOf(join(folder, tarballOf(one)))).toBe(integrity)
      expect(there?.['dist-tags']).toEqual({ earlier: '1.2.3' })
    }
    await publish()
    expect(puts()).toHaveLength(2)
    expect(said).toEqual([
      ...BOTH.map((spec) => `${spec} is published`),
      ...BOTH.map((spec) => `${spec} is there, and is the same`),
    ])
  }, 60_000)

  it.each([
    ['is refused', 'before', 503],
    ['is taken, and the answer is lost', 'after', 0],
  ] as const)(
    'where one %s, is completed by running it again',
    async (_what, at, status) => {
      registry.fault = (request, response, when) => {
        if (request !== 'PUT @stage0/b' || when !== at) return false
        if (status === 0) response.destroy()
        else response.writeHead(status).end('{}')
        return true
      }
      await expect(publish()).rejects.toThrow('npm refuses @stage0/b@1.2.3')
      registry.fault = () => false
      await publish()
      expect(said.filter((line) => line.startsWith('@stage0/a'))).toEqual([
        '@stage0/a@1.2.3 is published',
        '@stage0/a@1.2.3 is there, and is the same',
      ])
      expect(said.at(-1)).toBe(`@stage0/b@1.2.3 ${at === 'after' ? 'is there, and is the same' : 'is published'}`)
      expect([...registry.packages.keys()].sort()).toEqual(['@stage0/a', '@stage0/b'])
    },
    60_000,
  )

  it('is nothing at all where the registry has other contents under the same name and version', async () => {
    const ours = new Map(PACKAGES.map((one) => [one, readFileSync(join(folder, tarballOf(one)))]))
    const [b] = PACKAGES as [Package]
    pack(b, 'export const one = 2\n')
    const theirs = integrityOf(join(folder, tarballOf(b)))
    registry.packages.set('@stage0/b', {
      ...{ name: '@stage0/b', 'dist-tags': { latest: '1.2.3' } },
      versions: { '1.2.3': { name: '@stage0/b', version: '1.2.3', dist: { integrity: theirs } } },
    })
    for (const [one, bytes] of ours) writeFileSync(join(folder, tarballOf(one)), bytes)
    const failed = await publish().catch((error: unknown) => String(error))
    expect(failed).toContain('other contents under the same name and version, so that nothing was published')
    expect(failed).toContain(`@stage0/b@1.2.3 is ${theirs} there and ${integrityOf(join(folder, tarballOf(b)))} here`)
    expect(failed).toMatch(/Run only the failed jobs .* raise the version/)
    expect([puts(), said]).toEqual([[], []])
  }, 60_000)

  it('is the rest where the registry has another version of a package', async () => {
    const dist = { integrity: 'sha512-x' }
    registry.packages.set('@stage0/a', {
      ...{ name: '@stage0/a', 'dist-tags': { latest: '1.2.2' } },
      versions: { '1.2.2': { name: '@stage0/a', version: '1.2.2', dist } },
    })
    await publish()
    expect(said).toEqual(BOTH.map((spec) => `${spec} is published`))
  }, 60_000)

  it('is not called latest where the registry has a newer one by then, and is told where that came too late', async () => {
    const newer = (name: string, latest: string) => {
      const version = { name, version: '1.10.0', dist: { integrity: 'sha512-x' } }
      const versions = { ...registry.packages.get(name)?.versions, '1.10.0': version }
      registry.packages.set(name, { name, 'dist-tags': { latest }, versions })
    }
    newer('@stage0/a', '1.10.0')
    await publish()
    expect(registry.packages.get('@stage0/a')?.['dist-tags']).toEqual({ latest: '1.10.0', earlier: '1.2.3' })
    expect(registry.packages.get('@stage0/b')?.['dist-tags']).toEqual({ latest: '1.2.3' })
    newer('@stage0/b', '1.2.3')
    await expect(publish()).rejects.toThrow('npm dist-tag add @stage0/b@1.10.0 latest')
  }, 60_000)

  it.each([
    ['does not answer', 0, ''],
    ['answers with an error', 503, '{"error":"later"}'],
    ['does not say what it has', 200, JSON.stringify({ versions: { '1.2.3': { version: '1.2.3', dist: {} } } })],
  ])(
    'is nothing where the registry %s: what is not known is not missing',
    async (_what, status, body) => {
      registry.fault = (request, response) => {
        if (request !== 'GET @stage0/b') return false
        if (status === 0) response.destroy()
        else response.writeHead(status, { 'content-type': 'application/json' }).end(body)
        return true
      }
      await expect(publish()).rejects.toThrow('Whether the registry has @stage0/b@1.2.3 is not known')
      expect(puts()).toEqual([])
    },
    60_000,
  )

  it('is nothing where a tarball is missing', async () => {
    rmSync(join(folder, tarballOf(PACKAGES[0]!)))
    await expect(publish()).rejects.toThrow('pack first')
    expect(registry.asked).toEqual([])
  })
})
