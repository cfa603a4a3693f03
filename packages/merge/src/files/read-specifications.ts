import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type MergeCode, type Problem, type Result } from '../problem.ts'
import { byCodePoint, decode } from '../process/tree.ts'
import { Mapping } from '../value.ts'
import { readYaml } from '../values/read-yaml.ts'
import { digestOf, digestOfAll } from './digest.ts'
import { isInside } from './open-template.ts'
import { readRegular } from './read-regular.ts'
import { systemProblem } from './system.ts'

const ENDING = '.yaml'
/** Folders that no specification is in. */
const IGNORED = new Set(['.git', 'node_modules'])

/** A folder of specifications as templates see it. */
export interface Specifications {
  /** Folders and files by their names, without the ending. */
  readonly value: Mapping
  /** Of all files that were read. */
  readonly digest: string
  /** The paths of these files, with `/`, sorted. */
  readonly files: readonly string[]
}

/**
 * Reads a folder of specifications: a folder is a mapping, a file that ends in `.yaml` is what it holds, by its name without the
 * ending. Other files are nothing. Names are in the order of code points, on every machine.
 *
 * @param folder Absolute.
 * @returns `SPECIFICATIONS_UNUSABLE` or `SPECIFICATION_NOT_PARSABLE`, for each file that cannot be read.
 */
export function readSpecifications(folder: string): Result<Specifications> {
  let root: string
  try {
    root = realpathSync(folder)
    if (!statSync(root).isDirectory()) return fail(unusable(`The folder of specifications ${folder} is no folder.`))
  } catch (thrown) {
    return fail(systemProblem(UNUSABLE, `The folder of specifications ${folder} cannot be read`, thrown))
  }
  const reading = new Reading(root)
  const value = reading.folder('', [root])
  if (reading.problems.length > 0) return fail(...reading.problems)
  return ok({ value, digest: digestOfAll(reading.digests), files: [...reading.digests.keys()].sort(byCodePoint) })
}

const UNUSABLE: MergeCode = 'SPECIFICATIONS_UNUSABLE'

const unusable = (message: string, file?: string): Problem => ({
  code: UNUSABLE,
  message,
  ...(file === undefined ? {} : { at: { file } }),
})

class Reading {
  readonly problems: Problem[] = []
  readonly digests = new Map<string, string>()
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** @param around The folder and those around it, links resolved: a link to one of them leads into itself. */
  folder(path: string, around: readonly string[]): Mapping {
    const mapping = new Mapping()
    let names: readonly string[] = []
    try {
      names = readdirSync(join(this.#root, path)).sort(byCodePoint)
    } catch (thrown) {
      this.problems.push(systemProblem(UNUSABLE, `The folder ${path} cannot be read`, thrown, path))
    }
    for (const name of names)
      if (!IGNORED.has(name)) this.#take(mapping, path === '' ? name : `${path}/${name}`, around)
    return mapping
  }

  #take(mapping: Mapping, path: string, around: readonly string[]): void {
    const name = path.slice(path.lastIndexOf('/') + 1)
    try {
      const real = realpathSync(join(this.#root, path))
      const isFolder = statSync(real).isDirectory()
      if (!isFolder && !name.endsWith(ENDING)) return
      if (!isInside(this.#root, real))
        this.problems.push(unusable(`${path} is a symbolic link that leads out of the specifications.`, path))
      else if (around.includes(real))
        this.problems.push(unusable(`${path} is a symbolic link that leads into itself.`, path))
      else if (isFolder) this.#set(mapping, name, path, this.folder(path, [...around, real]))
      else this.#file(mapping, path, name.slice(0, -ENDING.length))
    } catch (thrown) {
      // What is no specification need not be readable.
      const problem = systemProblem(UNUSABLE, `${path} cannot be read`, thrown, path)
      if (name.endsWith(ENDING)) this.problems.push(problem)
    }
  }

  #file(mapping: Mapping, path: string, key: string): void {
    const bytes = readRegular(join(this.#root, path))
    if (bytes === undefined) {
      this.problems.push(unusable(`${path} is neither a file nor a folder.`, path))
      return
    }
    this.digests.set(path, digestOf(bytes))
    const text = decode(bytes)
    if (text === undefined) {
      this.problems.push({ code: 'SPECIFICATION_NOT_PARSABLE', message: `${path} is not UTF-8.`, at: { file: path } })
      return
    }
    const document = readYaml(text, path)
    if (document.ok) this.#set(mapping, key, path, document.value.value)
    else this.problems.push(...document.problems)
  }

  #set(mapping: Mapping, key: string, path: string, value: Parameters<Mapping['set']>[1]): void {
    if (mapping.has(key))
      this.problems.push(unusable(`${path} has the same name as another file or folder there: "${key}".`, path))
    else mapping.set(key, value)
  }
}
