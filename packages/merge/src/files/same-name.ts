import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { comparable } from '../process/output-path.ts'

/** What there is below a folder under other spellings of a path: some systems take them for one name, and have one file for both. */
export class SameNames {
  readonly #root: string
  /** Names by what they have in common, of the folders that were looked at. */
  readonly #folders = new Map<string, ReadonlyMap<string, readonly string[]>>()

  /** @param root Absolute, links resolved. */
  constructor(root: string) {
    this.#root = root
  }

  /** Paths that differ from this one by case, or by signs that are not seen; files in place of its folders among them. */
  othersOf(path: string): readonly string[] {
    const others: string[] = []
    let found: readonly string[] = ['']
    const steps = path.split('/')
    for (const [at, name] of steps.entries()) {
      const next = found.flatMap((folder) =>
        (this.#namesIn(folder).get(comparable(name)) ?? []).map((one) => (folder === '' ? one : `${folder}/${one}`)),
      )
      const mine = steps.slice(0, at + 1).join('/')
      const isLast = at === steps.length - 1
      others.push(...next.filter((one) => one !== mine && (isLast || !this.#isFolder(one))))
      found = next.filter((one) => this.#isFolder(one))
    }
    return others
  }

  #namesIn(folder: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#folders.get(folder)
    if (known !== undefined) return known
    const names = new Map<string, string[]>()
    for (const name of readdirSync(join(this.#root, folder))) {
      const former = names.get(comparable(name))
      if (former === undefined) names.set(comparable(name), [name])
      else former.push(name)
    }
    this.#folders.set(folder, names)
    return names
  }

  #isFolder(path: string): boolean {
    return lstatSync(join(this.#root, path)).isDirectory()
  }
}
