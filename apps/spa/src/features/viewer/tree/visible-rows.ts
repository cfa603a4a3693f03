import type { Expanded } from './expansion.ts'
import type { SchemaTree } from './schema-tree.ts'

/**
 * Positions of the rows to show, in order. Closed parts are jumped over, so that the cost is that of the rows shown and
 * not of the schema.
 *
 * @param kept What a filter keeps; its ancestors are shown open whatever `expanded` says.
 */
export function visibleRows(tree: SchemaTree, expanded: Expanded, kept?: Uint8Array): number[] {
  const rows: number[] = []
  const total = tree.nodes.length
  for (let at = 0; at < total;) {
    if (kept?.[at] === 0) {
      at = tree.ends[at] as number
      continue
    }
    rows.push(at)
    at = kept !== undefined || expanded.has(tree.keys[at] as string) ? at + 1 : (tree.ends[at] as number)
  }
  return rows
}
