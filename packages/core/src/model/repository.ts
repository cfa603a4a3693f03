import { compareStrings } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { collectionOf, readConfiguration } from './configuration.ts'
import { readDataFile } from './data-file.ts'
import { readDictionary, readType } from './dictionary.ts'
import { readEnumerators } from './enumerators.ts'
import type { FolderKind, RawFile, RepositoryFiles } from './files.ts'
import { problemAt, sortProblems, wholeFile } from './locate.ts'
import type { Repository } from './model.ts'
import { withoutExtension } from './names.ts'

/**
 * Reads a whole repository in one pass: every file is parsed once, and every problem of single files is found, in a
 * fixed order. References between files are not followed here.
 */
export function readRepository({ files, problems: found }: RepositoryFiles): Repository {
  const reading = new Reading(files, found)
  const enumerators = reading.all('enumerators', readEnumerators, ({ version }) => version, {
    code: 'ENUMERATORS_DUPLICATE_VERSION',
    text: (version) => `Enumerators version ${version} is also in`,
  })
  return {
    configurations: reading.named('configurations', readConfiguration, collectionOf, 'The collection'),
    dictionaries: reading.dictionaries(),
    types: reading.named('types', readType, withoutExtension, 'The type'),
    enumerators,
    testData: reading.all('test_data', readDataFile, ({ fileName }) => fileName),
    migrations: reading.all('migrations', readDataFile, ({ fileName }) => fileName),
    broken: reading.broken,
    problems: sortProblems(reading.problems),
  }
}

type ReadFile<T> = (file: RawFile, problems: Problem[]) => T | undefined

interface Clash<K> {
  readonly code: 'ENUMERATORS_DUPLICATE_VERSION' | 'DUPLICATE_FILE'
  readonly text: (key: K) => string
}

class Reading {
  readonly problems: Problem[]
  readonly broken = new Set<string>()
  readonly #files = new Map<FolderKind, RawFile[]>()

  constructor(files: readonly RawFile[], found: readonly Problem[]) {
    this.problems = [...found]
    // What could not even be read is there, and must not be called missing.
    for (const { severity, file } of found) if (severity === 'error' && file !== undefined) this.broken.add(file)
    const byName = [...files].sort((a, b) => compareStrings(a.name, b.name))
    for (const file of byName) {
      const folder = this.#files.get(file.folder)
      if (folder === undefined) this.#files.set(file.folder, [file])
      else folder.push(file)
    }
  }

  /** The files of a folder that can be used, by a key of their content; of equal keys the first file stays. */
  all<T, K>(folder: FolderKind, read: ReadFile<T>, keyOf: (content: T) => K, clash?: Clash<K>): Map<K, T> {
    const contents = new Map<K, T>()
    const holders = new Map<K, RawFile>()
    for (const file of this.#files.get(folder) ?? []) {
      const content = read(file, this.problems)
      if (content === undefined) {
        this.broken.add(file.path)
        continue
      }
      const key = keyOf(content)
      const holder = holders.get(key)
      if (holder === undefined) {
        contents.set(key, content)
        holders.set(key, file)
      } else if (clash !== undefined) this.#clash(file, holder, clash.code, clash.text(key))
    }
    return contents
  }

  /** The files of a folder by the name of what they hold: two files for one name clash, also when one is broken. */
  named<T>(folder: FolderKind, read: ReadFile<T>, nameOf: (fileName: string) => string, what: string): Map<string, T> {
    this.#reportClashes(folder, nameOf, what)
    const contents = new Map<string, T>()
    for (const [fileName, content] of this.all(folder, withName(read), ({ name }) => name)) {
      const name = nameOf(fileName)
      if (!contents.has(name)) contents.set(name, content.content)
    }
    return new Map([...contents].sort(([a], [b]) => compareStrings(a, b)))
  }

  /** Dictionaries are named with their extension; two that differ only there are one name to a reference without it. */
  dictionaries(): Repository['dictionaries'] {
    this.#reportClashes('dictionaries', withoutExtension, 'The dictionary')
    return this.all('dictionaries', readDictionary, ({ fileName }) => fileName)
  }

  #reportClashes(folder: FolderKind, nameOf: (fileName: string) => string, what: string): void {
    const holders = new Map<string, RawFile>()
    for (const file of this.#files.get(folder) ?? []) {
      const name = nameOf(file.name)
      const holder = holders.get(name)
      if (holder === undefined) holders.set(name, file)
      else this.#clash(file, holder, 'DUPLICATE_FILE', `${what} \`${name}\` is also in`)
    }
  }

  #clash(file: RawFile, holder: RawFile, code: Clash<never>['code'], text: string): void {
    const finding = { code, severity: 'error', text: `${text} ${holder.path}, which is used.` } as const
    this.problems.push(problemAt(wholeFile(file), { ...finding, hint: 'Remove or rename one of them.' }))
  }
}

const withName =
  <T>(read: ReadFile<T>): ReadFile<{ readonly name: string; readonly content: T }> =>
  (file, problems) => {
    const content = read(file, problems)
    return content && { name: file.name, content }
  }
