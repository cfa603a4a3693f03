import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What is made, not written. */
const MADE = new Set(['node_modules', 'dist', '.turbo', 'results'])
/** Where files are that name settings: how we deliver, and what we say about it. */
const PLACES = ['docker', '.github', 'action', 'docs', 'packages/templates']

export interface ProjectFile {
  /** As seen from the root of the project. */
  readonly path: string
  readonly text: string
}

/** Every file of those places whose path matches, and those at the root. */
export function projectFiles(pattern: RegExp): readonly ProjectFile[] {
  const atRoot = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = [...atRoot.map(({ name }) => name), ...PLACES.flatMap((place) => [...pathsIn(join(ROOT, place))])]
  return paths.filter((path) => pattern.test(path)).map((path) => ({ path, text: textOf(path) }))
}

/** The text of a file, by its path from the root of the project. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** A YAML file of a tool that knows merge keys, as Compose does. */
export const yamlOf = (text: string): unknown => load(text, { schema: CORE_SCHEMA.withTags(mergeTag) })

function* pathsIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (MADE.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* pathsIn(path)
    else yield relative(ROOT, path).replaceAll('\\', '/')
  }
}
