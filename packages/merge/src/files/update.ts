import { lstatSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import type { Product } from '../process/product.ts'
import { changeFolder } from './change-folder.ts'
import { compareProduct, type PlannedUpdate, type Winner } from './compare-product.ts'
import { isInside } from './open-template.ts'
import { remoteTold, isSameRemote } from './git-remote.ts'
import { gitSource } from './git-source.ts'
import { readProvenance, type LastMerge } from './provenance.ts'
import { readRegular } from './read-regular.ts'
import { reasonOf, systemProblem } from './system.ts'
import { wholeProduct, type OnProgress, type PlannedMerge } from './write-merge.ts'

/**
 * Compares a product with what its last merge made, and with what this one makes, file by file. Files that no merge made stay;
 * one in the place of a file that is made now is a conflict.
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
    const another = otherTemplate(last.value, merge.template.folder, product.value)
    if (another !== undefined) return fail(another)
    const sides = { root: root.value, last: last.value.files, product: product.value, template: merge.template }
    return compareProduct(sides, winner)
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

/**
 * By where the template is published, if both times that is known. Else a folder of the same name will do, and under another name what
 * the template makes: a checkout may be called anything.
 */
function otherTemplate({ template, files }: LastMerge, folder: string, product: Product): Problem | undefined {
  const was = remoteTold(template.remote)
  const is = gitSource(folder).remote
  if (was !== undefined && is !== undefined) return isSameRemote(was, is) ? undefined : other(was, is)
  const name = basename(folder)
  if (template.name === undefined || template.name === name || stays(files, product) * 2 >= files.size) return undefined
  return other(template.name, name)
}

/** How many files of the last merge this one makes as well. */
const stays = (files: LastMerge['files'], product: Product): number =>
  [...files.keys()].filter((path) => product.has(path)).length

const other = (was: string, is: string): Problem => ({
  code: 'MERGE_OTHER_TEMPLATE',
  message: `The product was made of the template ${was}, and this one is ${is}: nearly all of its files would go.`,
  at: { file: PROVENANCE_FILE },
})
