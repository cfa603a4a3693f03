import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { SpecificationFile } from '@stage0/merge'
import type { Problem } from '@stage0/types'

/** The files of a folder of specifications, and what of it could not be read. */
export interface SpecificationFolder {
  readonly files: readonly SpecificationFile[]
  readonly problems: readonly Problem[]
}

/** Folders that a merge does not read either. */
const IGNORED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/** What the check looks into; other files may lie beside them, and need not be readable. */
const LOOKED_INTO = /\.ya?ml$|^schemas\/[^/]+\.json$/i

/**
 * Reads the documents and schemas of a folder and of all below it. A link counts as what it leads to, if that is in the folder: a merge
 * reads nothing outside of it either.
 */
export async function readSpecificationFolder(folder: string): Promise<SpecificationFolder> {
  const read: Reading = { root: folder, files: [], problems: [] }
  try {
    const root = await realpath(folder)
    await readBelow({ ...read, root }, '', [root])
  } catch (error) {
    read.problems.push(unusable('', `The folder cannot be read: ${reasonOf(error)}.`))
  }
  return read
}

interface Reading {
  readonly root: string
  readonly files: SpecificationFile[]
  readonly problems: Problem[]
}

/** @param above The folder itself and those that it is in, as they really are: none is entered again. */
async function readBelow(read: Reading, path: string, above: readonly string[]): Promise<void> {
  const names = (await readdir(join(read.root, path))).filter((name) => !IGNORED.has(name))
  for (const name of names.sort()) {
    const entry = path === '' ? name : `${path}/${name}`
    try {
      await readEntry(read, entry, above)
    } catch (error) {
      const text = `${entry} cannot be read: ${reasonOf(error)}.`
      // Of what is not there it is not known whether it is a folder.
      if (LOOKED_INTO.test(entry) || !isMissing(error)) read.problems.push(unusable(entry, text))
    }
  }
}

async function readEntry(read: Reading, path: string, above: readonly string[]): Promise<void> {
  const target = await realpath(join(read.root, path))
  const found = await stat(target)
  const isFolder = found.isDirectory()
  if (!isFolder && !LOOKED_INTO.test(path)) return
  if (above.includes(target)) read.problems.push(unusable(path, `${path} leads to a folder that it is in.`))
  else if (!target.startsWith(`${read.root}${sep}`))
    read.problems.push(unusable(path, `${path} leads out of the folder.`))
  else if (isFolder) await readBelow(read, path, [...above, target])
  // A pipe would be waited for until somebody writes into it, and a device may never end.
  else if (!found.isFile()) read.problems.push(unusable(path, `${path} is neither a file nor a folder.`))
  else await readText(read, path, target)
}

async function readText(read: Reading, path: string, target: string): Promise<void> {
  const bytes = await readFile(target)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    read.files.push({ path, text })
  } catch {
    // The bytes are no UTF-8: the decoder says no more than that.
    read.problems.push({
      code: 'SPECIFICATION_NOT_PARSABLE',
      severity: 'error',
      file: path,
      text: 'The file is not UTF-8.',
    })
  }
}

/** What the system says, without the paths of the machine; what is no error of the system is a defect and is thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const unusable = (path: string, text: string): Problem => ({
  code: 'SPECIFICATIONS_UNUSABLE',
  severity: 'error',
  ...(path === '' ? {} : { file: path }),
  text,
})
