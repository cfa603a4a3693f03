import { existsSync, lstatSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { templateFolder } from './sample.ts'

/** What a person means by a template. */
export interface NamedTemplate {
  /** Absolute. */
  readonly folder: string
  /** It came with the command: it is read, and never becomes the product itself. */
  readonly isBuiltIn: boolean
}

/** Folders that come with the command have names like this; it cannot lead anywhere else. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/**
 * A template by its folder, or by its name where it came with the command and nothing of that name is here.
 *
 * @param given  A folder or a name; whether there is such a folder is for its reader to say.
 * @param folder Where the person stands, absolute.
 */
export function namedTemplate(given: string, folder: string): NamedTemplate {
  const here = { folder: resolve(folder, given), isBuiltIn: false }
  if (!NAME.test(given) || lstatSync(here.folder, { throwIfNoEntry: false }) !== undefined) return here
  const builtIn = templateFolder(given)
  return existsSync(join(builtIn, '.stage0_template')) ? { folder: builtIn, isBuiltIn: true } : here
}
