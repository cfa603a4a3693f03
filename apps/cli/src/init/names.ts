import { basename } from 'node:path'
import { err, EXIT, ok, type Result } from '@stage0/types'
import { parseValue, SETTINGS } from '@stage0/workspace'
import type { Failure } from '../failure.ts'
import { visible } from '../terminal/visible.ts'
import { isProject } from './published.ts'

const LONGEST_NAME = 40
/** What names an image and a project of compose alike. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
/** Nothing to see, or nothing that stays when a file of settings is read: control characters, marks, blanks. */
const INVISIBLE = /[\p{C}\p{Z}]/u
/** Those that the server keeps for itself. */
const RESERVED = new Set(['admin', 'config', 'local'])
/** Without a letter in the name of the folder. */
const FALLBACK = 'configuration'

const invalid = (message: string): Result<never, Failure> =>
  err({ code: 'INIT_NAME_INVALID', message, exit: EXIT.usage })

/** Takes a text as the name of the repository. Fails with `INIT_NAME_INVALID`. */
export function parseName(text: string): Result<string, Failure> {
  if (NAME.test(text) && text.length <= LONGEST_NAME) return ok(text)
  return invalid(
    `"${visible(text)}" cannot be the name of a repository: that is lower-case letters, digits and single hyphens, begins with a letter, and has at most ${LONGEST_NAME} characters.`,
  )
}

/** Takes a text as the name of a database: what the setting MONGO_DB_NAME takes, and what can be seen. Fails with `INIT_NAME_INVALID`. */
export function parseDatabase(text: string): Result<string, Failure> {
  const isOne = parseValue(SETTINGS.MONGO_DB_NAME, text).ok && text !== ''
  if (isOne && !INVISIBLE.test(text) && !RESERVED.has(text.toLowerCase())) return ok(text)
  return invalid(
    `"${visible(text)}" cannot be the name of the database: that has at most 63 bytes, none of / \\ . " $ * < > : | ? or blank, and is not admin, config or local.`,
  )
}

/** Takes a text as owner and repository of the code host. Fails with `INIT_NAME_INVALID`. */
export function parseProject(text: string): Result<string, Failure> {
  if (isProject(text)) return ok(text)
  return invalid(`"${visible(text)}" is not a place of Stage0: that is owner/repository, in lower case.`)
}

/** A name after the folder, whatever that is called. */
export function nameAfter(folder: string): string {
  const words = basename(folder)
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const name = words.join('-').replace(/^[0-9-]+/, '')
  return name.slice(0, LONGEST_NAME).replace(/-$/, '') || FALLBACK
}

/** A database after the repository, with the underscores that names of databases have; one that the server keeps gets an ending. */
export const databaseAfter = (name: string): string => (RESERVED.has(name) ? `${name}_data` : name.replaceAll('-', '_'))
