import { existsSync, readFileSync } from 'node:fs'
import { inProject } from '../fresh.ts'
import { licenceOf, licenceTexts, type LicenceText } from './licence.ts'

/** A package of others, parts of which stand in what we hand out. */
export interface BundledPackage {
  readonly name: string
  /** Empty where the module is of no package that we know. */
  readonly version: string
  /** An SPDX expression, as the package says it. */
  readonly licence: string | undefined
  /** The licence and the notices that come with it. */
  readonly texts: readonly LicenceText[]
  /** Where we changed it: the file of the project that says how. */
  readonly patch?: string
}

/** Up to the folder of the package that a module is in, the innermost. */
const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/

/** Code that a tool writes into the bundle: its modules have no file. */
const WRITTEN_BY_TOOLS = [
  ['rolldown/', 'packages/tooling/node_modules/rolldown'],
  ['vite/', 'packages/tooling/node_modules/vite'],
  ['plugin-vue:', 'apps/spa/node_modules/@vitejs/plugin-vue'],
] as const

/** What a package carries a copy of, without its licence: installed here for the texts, in the same version. */
const CARRIED = new Map([['@fastify/swagger-ui', 'packages/tooling/node_modules/swagger-ui-dist']])

/**
 * The packages of others that modules are of, sorted by name and version. A module of unknown origin stands for itself,
 * without a licence, so that it is seen.
 *
 * @param modules What a bundler calls them: absolute paths, perhaps with a query; a zero byte before the virtual ones.
 * @throws Error where a package cannot be read.
 */
export function bundledPackages(modules: Iterable<string>): readonly BundledPackage[] {
  const found = new Map<string, BundledPackage>()
  const add = (one: BundledPackage): void => void found.set(`${one.name}@${one.version}`, one)
  const folders = new Set<string>()
  for (const id of modules) {
    const module = id.replace(/^\0/, '')
    const folder = folderOf(module)
    if (folder !== undefined) folders.add(folder)
    else if (!module.startsWith(inProject('.'))) add({ name: module, version: '', licence: undefined, texts: [] })
  }
  for (const folder of folders) {
    const one = readPackage(folder)
    add(one)
    const carried = CARRIED.get(one.name)
    if (carried !== undefined) add(readPackage(inProject(carried)))
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

/** Where the package of a module is; nothing where the module is our own, or of unknown origin. */
function folderOf(module: string): string | undefined {
  const tool = WRITTEN_BY_TOOLS.find(([prefix]) => module.startsWith(prefix))
  return tool === undefined ? PACKAGE_FOLDER.exec(module)?.[0] : inProject(tool[1])
}

function readPackage(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly author?: unknown
    readonly license?: unknown
    readonly licenses?: unknown
  }
  const { name, version } = manifest
  const licence = licenceOf(manifest)
  const patch = `patches/${name.replace('/', '__')}@${version}.patch`
  const texts = licenceTexts(folder, licence, manifest.author)
  return { name, version, licence, texts, ...(existsSync(inProject(patch)) ? { patch } : {}) }
}
