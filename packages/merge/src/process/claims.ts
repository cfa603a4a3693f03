import type { Place, Problem } from '../problem.ts'
import { comparable } from './output-path.ts'
import type { TemplateTree } from './tree.ts'

const IN_WORDS = { file: 'a file', folder: 'a folder', link: 'a symbolic link', other: 'a device' } as const

/** Who wants to write a file. */
export interface Claim {
  readonly path: string
  /** As messages show it. */
  readonly shown: string
  /** Whether nothing of the path may be told, since a value of the environment is in it. */
  readonly isPrivate: boolean
  /** In words: `./a.template, item 2, "Note"`. */
  readonly who: string
  readonly at: Place
}

/** Which outputs are taken. Names that differ by case only are one file on some systems, and so they are here. */
export class Claims {
  readonly #tree: TemplateTree
  readonly #files = new Map<string, Claim>()
  /** Folders around the outputs, with the first of them each. */
  readonly #folders = new Map<string, Claim>()
  /** The same as they are spelled: nothing can be wrong with them any more, nor with what is around them. */
  readonly #spelled = new Set<string>()
  /** Files of the template that stay, by what some systems compare. */
  readonly #kept: ReadonlyMap<string, string>
  /** Folders of the template, which a product has as well, in the same way. */
  readonly #keptFolders: ReadonlyMap<string, string>

  /** @param kept Paths of the template that no entry names. */
  constructor(tree: TemplateTree, kept: readonly string[]) {
    this.#tree = tree
    this.#kept = new Map(kept.map((path) => [comparable(path), path]))
    const folders = [...tree.entries].filter(([, { kind }]) => kind === 'folder')
    this.#keptFolders = new Map(folders.map(([path]) => [comparable(path), path]))
  }

  /** @returns Why the output cannot be written; nothing where it now belongs to the claim. */
  take(claim: Claim): Problem | undefined {
    const { path } = claim
    const name = comparable(path)
    const former = this.#files.get(name)
    if (former !== undefined) return twice(claim, former)
    const kept = this.#otherSpelling(this.#kept, path, name)
    if (kept !== undefined) return besides(claim, `is also the file ${kept}`)
    const keptFolder = this.#otherSpelling(this.#keptFolders, path, name)
    if (keptFolder !== undefined) return besides(claim, `is also the folder ${keptFolder}`)
    const inside = this.#folders.get(name)
    if (inside !== undefined)
      return invalid(claim, `it would be a folder as well, for ${inside.shown} of ${inside.who}`)
    const there = this.#tree.entries.get(path)
    if (there !== undefined && there.kind !== 'file')
      return invalid(claim, `the template has ${IN_WORDS[there.kind]} there`)
    const folders = this.#newFolders(path)
    for (const folder of folders) {
      const told = claim.isPrivate ? 'a folder of it' : folder
      const known = comparable(folder)
      const taken = this.#files.get(known)
      if (taken !== undefined) return invalid(claim, `${told} is a file, of ${taken.who}`)
      const file = this.#otherSpelling(this.#kept, folder, known)
      if (file !== undefined) return besides(claim, `is in ${folder}, which is also the file ${file}`)
      const around = this.#tree.entries.get(folder)
      if (around !== undefined && around.kind !== 'folder')
        return invalid(claim, `${told} is ${IN_WORDS[around.kind]} of the template`)
    }
    this.#files.set(name, claim)
    for (const folder of folders) {
      this.#spelled.add(folder)
      const known = comparable(folder)
      if (!this.#folders.has(known)) this.#folders.set(known, claim)
    }
    return undefined
  }

  /** What is kept under another name that some systems take for this one. A template that has both can be on none of those. */
  #otherSpelling(kept: ReadonlyMap<string, string>, path: string, name: string): string | undefined {
    const other = kept.get(name)
    return other === path || this.#tree.entries.has(path) ? undefined : other
  }

  /** The innermost first. */
  #newFolders(path: string): readonly string[] {
    const folders: string[] = []
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (this.#spelled.has(folder)) break
      folders.push(folder)
    }
    return folders
  }
}

const invalid = ({ shown, who, at }: Claim, why: string): Problem => ({
  code: 'MERGE_OUTPUT_INVALID',
  message: `The output ${shown} of ${who} cannot be written: ${why}.`,
  at,
})

function twice({ path, shown, who, at }: Claim, former: Claim): Problem {
  const also = former.path === path ? '' : ` as ${former.shown}, which some systems take for the same name`
  const place = former.at.line === undefined ? '' : ` (line ${former.at.line})`
  return {
    code: 'MERGE_OUTPUT_TWICE',
    message: `The output ${shown} of ${who} is also written by ${former.who}${place}${also}.`,
    hint: 'Let the outputs differ, such as by a name of the item.',
    at,
  }
}

/** @param what It is, as a claim that may be told has it; the name of what is kept would tell a private one but for its case. */
const besides = ({ shown, who, at, isPrivate }: Claim, what: string): Problem => ({
  code: 'MERGE_OUTPUT_TWICE',
  message: `The output ${shown} of ${who} ${isPrivate ? 'meets a name' : what} of the template, which some systems take for the same name.`,
  hint: 'Call one of them something else.',
  at,
})
