import { fail, ok, type Result } from '../problem.ts'
import type { MergePlan } from './merge-plan.ts'
import type { TemplateTree } from './tree.ts'

/** A file of a product. */
export type ProductEntry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly isExecutable: boolean }
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
  for (const { path, text, isExecutable } of plan.writes)
    product.set(path, { kind: 'file', bytes: Buffer.from(text), isExecutable })
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
  return bytes.ok ? ok({ kind: 'file', bytes: bytes.value, isExecutable: entry.isExecutable }) : bytes
}
