import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import { STAGE_PREFIX } from '../process/names.ts'
import { comparable } from '../process/output-path.ts'
import { byCodePoint, type TemplateTree, type TreeEntry } from '../process/tree.ts'
import { foreign } from './cut-off.ts'
import { digestOfFileWith } from './digest.ts'
import { isCommitted } from './journal.ts'
import { readRegular } from './read-regular.ts'
import { isNameOfStage, isOwn, stagesIn } from './stage.ts'
import { systemCode, systemProblem } from './system.ts'

/** What no merge looks at, wherever it is: what git keeps for itself, and what is made anew on each machine. */
const IGNORED = new Set(['.git', 'node_modules', '.DS_Store', 'Thumbs.db'])
const NOT_UTF8 = '\ufffd'

/** A template on the disk. */
export interface OpenedTemplate extends TemplateTree {
  /** Absolute, links resolved. */
  readonly folder: string
  /** The digest of a file when it was read first; `undefined` where it was not. */
  readonly digestRead: (path: string) => string | undefined
}

/**
 * Looks at all names of a template folder. Contents are read when they are asked for.
 *
 * @param folder Absolute.
 * @returns `TEMPLATE_FOLDER_UNUSABLE`, with a problem for each name that cannot be read.
 */
export function openTemplate(folder: string): Result<OpenedTemplate> {
  let root: string
  try {
    root = realpathSync(folder)
    if (!statSync(root).isDirectory()) return fail(unusable(`The template ${folder} is no folder.`))
  } catch (thrown) {
    return fail(systemProblem('TEMPLATE_FOLDER_UNUSABLE', `The template ${folder} cannot be read`, thrown))
  }
  const walk = new Walk(root)
  walk.into('')
  if (walk.problems.length > 0) return fail(...walk.problems)
  const entries = new Map([...walk.entries].sort(([a], [b]) => byCodePoint(a, b)))
  const digests = new Map<string, string>()
  const read = (path: string): Result<Uint8Array> => {
    const bytes = readFile(root, path)
    const entry = entries.get(path)
    if (bytes.ok && entry?.kind === 'file' && !digests.has(path))
      digests.set(path, digestOfFileWith(bytes.value, entry.isExecutable))
    return bytes
  }
  return ok({ folder: root, entries, read, digestRead: (path) => digests.get(path) })
}

const unusable = (message: string, file?: string): Problem => ({
  code: 'TEMPLATE_FOLDER_UNUSABLE',
  message,
  ...(file === undefined ? {} : { at: { file } }),
})

function cutOff(root: string, name: string): Problem {
  const other = stagesIn(root, 'into').find((stage) => stage.name === name && !isOwn(stage))
  if (other !== undefined) return foreign(other)
  return {
    code: 'MERGE_INTERRUPTED',
    message: `A merge into ${root}, or a take, was cut off, so that it is neither what it was nor what it was to be.`,
    hint: 'The next merge of it in place, without --output and --dry-run, finishes that, or the next `stage0 template take`.',
  }
}

const kept = (name: string): Problem => ({
  ...unusable(`${name} cannot be a part of a product: names that begin so are kept for the merge itself.`, name),
  hint: 'Call it something else.',
})

function readFile(root: string, path: string): Result<Uint8Array> {
  try {
    const bytes = readRegular(join(root, path))
    return bytes === undefined ? fail(unusable(`${path} is no file any more.`, path)) : ok(bytes)
  } catch (thrown) {
    return fail(systemProblem('TEMPLATE_FOLDER_UNUSABLE', `${path} cannot be read`, thrown, path))
  }
}

class Walk {
  readonly entries = new Map<string, TreeEntry>()
  readonly problems: Problem[] = []
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  into(folder: string): void {
    let names: readonly Dirent[]
    try {
      names = readdirSync(join(this.#root, folder), { withFileTypes: true })
    } catch (thrown) {
      const what = `The folder ${folder === '' ? 'of the template' : folder} cannot be read`
      this.problems.push(systemProblem('TEMPLATE_FOLDER_UNUSABLE', what, thrown, folder))
      return
    }
    for (const entry of names) {
      const { name } = entry
      if (IGNORED.has(name)) continue
      if (folder === '' && comparable(name).startsWith(STAGE_PREFIX)) {
        if (!entry.isDirectory() || !isNameOfStage(name)) this.problems.push(kept(name))
        else if (isCommitted(join(this.#root, name))) this.problems.push(cutOff(this.#root, name))
        continue
      }
      const path = folder === '' ? name : `${folder}/${name}`
      if (name.includes(NOT_UTF8)) this.problems.push(unusable(`The name ${path} is not UTF-8.`, path))
      else this.#take(path, entry)
    }
  }

  #take(path: string, entry: Dirent): void {
    try {
      this.entries.set(path, this.#entryOf(path, entry))
    } catch (thrown) {
      this.problems.push(systemProblem('TEMPLATE_FOLDER_UNUSABLE', `${path} cannot be read`, thrown, path))
      return
    }
    if (entry.isDirectory()) this.into(path)
  }

  #entryOf(path: string, entry: Dirent): TreeEntry {
    if (entry.isDirectory()) return { kind: 'folder' }
    if (entry.isSymbolicLink()) {
      const target = readlinkSync(join(this.#root, path))
      return { kind: 'link', target, isOutside: leadsOutside(this.#root, path, target) }
    }
    if (!entry.isFile()) return { kind: 'other' }
    const { mode } = lstatSync(join(this.#root, path))
    return { kind: 'file', isExecutable: (mode & 0o111) !== 0, mode: mode & 0o777 }
  }
}

/** By its text, which another machine reads as well; and by where it leads here, through other links. */
function leadsOutside(root: string, path: string, target: string): boolean {
  const at = join(root, path)
  if (isAbsolute(target) || !isInside(root, resolve(dirname(at), target))) return true
  try {
    return !isInside(root, realpathSync(at))
  } catch (thrown) {
    // It leads nowhere, or in a circle.
    systemCode(thrown)
    return false
  }
}

/** Whether an absolute path is a folder or inside of it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
