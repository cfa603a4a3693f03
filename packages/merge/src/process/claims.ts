import type { Place, Problem } from '../problem.ts'
import { comparable } from './output-path.ts'
import { foldersAbove, type TemplateTree } from './tree.ts'

const IN_WORDS = { file: 'a file', folder: 'a folder', link: 'a symbolic link', other: 'a device' } as const

/** Who wants to write a file. */
export interface Claim {
  readonly path: string
  /** In words: `./a.template, item 2, "Note"`. */
  readonly who: string
  readonly at: Place
}

/** Which outputs are taken. Names that differ by case only are one file on some systems, and so they are here. */
export class Claims {
  readonly #tree: TemplateTree
  readonly #files = new Map<string, Claim>()
  /** Folders around the outputs, with one of them each. */
  readonly #folders = new Map<string, Claim>()

  constructor(tree: TemplateTree) {
    this.#tree = tree
  }

  /** @returns Why the output cannot be written; nothing where it now belongs to the claim. */
  take(claim: Claim): Problem | undefined {
    const { path } = claim
    const name = comparable(path)
    const former = this.#files.get(name)
    if (former !== undefined) return twice(claim, former)
    const inside = this.#folders.get(name)
    if (inside !== undefined) return invalid(claim, `it would be a folder as well, for ${inside.path} of ${inside.who}`)
    const there = this.#tree.entries.get(path)
    if (there !== undefined && there.kind !== 'file')
      return invalid(claim, `the template has ${IN_WORDS[there.kind]} there`)
    for (const folder of foldersAbove(path)) {
      const taken = this.#files.get(comparable(folder))
      if (taken !== undefined) return invalid(claim, `${folder} is a file, of ${taken.who}`)
      const around = this.#tree.entries.get(folder)
      if (around !== undefined && around.kind !== 'folder')
        return invalid(claim, `${folder} is ${IN_WORDS[around.kind]} of the template`)
    }
    this.#files.set(name, claim)
    for (const folder of foldersAbove(path)) this.#folders.set(comparable(folder), claim)
    return undefined
  }
}

const invalid = ({ path, who, at }: Claim, why: string): Problem => ({
  code: 'MERGE_OUTPUT_INVALID',
  message: `The output ${path} of ${who} cannot be written: ${why}.`,
  at,
})

function twice({ path, who, at }: Claim, former: Claim): Problem {
  const also = former.path === path ? '' : ` as ${former.path}, which some systems take for the same name`
  const place = former.at.line === undefined ? '' : ` (line ${former.at.line})`
  return {
    code: 'MERGE_OUTPUT_TWICE',
    message: `The output ${path} of ${who} is also written by ${former.who}${place}${also}.`,
    hint: 'Let the outputs differ, such as by a name of the item.',
    at,
  }
}
