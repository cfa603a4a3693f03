import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { OutputBundle, Plugin } from 'rolldown'
import { inProject } from '../fresh.ts'
import { bundledPackages } from './bundled-packages.ts'
import { noticesOf } from './notices.ts'
import { sbomOf, type Product } from './sbom.ts'

/** Beside what is built: what it contains of others, for people and for programs. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt'
export const SBOM = 'sbom.cdx.json'

/**
 * Plugins that list what a bundle contains of others: from the modules that are in it, since what is installed is more,
 * and what a manifest names is less.
 *
 * @param folder Of the package that is built, for example `apps/cli`.
 * @returns `lists` writes both lists beside the bundle; `counted` is for a bundle of its own that comes along (a worker).
 */
export function listsOf(folder: string): { readonly lists: Plugin; readonly counted: Plugin } {
  const modules = new Set<string>()
  const count = (bundle: OutputBundle): void => {
    for (const file of Object.values(bundle)) {
      // A file that is copied whole (a font) is named as seen from the package.
      const whole = file.type === 'asset' ? file.originalFileNames : []
      const ids = file.type === 'chunk' ? file.moduleIds : whole.map((name) => resolve(inProject(folder), name))
      for (const id of ids) modules.add(id)
    }
  }
  return {
    counted: { name: 'counted-modules', generateBundle: (_options, bundle) => count(bundle) },
    lists: {
      name: 'lists-of-others',
      generateBundle(_options, bundle) {
        count(bundle)
        const product = JSON.parse(readFileSync(inProject(`${folder}/package.json`), 'utf8')) as Product
        const packages = bundledPackages(modules)
        this.emitFile({ type: 'asset', fileName: NOTICES, source: noticesOf(product.name, packages) })
        this.emitFile({ type: 'asset', fileName: SBOM, source: sbomOf(product, packages) })
      },
    },
  }
}
