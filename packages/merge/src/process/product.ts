import { fail, ok, type Result } from '../problem.ts'
import type { MergePlan } from './merge-plan.ts'
import type { TemplateTree, TreeEntry } from './tree.ts'

/** A file of a product. */
export type ProductEntry =
  /** `mode` has the permissions of the file of the template that it comes from. */
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly isExecutable: boolean; readonly mode?: number }
  | { readonly kind: 'link'; readonly target: string }

/** By path. */
export type Product = ReadonlyMap<string, ProductEntry>

/**
 * The whole product in memory, as a merge to a new folder writes it, without its provenance file.
 *
 * @returns `TEMPLATE_FOLDER_UNUSABLE` for what cannot be taken out of the template: links that lead out of it, devices, what
 *   cannot be read.
 */
export function productOf(plan: MergePlan, tree: TemplateTree): Result<Product> {
  const product = new Map<string, ProductEntry>()
  for (const { path, text, isExecutable, from } of plan.writes)
    product.set(path, { kind: 'file', bytes: Buffer.from(text), isExecutable, ...modeOf(tree.entries.get(from)) })
  for (const path of plan.keeps) {
    const kept = takeOver(path, tree)
    if (!kept.ok) return kept
    product.set(path, kept.value)
  }
  return ok(product)
}

function takeOver(path: string, tree: TemplateTree): Result<ProductEntry> {
  const entry = tree.entries.get(path)
  const unusable = (message: string): Result<never> =>
    fail({ code: 'TEMPLATE_FOLDER_UNUSABLE', message, at: { file: path } })
  if (entry?.kind === 'link')
    return entry.isOutside
      ? unusable(`${path} is a symbolic link that leads out of the template, to ${entry.target}.`)
      : ok({ kind: 'link', target: entry.target })
  if (entry?.kind !== 'file') return unusable(`${path} is neither a file nor a link, and cannot be copied.`)
  const bytes = tree.read(path)
  if (!bytes.ok) return bytes
  return ok({ kind: 'file', bytes: bytes.value, isExecutable: entry.isExecutable, ...modeOf(entry) })
}

const modeOf = (entry: TreeEntry | undefined): { readonly mode?: number } =>
  entry?.kind === 'file' && entry.mode !== undefined ? { mode: entry.mode } : {}
