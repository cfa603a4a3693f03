import { ancestorsOf, hasChildren, type SchemaTree } from './schema-tree.ts'

/** Keys of the nodes that are open. */
export type Expanded = ReadonlySet<string>

/** Every node that has children and lies above `level`: 1 opens the root alone, `Infinity` everything. */
export function expandedToLevel(tree: SchemaTree, level: number): Expanded {
  const open = new Set<string>()
  tree.nodes.forEach((node, position) => {
    if (node.depth < level && hasChildren(tree, position)) open.add(tree.keys[position] as string)
  })
  return open
}

/** The same nodes open, and those above `position` too, so that it can be seen. The same set where nothing is missing. */
export function expandedAround(tree: SchemaTree, expanded: Expanded, position: number): Expanded {
  const missing = ancestorsOf(tree, position)
    .map((at) => tree.keys[at] as string)
    .filter((key) => !expanded.has(key))
  return missing.length === 0 ? expanded : new Set([...expanded, ...missing])
}

/** Depth of the deepest node that has children, plus one: how many levels can be opened. */
export function levels(tree: SchemaTree): number {
  return tree.nodes.reduce(
    (deepest, node, at) => (hasChildren(tree, at) ? Math.max(deepest, node.depth + 1) : deepest),
    0,
  )
}

/** How deep the deepest row lies that is open to sight: one below the deepest open node. */
export function openDepth(tree: SchemaTree, expanded: Expanded): number {
  let deepest = 0
  for (const key of expanded) {
    const depth = tree.nodes[tree.positions.get(key) ?? -1]?.depth
    if (depth !== undefined) deepest = Math.max(deepest, depth + 1)
  }
  return deepest
}

/** A schema is opened at once as far as it stays readable: as many levels as fit about two screens. */
export const OPEN_ROWS = 80

/** The deepest level whose rows are at most `OPEN_ROWS`; at least the root is open. */
export function firstLevel(tree: SchemaTree): number {
  const perDepth: number[] = []
  for (const { depth } of tree.nodes) perDepth[depth] = (perDepth[depth] ?? 0) + 1
  let rows = 0
  for (let depth = 0; depth < perDepth.length; depth++) {
    rows += perDepth[depth] ?? 0
    if (rows > OPEN_ROWS) return Math.max(1, depth - 1)
  }
  return Math.max(1, perDepth.length)
}
