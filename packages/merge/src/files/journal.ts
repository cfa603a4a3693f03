import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TEMPLATE_FOLDER } from '../process/names.ts'
import { isContained } from '../process/output-path.ts'
import { readRegular } from './read-regular.ts'
import { settleFolder } from './settle.ts'

/** What a stage has yet to do in the folder that it is in. The file of a put is `files/<its number>`. */
export interface Journal {
  readonly puts: readonly Affected[]
  readonly removes: readonly Affected[]
  /** That go where nothing is left in them, those in others before these. */
  readonly removesFolders: readonly string[]
}

/** A path, and the digest of what stood there when the merge was planned; without one nothing did. */
export interface Affected {
  readonly path: string
  readonly was?: string
}

const NAME = 'journal.json'
const FORMAT = 3

/** The point of commit: before it nothing in the folder has changed, and from then on everything will. */
export function commit(stage: string, { puts, removes, removesFolders }: Journal): void {
  const descriptor = openSync(join(stage, `${NAME}.new`), 'wx')
  try {
    writeFileSync(descriptor, JSON.stringify({ format: FORMAT, puts, removes, removesFolders }))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(join(stage, `${NAME}.new`), join(stage, NAME))
  settleFolder(stage)
}

export const isCommitted = (stage: string): boolean => existsSync(join(stage, NAME))

/**
 * The journal of a stage that somebody left. Folders come from anywhere, a stage with them: what it says has to be what a merge
 * could have written.
 *
 * @returns `undefined` where it is none.
 */
export function readJournal(stage: string): Journal | undefined {
  const bytes = readRegular(join(stage, NAME))
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== FORMAT) return undefined
  const puts = 'puts' in json ? affectedIn(json.puts, isContained) : undefined
  const removes = 'removes' in json ? affectedIn(json.removes, mayGo) : undefined
  const removesFolders = 'removesFolders' in json ? pathsIn(json.removesFolders) : undefined
  return puts && removes && removesFolders && { puts, removes, removesFolders }
}

/** What is in the folder of the template goes with it, also what git keeps there. */
const mayGo = (path: string): boolean =>
  isContained(path) ||
  (path.startsWith(`${TEMPLATE_FOLDER}/`) &&
    !path.includes('\0') &&
    path.split('/').every((name) => !['', '.', '..'].includes(name)))

function affectedIn(value: unknown, isAllowed: (path: string) => boolean): readonly Affected[] | undefined {
  if (!Array.isArray(value)) return undefined
  const all = value.filter((one): one is Affected => {
    if (typeof one !== 'object' || one === null || !('path' in one) || typeof one.path !== 'string') return false
    return isAllowed(one.path) && (!('was' in one) || typeof one.was === 'string')
  })
  return all.length === value.length ? all : undefined
}

function pathsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const paths = value.filter((path): path is string => typeof path === 'string' && mayGo(path))
  return paths.length === value.length ? paths : undefined
}
