import { ok, type Result } from '../problem.ts'
import type { MergePlan } from './merge-plan.ts'
import type { TemplateTree } from './tree.ts'

/** A file of a product. */
export type ProductEntry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly kind: 'link'; readonly target: string }

/**
 * The whole product in memory, as a merge to a new folder would write it, without its provenance file.
 *
 * @returns By path, what is generated first; or what could not be read.
 */
export function productOf(plan: MergePlan, tree: TemplateTree): Result<ReadonlyMap<string, ProductEntry>> {
  const encoder = new TextEncoder()
  const product = new Map<string, ProductEntry>()
  for (const { path, text, isExecutable } of plan.writes)
    product.set(path, { kind: 'file', bytes: encoder.encode(text), isExecutable })
  for (const path of plan.keeps) {
    const entry = tree.entries.get(path)
    if (entry === undefined || entry.kind === 'folder') continue
    if (entry.kind === 'link') {
      product.set(path, entry)
      continue
    }
    const bytes = tree.read(path)
    if (!bytes.ok) return bytes
    product.set(path, { kind: 'file', bytes: bytes.value, isExecutable: entry.isExecutable })
  }
  return ok(product)
}
