import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProject } from '../fresh.ts'
import { isAllowed } from './licence.ts'
import { NOTICES, SBOM } from './lists.ts'
import { problemsOfBom } from './testing/cyclonedx.ts'

interface Bom {
  readonly components: readonly {
    readonly name: string
    readonly group?: string
    readonly version: string
    readonly licenses?: readonly [{ readonly license?: { readonly id?: string }; readonly expression?: string }]
    readonly pedigree?: object
  }[]
}

const read = (folder: string, name: string): string => readFileSync(inProject(`${folder}/dist/${name}`), 'utf8')
const bomOf = (folder: string): Bom => JSON.parse(read(folder, SBOM)) as Bom
const fullName = ({ group, name }: Bom['components'][number]): string =>
  group === undefined ? name : `${group}/${name}`

/** The packages that the maps beside the code of the command name: those that the last build needs. */
function packagesInMaps(): Set<string> {
  const folder = inProject('apps/cli/dist')
  const former = new Set(read('apps/cli', '.npmignore').split('\n'))
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js.map') && !name.startsWith('types') && !former.has(`/${name}`))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly sources: readonly string[] })
  const names = maps.flatMap(({ sources }) =>
    sources.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]),
  )
  return new Set(names.filter((name) => name !== undefined))
}

describe.each(['apps/cli', 'apps/spa'])('what %s contains of others', (folder) => {
  const isBuilt = existsSync(inProject(`${folder}/dist/${SBOM}`))

  it('is a valid list, each under a licence that may be handed out', (context) => {
    context.skip(!isBuilt, `${folder} is not built: pnpm build`)
    const bom = bomOf(folder)
    expect(problemsOfBom(bom)).toEqual([])
    const licences = bom.components.map((one) => {
      const [said] = one.licenses ?? []
      return { name: fullName(one), isAllowed: isAllowed(said?.license?.id ?? said?.expression) }
    })
    expect(licences.length).toBeGreaterThan(10)
    expect(licences.filter((one) => !one.isAllowed)).toEqual([])
  })

  it('comes with the texts of the licences', (context) => {
    context.skip(!isBuilt, `${folder} is not built: pnpm build`)
    const [, ...notices] = read(folder, NOTICES).split(`\n${'='.repeat(80)}\n`)
    const heads = bomOf(folder).components.map((one) => `${fullName(one)} ${one.version}`)
    expect(notices.map((notice) => notice.split('\n')[0])).toEqual(heads)
    expect(notices.filter((notice) => notice.split('\n').length < 8)).toEqual([])
  })

  it('says nothing of the machine that it was built on', (context) => {
    context.skip(!isBuilt, `${folder} is not built: pnpm build`)
    expect(read(folder, SBOM) + read(folder, NOTICES)).not.toContain(inProject('.'))
  })
})

describe('the list of the command', () => {
  it('has every package whose code is in it, and says that the driver is changed', () => {
    const bom = bomOf('apps/cli')
    const named = new Set(bom.components.map(fullName))
    const contained = packagesInMaps()
    expect(contained.size).toBeGreaterThan(50)
    expect([...contained].filter((name) => !named.has(name))).toEqual([])
    expect([...named].filter((name) => !contained.has(name)).sort()).toEqual(['rolldown', 'swagger-ui-dist'])
    const changed = bom.components.filter((one) => one.pedigree !== undefined)
    expect(changed.map(fullName)).toEqual(['mongodb'])
    expect(read('apps/cli', NOTICES)).toMatch(/^mongodb [\d.]+\nLicence: Apache-2\.0\nChanged: /m)
  })
})

describe('the list of the console', () => {
  it('has its fonts, and what its worker is made of', (context) => {
    context.skip(!existsSync(inProject(`apps/spa/dist/${SBOM}`)), 'apps/spa is not built: pnpm build')
    const names = bomOf('apps/spa').components.map(fullName)
    expect(names).toEqual(expect.arrayContaining(['@fontsource-variable/inter', 'jsonc-parser', 'vuetify', 'vue']))
  })
})
