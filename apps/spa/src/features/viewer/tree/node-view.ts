import type { Place, SchemaNode } from '@stage0/types'
import { fileOf, paths, placePath } from '../../../shared/paths.ts'
import type { SchemaTree } from './schema-tree.ts'

/** What a row of the tree shows of a node. */
export interface NodeRow {
  readonly key: string
  readonly depth: number
  readonly hasChildren: boolean
  readonly position: number
  /** What type-ahead looks for. */
  readonly name: string
  readonly node: SchemaNode
}

/** A name with the page that shows what it names; no page where it is unknown. */
export interface NodeLink {
  readonly text: string
  readonly to?: string
}

/** Rows of all nodes, made once: a change of selection or filter makes none. */
export const nodeRows = ({ nodes, keys, ends }: SchemaTree, rootName: string): readonly NodeRow[] =>
  nodes.map((node, position) => ({
    key: keys[position] as string,
    depth: node.depth,
    hasChildren: (ends[position] as number) > position + 1,
    position,
    name: node.path === '' ? rootName : node.name,
    node,
  }))

const fileLink = (path: string): NodeLink => {
  const file = fileOf(path)
  return file ? { text: path, to: paths.file(file.kind, file.fileName) } : { text: path }
}

/** The type, dictionary or enumeration that a node names, with its page. */
export function typeLink({ kind, of, expanded_from, values }: SchemaNode, enumerators?: number): NodeLink | undefined {
  if (of === undefined) return undefined
  if (kind === 'enum' || kind === 'enum_array') {
    const isThere = enumerators !== undefined && values !== undefined
    return isThere ? { text: of, to: paths.enumeration(enumerators, of) } : { text: of }
  }
  return { ...(expanded_from === undefined ? {} : fileLink(expanded_from)), text: of }
}

/** The file that a node's content is shown from. */
export const contentLink = ({ expanded_from }: SchemaNode): NodeLink | undefined =>
  expanded_from === undefined ? undefined : fileLink(expanded_from)

/** "dictionaries/user.yaml:12" with its page. */
export function placeLink(place: Place | undefined): NodeLink | undefined {
  if (place === undefined) return undefined
  const to = placePath(place)
  const text = place.line === undefined ? place.file : `${place.file}:${place.line}`
  return to === undefined ? { text } : { text, to }
}
