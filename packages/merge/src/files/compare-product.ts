import { fail, ok, type Problem, type Result } from '../problem.ts'
import { conflictText, decide, isConflict, type Decision } from '../process/decide-update.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import type { Product } from '../process/product.ts'
import { byCodePoint, foldersAbove, type TemplateTree } from '../process/tree.ts'
import type { Changes } from './changes.ts'
import { checkChanges, isEmptied } from './check-changes.ts'
import { digestAt, NO_FILE } from './digest-at.ts'
import { digestOfEntry } from './digest.ts'
import { SameNames } from './same-name.ts'

/** Whose file stays where people and the merge changed the same one. */
export type Winner = 'mine' | 'theirs'

/** A merge into its product of before: what would happen to which file. Paths are sorted. */
export interface PlannedUpdate {
  /** Absolute, links resolved. */
  readonly folder: string
  readonly changes: Changes
  readonly written: readonly string[]
  readonly removed: readonly string[]
  /** Files of the merge that stay as people made them. */
  readonly kept: readonly string[]
  /** How many are as they were. */
  readonly same: number
}

/** What an update looks at. */
interface Sides {
  readonly root: string
  /** Of the last merge. */
  readonly last: ReadonlyMap<string, string>
  readonly product: Product
  readonly template: TemplateTree
}

/**
 * Decides file by file what becomes of a product.
 *
 * @param winner Of conflicts; without it each one is a problem.
 * @returns `MERGE_CONFLICT` for each of them, or why these changes cannot be made.
 */
export function compareProduct(sides: Sides, winner: Winner | undefined): Result<PlannedUpdate> {
  const { root, product, template } = sides
  const sorting = new Sorting(sides, winner)
  const goes = [...sides.last.keys()].filter((path) => !product.has(path)).sort(byCodePoint)
  // First, since what goes makes room for what comes.
  for (const path of [...goes, ...[...product.keys()].sort(byCodePoint)])
    if (path !== PROVENANCE_FILE) sorting.take(path)
  const { conflicts, sorted, was } = sorting
  if (conflicts.length > 0) return fail(...conflicts.sort((a, b) => byCodePoint(a.at?.file ?? '', b.at?.file ?? '')))
  const provenance = product.get(PROVENANCE_FILE)
  const isNew = provenance !== undefined && sorting.now(PROVENANCE_FILE) !== digestOfEntry(provenance)
  const put = new Set([...sorted.write, ...(isNew ? [PROVENANCE_FILE] : [])])
  const puts = new Map([...product].filter(([path]) => put.has(path)))
  const emptied = foldersAround(sorted.remove).filter((folder) => template.entries.get(folder)?.kind !== 'folder')
  const changes = { puts, removes: sorted.remove, removesFolders: [], emptied, was }
  const problems = checkChanges(root, changes)
  if (problems.length > 0) return fail(...problems)
  return ok({
    folder: root,
    changes,
    written: sorted.write,
    removed: sorted.remove,
    kept: sorted.theirs,
    same: sorted.same.length,
  })
}

class Sorting {
  readonly conflicts: Problem[] = []
  readonly sorted: Record<'write' | 'remove' | 'same' | 'theirs', string[]> = {
    write: [],
    remove: [],
    same: [],
    theirs: [],
  }
  /** Digests of what is there. */
  readonly was = new Map<string, string>()
  readonly #sides: Sides
  readonly #winner: Winner | undefined
  readonly #names: SameNames
  /** Files of conflicts that stay as people made them. */
  readonly #stays = new Set<string>()

  constructor(sides: Sides, winner: Winner | undefined) {
    this.#sides = sides
    this.#winner = winner
    this.#names = new SameNames(sides.root)
  }

  take(path: string): void {
    const entry = this.#sides.product.get(path)
    const next = entry === undefined ? undefined : digestOfEntry(entry)
    const now = this.now(path)
    const decision = decide({ last: this.#sides.last.get(path), now, next })
    // A file that stays where the merge makes a folder now keeps out what is to be in it.
    if (foldersAbove(path).some((folder) => this.#stays.has(folder))) {
      this.sorted.theirs.push(path)
      return
    }
    const why = this.#againstIt(path, decision, now === undefined && next !== undefined)
    if (why === undefined) {
      if (!isConflict(decision)) this.sorted[decision].push(path)
      else this.sorted[next === undefined ? 'remove' : 'write'].push(path)
    } else if (this.#winner === 'mine') {
      this.sorted.theirs.push(path)
      this.#stays.add(path)
    } else this.conflicts.push(why)
  }

  /** The digest of what is at a path, which is noted. */
  now(path: string): string | undefined {
    const { root } = this.#sides
    const digest = digestAt(root, path)
    // A folder that goes with everything in it makes room for a file.
    if (digest === NO_FILE && isEmptied(root, path, new Set(this.sorted.remove))) return undefined
    if (digest !== undefined) this.was.set(path, digest)
    return digest
  }

  #againstIt(path: string, decision: Decision, isNew: boolean): Problem | undefined {
    if (isConflict(decision) && this.#winner !== 'theirs')
      return { code: 'MERGE_CONFLICT', message: `${path} ${conflictText(decision)}.`, at: { file: path } }
    const other = isNew && decision !== 'theirs' ? this.#otherSpelling(path) : undefined
    return other === undefined ? undefined : sameName(path, other)
  }

  /** Of somebody else: neither of the product nor of what goes. */
  #otherSpelling(path: string): string | undefined {
    const isForeign = (other: string): boolean => !this.#sides.product.has(other) && !this.sorted.remove.includes(other)
    return this.#names.othersOf(path).find(isForeign)
  }
}

/** All folders that these files are in, those in others before these. */
const foldersAround = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.flatMap(foldersAbove))].sort((a, b) => b.split('/').length - a.split('/').length)

const sameName = (path: string, other: string): Problem => ({
  code: 'MERGE_CONFLICT',
  message: `${path} is not there, but ${other} is, which some systems take for the same name.`,
  hint: 'Rename or remove that one; `--keep-mine` goes on without the new file.',
  at: { file: path },
})
