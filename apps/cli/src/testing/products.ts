import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const inTemplates = (path: string): string =>
  fileURLToPath(new URL(`../../../../packages/templates/${path}`, import.meta.url))

/** The template that makes a configuration repository out of a catalog. */
export const TEMPLATE = inTemplates('mongodb-api')
/** The specifications of a product with thirteen collections, and what the template is to make of them. */
export const MENTORHUB = {
  specifications: inTemplates('mentorhub/specifications'),
  product: inTemplates('mentorhub/mentorhub_mongodb_api'),
}
/** The sample that the template carries, and what is to become of that. */
export const SHELF = {
  specifications: join(TEMPLATE, '.stage0_template/Specifications'),
  product: join(TEMPLATE, '.stage0_template/test_expected'),
}

/** The texts of all files below a folder, dot files too, by their paths with `/`. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')] as const).sort(),
  )
}
