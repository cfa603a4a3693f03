import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { templateFolder } from '../wiring/sample.ts'

/** A file of a tree, with the path that it has in the new repository. */
export interface TreeFile {
  /** With `/`, relative to the repository. */
  readonly path: string
  readonly text: string
}

/**
 * Reads a tree of the templates. What begins with `dot-` there begins with a dot in the repository: packages are published without
 * files such as `.gitignore`.
 *
 * @param name The folder inside of the templates, for example `init/docker`.
 */
export function readTree(name: string): readonly TreeFile[] {
  const folder = templateFolder(name)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: pathIn(folder, file), text: readFileSync(file, 'utf8') }))
}

const pathIn = (folder: string, file: string): string =>
  relative(folder, file)
    .split(sep)
    .map((part) => part.replace(/^dot-/, '.'))
    .join('/')
