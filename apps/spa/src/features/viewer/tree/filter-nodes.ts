import type { SchemaNode } from '@stage0/types'
import type { SchemaTree } from './schema-tree.ts'

const texts = new WeakMap<SchemaTree, readonly string[]>()

/** Everything of a node that can be searched, in lower case; made when a tree is first filtered. */
function textsOf(tree: SchemaTree): readonly string[] {
  const known = texts.get(tree)
  if (known !== undefined) return known
  const made = tree.nodes.map(searchText)
  texts.set(tree, made)
  return made
}

function searchText(node: SchemaNode): string {
  const values = node.values?.flatMap(({ value, description }) => [value, description]) ?? []
  const marks = [node.required ? 'required' : '', node.nullable ? 'nullable' : '', node.change ?? '']
  const parts = [node.path, node.kind, node.of ?? '', node.bson_type ?? '', node.description, ...node.constraints]
  return [...parts, ...marks, ...values].join('\n').toLowerCase()
}

/**
 * Positions of the nodes in which every word of `query` occurs (in path, kind, type, description, constraints or values).
 * `undefined` for an empty query: nothing is filtered. User text is never a regular expression.
 */
export function filterNodes(tree: SchemaTree, query: string): readonly number[] | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return undefined
  return textsOf(tree).flatMap((text, position) => (words.every((word) => text.includes(word)) ? [position] : []))
}
