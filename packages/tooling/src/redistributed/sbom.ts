import { readFileSync } from 'node:fs'
import { inProject } from '../fresh.ts'
import type { BundledPackage } from './bundled-packages.ts'
import { ALLOWED_LICENCES } from './licence.ts'

export interface Product {
  readonly name: string
  readonly version: string
}

/**
 * The list of what a product contains, for programs: CycloneDX 1.6 in JSON. It has neither a time nor a serial number:
 * the same packages give the same text.
 */
export function sbomOf(product: Product, packages: readonly BundledPackage[]): string {
  const root = purlOf(product)
  const components = packages.map(componentOf)
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: { type: 'application', 'bom-ref': root, ...naming(product), purl: root },
    },
    components,
    // Which of them needs which is not told: all stand in the same files.
    dependencies: [{ ref: root, dependsOn: components.map((one) => one['bom-ref']) }],
  }
  return `${JSON.stringify(bom, undefined, 2)}\n`
}

function componentOf(one: BundledPackage) {
  const purl = purlOf(one)
  const licences = one.licence === undefined ? {} : { licenses: [licenceOf(one.licence)] }
  return { type: 'library', 'bom-ref': purl, ...naming(one), ...licences, purl, ...pedigreeOf(one) }
}

function licenceOf(licence: string) {
  if (/ (?:OR|AND|WITH) /.test(licence)) return { expression: licence }
  return { license: ALLOWED_LICENCES.has(licence) ? { id: licence } : { name: licence } }
}

/** What was published, and how this copy differs: who looks for known defects must know both. */
function pedigreeOf(one: BundledPackage) {
  if (one.patch === undefined) return {}
  const ancestor = { type: 'library', ...naming(one), purl: purlOf(one) }
  const content = readFileSync(inProject(one.patch), 'utf8')
  const patch = { type: 'unofficial', diff: { text: { contentType: 'text/x-diff', content } } }
  return { pedigree: { ancestors: [ancestor], patches: [patch], notes: `Changed by ${one.patch} of this project.` } }
}

function naming({ name, version }: Product) {
  const [group, rest] = name.startsWith('@') ? name.split('/') : []
  return { ...(group === undefined ? {} : { group }), name: rest ?? name, version }
}

/** As https://github.com/package-url/purl-spec says for npm: the `@` of a scope is written as `%40`. */
const purlOf = ({ name, version }: Product): string =>
  `pkg:npm/${name.replace(/^@/, '%40')}@${encodeURIComponent(version)}`
