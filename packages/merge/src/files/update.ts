import { lstatSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import { conflictText, decide, isConflict } from '../process/decide-update.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import type { Product } from '../process/product.ts'
import { byCodePoint, foldersAbove, type TemplateTree } from '../process/tree.ts'
import { changeFolder } from './change-folder.ts'
import type { Changes } from './changes.ts'
import { checkChanges, isEmptied } from './check-changes.ts'
import { digestAt, NO_FILE } from './digest-at.ts'
import { digestOfEntry } from './digest.ts'
import { isInside } from './open-template.ts'
import { gitSource } from './git-source.ts'
import { readProvenance, type LastMerge } from './provenance.ts'
import { readRegular } from './read-regular.ts'
import { SameNames } from './same-name.ts'
import { reasonOf, systemProblem } from './system.ts'
import { wholeProduct, type OnProgress, type PlannedMerge } from './write-merge.ts'

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

/**
 * Compares a product with what its last merge made, and with what this one makes, file by file. Files that no merge made are not
 * looked at.
 *
 * @param folder Of the product, absolute.
 * @param winner Of conflicts; without it each one is a problem.
 * @returns `MERGE_PROVENANCE_INVALID`, `MERGE_OTHER_TEMPLATE`, `MERGE_CONFLICT` for each file, or why these changes cannot be made.
 */
export function planUpdate(merge: PlannedMerge, folder: string, winner: Winner | undefined): Result<PlannedUpdate> {
  const root = rootOf(folder, merge.template.folder)
  if (!root.ok) return root
  const product = wholeProduct(merge)
  if (!product.ok) return product
  try {
    const last = lastMerge(root.value)
    if (!last.ok) return last
    const other = otherTemplate(last.value, merge.template.folder)
    if (other !== undefined) return fail(other)
    return compare(
      { root: root.value, last: last.value.files, product: product.value, template: merge.template },
      winner,
    )
  } catch (thrown) {
    return fail(systemProblem('MERGE_OUTPUT_UNUSABLE', `The product ${folder} cannot be read`, thrown))
  }
}

/** Makes the changes of an update: all of them or none. */
export function writeUpdate({ folder, changes }: PlannedUpdate, onProgress?: OnProgress): Result<void> {
  if (changes.puts.size + changes.removes.length === 0) return ok(undefined)
  let done = 0
  return changeFolder(folder, changes, () => onProgress?.((done += 1), changes.puts.size))
}

function rootOf(folder: string, template: string): Result<string> {
  const refuse = (why: string): Result<never> =>
    fail({ code: 'MERGE_OUTPUT_UNUSABLE', message: `The product ${folder} cannot be merged again: ${why}.` })
  try {
    const root = realpathSync(folder)
    if (!statSync(root).isDirectory()) return refuse('it is no folder')
    return isInside(template, root) ? refuse('it is the template, or inside of it') : ok(root)
  } catch (thrown) {
    return refuse(reasonOf(thrown))
  }
}

function lastMerge(root: string): Result<LastMerge> {
  const path = join(root, PROVENANCE_FILE)
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
  const bytes = isFile ? readRegular(path) : undefined
  if (bytes !== undefined) return readProvenance(new TextDecoder().decode(bytes))
  const message = `${root} has no ${PROVENANCE_FILE}, so that nobody knows which of its files a merge made.`
  return fail({ code: 'MERGE_PROVENANCE_INVALID', message, at: { file: PROVENANCE_FILE } })
}

/** By where the template is published, if both times that is known, else by the name of its folder. */
function otherTemplate({ template }: LastMerge, folder: string): Problem | undefined {
  const { remote } = gitSource(folder)
  const [was, is] =
    template.remote !== undefined && remote !== undefined
      ? [template.remote, remote]
      : [template.name, basename(folder)]
  if (was === undefined || was === is) return undefined
  return {
    code: 'MERGE_OTHER_TEMPLATE',
    message: `The product was made of the template ${was}, and this one is ${is}: nearly all of its files would go.`,
    at: { file: PROVENANCE_FILE },
  }
}

/** What an update looks at. */
interface Sides {
  readonly root: string
  /** Of the last merge. */
  readonly last: ReadonlyMap<string, string>
  readonly product: Product
  readonly template: TemplateTree
}

function compare({ root, last, product, template }: Sides, winner: Winner | undefined): Result<PlannedUpdate> {
  const conflicts: Problem[] = []
  const sorted: Record<'write' | 'remove' | 'same' | 'theirs', string[]> = {
    write: [],
    remove: [],
    same: [],
    theirs: [],
  }
  const was = new Map<string, string>()
  const now = (path: string): string | undefined => {
    const digest = digestAt(root, path)
    // A folder that goes with everything in it makes room for a file.
    if (digest === NO_FILE && isEmptied(root, path, new Set(sorted.remove))) return undefined
    if (digest !== undefined) was.set(path, digest)
    return digest
  }
  const names = new SameNames(root)
  const otherSpelling = (path: string): string | undefined =>
    names.othersOf(path).find((other) => !product.has(other) && !sorted.remove.includes(other))
  const goes = [...last.keys()].filter((path) => !product.has(path)).sort(byCodePoint)
  for (const path of [...goes, ...[...product.keys()].sort(byCodePoint)]) {
    if (path === PROVENANCE_FILE) continue
    const entry = product.get(path)
    const next = entry === undefined ? undefined : digestOfEntry(entry)
    const is = now(path)
    const decision = decide({ last: last.get(path), now: is, next })
    const other = decision === 'write' && is === undefined ? otherSpelling(path) : undefined
    if (other !== undefined && winner === 'mine') sorted.theirs.push(path)
    else if (other !== undefined) conflicts.push(sameName(path, other))
    else if (!isConflict(decision)) sorted[decision].push(path)
    else if (winner === 'mine') sorted.theirs.push(path)
    else if (winner === 'theirs') sorted[next === undefined ? 'remove' : 'write'].push(path)
    else conflicts.push({ code: 'MERGE_CONFLICT', message: `${path} ${conflictText(decision)}.`, at: { file: path } })
  }
  if (conflicts.length > 0) return fail(...conflicts.sort((a, b) => byCodePoint(a.at?.file ?? '', b.at?.file ?? '')))
  const provenance = product.get(PROVENANCE_FILE)
  const isNew = provenance !== undefined && now(PROVENANCE_FILE) !== digestOfEntry(provenance)
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

/** All folders that these files are in, those in others before these. */
const foldersAround = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.flatMap(foldersAbove))].sort((a, b) => b.split('/').length - a.split('/').length)

const sameName = (path: string, other: string): Problem => ({
  code: 'MERGE_CONFLICT',
  message: `${path} is new, and there is ${other}, which some systems take for the same name.`,
  hint: 'Rename or remove that one; `--keep-mine` goes on without the new file.',
  at: { file: path },
})
