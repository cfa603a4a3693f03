import { createHash } from 'node:crypto'
import { ok, type Result } from '../problem.ts'
import type { ProductEntry } from '../process/product.ts'
import { byCodePoint, type TemplateTree } from '../process/tree.ts'

/** `sha256:` and the digits. */
export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

/** A link counts by where it leads. */
export const digestOfEntry = (entry: ProductEntry): string =>
  entry.kind === 'link' ? digestOf(`link ${entry.target}`) : digestOf(entry.bytes)

/** One digest of many: of paths, and of what is in them. */
export const digestOfAll = (digests: Iterable<readonly [path: string, digest: string]>): string =>
  digestOf(
    [...digests]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([path, digest]) => `${digest} ${path}\n`)
      .join(''),
  )

/** Of all files of a template, whether a merge uses them or not. */
export function digestOfTree(tree: TemplateTree): Result<string> {
  const digests: (readonly [string, string])[] = []
  for (const [path, entry] of tree.entries) {
    if (entry.kind === 'folder' || entry.kind === 'other') continue
    if (entry.kind === 'link') {
      digests.push([path, digestOf(`link ${entry.target}`)])
      continue
    }
    const bytes = tree.read(path)
    if (!bytes.ok) return bytes
    digests.push([path, `${entry.isExecutable ? 'x ' : ''}${digestOf(bytes.value)}`])
  }
  return ok(digestOfAll(digests))
}
