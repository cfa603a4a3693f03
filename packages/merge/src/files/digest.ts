import { hash } from 'node:crypto'
import { ok, type Result } from '../problem.ts'
import { CONTROL_FILE } from '../process/names.ts'
import { isOfTemplate } from '../process/plan-merge.ts'
import type { ProductEntry } from '../process/product.ts'
import { byCodePoint, type TemplateTree } from '../process/tree.ts'

/** `sha256:` and the digits. */
export const digestOf = (content: string | Uint8Array): string => `sha256:${hash('sha256', content)}`

/** A link counts by where it leads, a file by what is in it and whether it can be executed. */
export const digestOfEntry = (entry: ProductEntry): string =>
  entry.kind === 'link' ? digestOf(`link ${entry.target}`) : digestOfFileWith(entry.bytes, entry.isExecutable)

export const digestOfFileWith = (bytes: Uint8Array, isExecutable: boolean): string =>
  `${isExecutable ? 'x ' : ''}${digestOf(bytes)}`

/** One digest of many: of paths, and of what is in them. */
export const digestOfAll = (digests: Iterable<readonly [path: string, digest: string]>): string =>
  digestOf(
    [...digests]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([path, digest]) => `${digest} ${path}\n`)
      .join(''),
  )

/**
 * Of all files of a template that a merge reads: the copy of a template that was installed may be without its sample and its tests.
 *
 * @param used Files that were merged: some may be in `.stage0_template`.
 */
export function digestOfTree(tree: TemplateTree, used: ReadonlySet<string>): Result<string> {
  const digests: (readonly [string, string])[] = []
  for (const [path, entry] of tree.entries) {
    if (isOfTemplate(path) && path !== CONTROL_FILE && !used.has(path)) continue
    if (entry.kind === 'link') digests.push([path, digestOf(`link ${entry.target}`)])
    if (entry.kind !== 'file') continue
    const bytes = tree.read(path)
    if (!bytes.ok) return bytes
    digests.push([path, digestOfFileWith(bytes.value, entry.isExecutable)])
  }
  return ok(digestOfAll(digests))
}
