import type { SchemaNode } from '@stage0/types'
import { childrenOf, type SchemaTree } from '../tree/schema-tree.ts'

/** The last step of the path of an alternative of a choice. */
const ALTERNATIVE = /\/<\d+>$/

export type DocumentPath = readonly (string | number)[]

/** The position of a node and how many steps of the path led to it. */
interface Found {
  readonly position: number
  readonly steps: number
}

/**
 * The node that describes the value at `path` of a document, or the nearest one above it. Alternatives of a choice take
 * no step of the path: the one that goes furthest is taken. `undefined` only where the tree is empty.
 */
export function nodeOfDocumentPath(tree: SchemaTree, path: DocumentPath): number | undefined {
  if (tree.nodes.length === 0) return undefined
  return descend(tree, 0, path, 0).position
}

function descend(tree: SchemaTree, position: number, path: DocumentPath, steps: number): Found {
  const here: Found = { position, steps }
  if (steps === path.length) return here
  let best = here
  for (const child of childrenOf(tree, position)) {
    const { name, path: childPath } = tree.nodes[child] as SchemaNode
    const isAlternative = ALTERNATIVE.test(childPath)
    const step = path[steps] as string | number
    const isNext = !isAlternative && (typeof step === 'number' ? name === '[]' : name === step)
    if (!isAlternative && !isNext) continue
    const found = descend(tree, child, path, isNext ? steps + 1 : steps)
    if (found.steps > best.steps) best = found
    if (isNext) break
  }
  return best
}
