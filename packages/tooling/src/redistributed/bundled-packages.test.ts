import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProject } from '../fresh.ts'
import { bundledPackages } from './bundled-packages.ts'

const installed = (path: string): string => realpathSync(inProject(path))
const DRIVER = installed('packages/mongo/node_modules/mongodb')
const EXPLORER = installed('apps/api/node_modules/@fastify/swagger-ui')
const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string
    readonly devDependencies: Readonly<Record<string, string>>
  }

const namesOf = (...modules: string[]): string[] =>
  bundledPackages(modules).map(({ name, version }) => `${name}@${version}`)

describe('the packages in a bundle', () => {
  it('are those of the modules, once each and sorted, without our own', () => {
    const own = inProject('packages/core/src/index.ts')
    const modules = [join(DRIVER, 'lib/index.js'), own, join(DRIVER, 'lib/sdam/server.js')]
    expect(namesOf(...modules)).toEqual([`mongodb@${manifest(DRIVER).version}`])
    expect(bundledPackages(modules)).toEqual(bundledPackages(modules.toReversed()))
  })

  it('say where we changed one', () => {
    const [driver] = bundledPackages([join(DRIVER, 'lib/index.js')])
    expect(driver).toMatchObject({ licence: 'Apache-2.0', patch: `patches/mongodb@${driver?.version}.patch` })
    expect(driver?.texts.map(({ text }) => text).join()).toContain('Apache License')
  })

  it('are found for a module with a query, and for code that tools write', () => {
    expect(namesOf('\0rolldown/runtime.js', '\0plugin-vue:export-helper', '\0vite/preload-helper.js')).toEqual([
      expect.stringMatching(/^@vitejs\/plugin-vue@\d/),
      expect.stringMatching(/^rolldown@\d/),
      expect.stringMatching(/^vite@\d/),
    ])
    expect(namesOf(`${DRIVER}/lib/index.js?commonjs-module`)).toHaveLength(1)
  })

  it('include what a package carries a copy of, in the version that it carries', () => {
    const carried = manifest(EXPLORER).devDependencies['swagger-ui-dist']
    expect(carried).toMatch(/^\d+\.\d+\.\d+$/)
    const packages = bundledPackages([join(EXPLORER, 'index.js')])
    expect(packages.map(({ name }) => name)).toEqual(['@fastify/swagger-ui', 'swagger-ui-dist'])
    expect(packages[1]).toMatchObject({ version: carried, licence: 'Apache-2.0' })
    expect(packages[1]?.texts.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt']),
    )
  })

  it('show a module of unknown origin as what nobody licensed', () => {
    expect(bundledPackages(['\0unheard-of/helper.js'])).toEqual([
      { name: 'unheard-of/helper.js', version: '', licence: undefined, texts: [] },
    ])
  })
})
