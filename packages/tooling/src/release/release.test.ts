import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inProject } from '../fresh.ts'
import { inOrder } from './publish.ts'
import { publishedPackages, readManifest } from './published.ts'
import { stamped } from './stamp.ts'

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('a release', () => {
  it('raises all packages to one version, the private ones too, whichever a changeset names', () => {
    const folder = temporary()
    const write = (path: string, content: unknown) => {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))
    }
    write('package.json', { name: 'root', private: true, version: '0.0.0' })
    write('pnpm-workspace.yaml', 'packages: [packages/*]\n')
    write('pnpm-lock.yaml', 'lockfileVersion: "9.0"\n')
    write('packages/a/package.json', {
      name: '@stage0/a',
      version: '0.1.0',
      dependencies: { '@stage0/b': 'workspace:*' },
    })
    write('packages/b/package.json', { name: '@stage0/b', version: '0.1.0' })
    write('packages/c/package.json', { name: '@stage0/c', version: '0.1.0', private: true })
    cpSync(inProject('.changeset/config.json'), join(folder, '.changeset/config.json'), { recursive: true })
    write('.changeset/one.md', "---\n'@stage0/b': minor\n---\n\nWords.\n")
    spawnSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder })
    const command = [inProject('node_modules/@changesets/cli/bin.js'), 'version']
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
    expect(status, stdout + stderr).toBe(0)
    const versions = ['a', 'b', 'c'].map((name) => readManifest(join(folder, `packages/${name}/package.json`)).version)
    expect(versions).toEqual(['0.2.0', '0.2.0', '0.2.0'])
  })

  it('stamps a package with the repository that it comes from, and leaves the rest of it alone', () => {
    const text = '{"name":"@stage0/core","version":"1.0.0","files":["dist"]}'
    expect(JSON.parse(stamped(text, 'https://code-host.test/owner/name', 'packages/core'))).toEqual({
      ...(JSON.parse(text) as object),
      repository: { type: 'git', url: 'git+https://code-host.test/owner/name.git', directory: 'packages/core' },
    })
  })

  it('publishes each package after those that it needs', () => {
    const names = inOrder(publishedPackages()).map(({ manifest }) => manifest.name)
    expect(new Set(names).size).toBe(publishedPackages().length)
    for (const { manifest } of publishedPackages())
      for (const need of Object.keys(manifest.dependencies ?? {}).filter((name) => names.includes(name)))
        expect(names.indexOf(need), `${need} before ${manifest.name}`).toBeLessThan(names.indexOf(manifest.name))
  })

  it('is published by files that need nothing installed and nothing built', () => {
    const seen = new Set<string>()
    const follow = (path: string): void => {
      if (seen.has(path)) return
      seen.add(path)
      const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export) [^'"]*from ['"]([^'"]+)['"]/gm)
      for (const [, from = ''] of imports) {
        expect(from, path).toMatch(/^node:|^\.\.?\/.*\.ts$/)
        if (from.startsWith('.')) follow(join(path, '..', from))
      }
    }
    follow(inProject('packages/tooling/src/release/main.ts'))
    expect([...seen].map((path) => path.split('/').at(-1))).toContain('publish.ts')
  })
})
