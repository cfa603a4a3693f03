import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inProject } from '../fresh.ts'
import type { BundledPackage } from './bundled-packages.ts'
import { sbomOf } from './sbom.ts'
import { problemsOfBom } from './testing/cyclonedx.ts'

const PRODUCT = { name: '@stage0/cli', version: '1.2.3-next.1' }
const one = (more: Partial<BundledPackage>): BundledPackage => ({
  ...{ name: 'left', version: '1.0.0', licence: 'MIT', texts: [] },
  ...more,
})
const bomOf = (...packages: BundledPackage[]) =>
  JSON.parse(sbomOf(PRODUCT, packages)) as { readonly components: readonly object[] }

describe('the list for programs', () => {
  it('is refused by the schema where it is none', () => {
    expect(problemsOfBom({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'left' }] })).not.toEqual(
      [],
    )
    expect(problemsOfBom(bomOf({ ...one({}), version: 1 as unknown as string }))).not.toEqual([])
  })

  it('is valid for every name, version and licence', () => {
    const text = fc.string({ minLength: 1 })
    const licence = fc.option(fc.oneof(text, fc.constantFrom('MIT', 'MIT OR ISC', 'OFL-1.1')), { nil: undefined })
    const name = fc.oneof(fc.stringMatching(/^[a-z-]+$/), fc.stringMatching(/^@[a-z]+\/[a-z.]+$/))
    const packages = fc.uniqueArray(fc.record({ name, version: text, licence, texts: fc.constant([]) }), {
      selector: (each) => `${each.name}@${each.version}`,
      maxLength: 4,
    })
    fc.assert(
      fc.property(packages, (all) => {
        expect(problemsOfBom(bomOf(...all))).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['the identifier of a known licence', 'ISC', [{ license: { id: 'ISC' } }]],
    ['an expression', '(MIT OR CC0-1.0)', [{ expression: '(MIT OR CC0-1.0)' }]],
    ['the name of an unknown licence', 'Beerware-ish', [{ license: { name: 'Beerware-ish' } }]],
    ['no licence', undefined, undefined],
  ])('says %s', (_name, licence, licenses) => {
    const bom = bomOf(one({ licence }))
    expect(bom.components[0]).toEqual(expect.objectContaining(licenses === undefined ? {} : { licenses }))
    expect('licenses' in (bom.components[0] ?? {})).toBe(licenses !== undefined)
    expect(problemsOfBom(bom)).toEqual([])
  })

  it('names packages as scanners do, in scopes too, and what all of it belongs to', () => {
    const bom = bomOf(one({ name: '@fastify/sse', version: '0.6.0+a' }))
    const purl = 'pkg:npm/%40fastify/sse@0.6.0%2Ba'
    expect(bom.components).toMatchObject([{ 'bom-ref': purl, group: '@fastify', name: 'sse', purl }])
    const root = 'pkg:npm/%40stage0/cli@1.2.3-next.1'
    expect(bom).toMatchObject({
      metadata: { component: { purl: root } },
      dependencies: [{ ref: root, dependsOn: [purl] }],
    })
  })

  it('shows how a package was changed', () => {
    const patch = 'patches/mongodb@7.8.0.patch'
    const bom = bomOf(one({ name: 'mongodb', version: '7.8.0', patch }))
    const content = readFileSync(inProject(patch), 'utf8')
    const pedigree = { patches: [{ diff: { text: { content } } }], ancestors: [{ purl: 'pkg:npm/mongodb@7.8.0' }] }
    expect(bom.components).toMatchObject([{ pedigree }])
    expect(problemsOfBom(bom)).toEqual([])
  })
})
