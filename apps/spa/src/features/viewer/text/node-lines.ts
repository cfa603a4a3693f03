import type { SchemaNode } from '@stage0/types'
import type { SchemaTree } from '../tree/schema-tree.ts'
import type { JsonRanges, LineRange } from './json-ranges.ts'

export type TextFormat = 'json' | 'bson'

const pointerOf = (node: SchemaNode, format: TextFormat): string | undefined =>
  format === 'json' ? node.json_pointer : node.bson_pointer

/** Which lines of a rendered schema belong to which node, both ways. */
export interface NodeLines {
  readonly rangeOf: (position: number) => LineRange | undefined
  /** The innermost node that has this line; `undefined` for a line outside of every node. */
  readonly nodeAt: (line: number) => number | undefined
}

/** Nothing of a text is known while there is none. */
export const NO_LINES: NodeLines = { rangeOf: () => undefined, nodeAt: () => undefined }

/**
 * Binds nodes to lines. Parents come before their children and hold them, so a later node is the more exact one.
 */
export function nodeLines(tree: SchemaTree, ranges: JsonRanges, format: TextFormat): NodeLines {
  const owners: number[] = []
  const rangeOf = (position: number): LineRange | undefined => {
    const node = tree.nodes[position]
    const pointer = node && pointerOf(node, format)
    return pointer === undefined ? undefined : ranges.get(pointer)
  }
  tree.nodes.forEach((_, position) => {
    const range = rangeOf(position)
    if (range) for (let line = range.from; line <= range.to; line++) owners[line] = position
  })
  return { rangeOf, nodeAt: (line) => owners[line] }
}
