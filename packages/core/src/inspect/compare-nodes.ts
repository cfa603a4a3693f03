import type { SchemaNode } from '@stage0/types'
import type { ExpandedNode } from './expand.ts'

export interface Comparison {
  /** By position among the nodes; `undefined` where nothing changed, or where it cannot be told. */
  readonly changes: readonly (SchemaNode['change'] | undefined)[]
  /** Paths of the version before that are gone, without what was inside them. */
  readonly removed: readonly string[]
}

/** How a node stands to the other list: it has a partner, it has none, or nothing can be said because a part is not shown there. */
type Standing = 'matched' | 'alone' | 'unknown'

/**
 * What is otherwise than in the version before, by path. A node is `changed` where something of its own is, not where only
 * something inside it is. What one of the two cannot show is not called added or removed.
 */
export function compareNodes(before: readonly ExpandedNode[], after: readonly ExpandedNode[]): Comparison {
  const [old, now] = [byPath(before), byPath(after)]
  const changes = standings(after, old).map((standing, i) => {
    if (standing === 'alone') return 'added'
    const { node } = after[i] as ExpandedNode
    const partner = old.get(node.path)
    return standing === 'matched' && partner !== undefined && ownText(partner.node) !== ownText(node)
      ? 'changed'
      : undefined
  })
  const gone = standings(before, now)
  const removed = before.flatMap(({ node, parent }, i) =>
    gone[i] === 'alone' && gone[parent] !== 'alone' ? [node.path] : [],
  )
  return { changes, removed }
}

const byPath = (nodes: readonly ExpandedNode[]): ReadonlyMap<string, ExpandedNode> =>
  new Map(nodes.map((one) => [one.node.path, one]))

function standings(nodes: readonly ExpandedNode[], others: ReadonlyMap<string, ExpandedNode>): Standing[] {
  const found: Standing[] = []
  for (const { node, parent } of nodes) {
    const above = parent < 0 ? undefined : nodes[parent]
    if (others.has(node.path)) found.push('matched')
    // Parents come first, so their standing is known.
    else if (above === undefined || found[parent] === 'unknown') found.push('unknown')
    else found.push(others.get(above.node.path)?.isClosed === true ? 'unknown' : 'alone')
  }
  return found
}

/** What a node says of itself. Places and files do not count: moving a property into a type is told by its kind. */
const ownText = (node: SchemaNode): string => {
  const { kind, of, bson_type, description, required, nullable, constraints, values } = node
  return JSON.stringify([kind, of, bson_type, description, required, nullable, constraints, values])
}
