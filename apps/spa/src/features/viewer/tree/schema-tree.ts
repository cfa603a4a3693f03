import type { SchemaNode } from '@stage0/types'

/**
 * The nodes of a schema with what a tree needs to know of each: made once per answer of the service, in one pass, and
 * never reactive by itself (2,000 nodes with deep reactivity cost more than showing them).
 */
export interface SchemaTree {
  readonly nodes: readonly SchemaNode[]
  /** A unique key per node: its path; a path that occurs again (two properties of one name) is numbered: "/a#7". */
  readonly keys: readonly string[]
  readonly positions: ReadonlyMap<string, number>
  /** Position of each node's parent, -1 for a root. */
  readonly parents: Int32Array
  /** Position behind each node's last descendant. */
  readonly ends: Int32Array
}

/** @param nodes Flat, parents before their children: `depth` makes the tree. */
export function schemaTree(nodes: readonly SchemaNode[]): SchemaTree {
  const parents = new Int32Array(nodes.length).fill(-1)
  const ends = new Int32Array(nodes.length).fill(nodes.length)
  const positions = new Map<string, number>()
  const keys: string[] = []
  const open: number[] = []
  nodes.forEach((node, position) => {
    const key = positions.has(node.path) ? `${node.path}#${position}` : node.path
    keys.push(key)
    positions.set(key, position)
    while (open.length > 0 && (nodes[open.at(-1) as number] as SchemaNode).depth >= node.depth)
      ends[open.pop() as number] = position
    parents[position] = open.at(-1) ?? -1
    open.push(position)
  })
  return { nodes, keys, positions, parents, ends }
}

/** Positions of the direct children of a node, in declared order. */
export function* childrenOf(tree: SchemaTree, position: number): Generator<number> {
  const end = tree.ends[position] ?? 0
  for (let child = position + 1; child < end; child = tree.ends[child] as number) yield child
}

export const hasChildren = (tree: SchemaTree, position: number): boolean => (tree.ends[position] ?? 0) > position + 1

/** Positions from the root down to the parent of a node. */
export function ancestorsOf(tree: SchemaTree, position: number): number[] {
  const ancestors: number[] = []
  for (let at = tree.parents[position] ?? -1; at >= 0; at = tree.parents[at] as number) ancestors.unshift(at)
  return ancestors
}

/** The last part of a node's path as people read it: the root has none of its own. */
export const shownName = (node: SchemaNode, rootName: string): string => (node.path === '' ? rootName : node.name)
