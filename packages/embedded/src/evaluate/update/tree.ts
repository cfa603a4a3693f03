import { compareStrings } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { arrayIndex } from '../paths.ts'
import type { Modifier } from './types.ts'

/** One part of the paths of an update; either a modifier ends here or there are parts below. */
export interface UpdateNode {
  readonly children: ReadonlyMap<string, UpdateNode>
  readonly modifier: Modifier | undefined
}

export interface Target {
  readonly path: string
  readonly modifier: Modifier
}

interface Building {
  readonly children: Map<string, Building>
  modifier: Modifier | undefined
}

const newNode = (): Building => ({ children: new Map(), modifier: undefined })

export const conflict = (path: string, at: string): ServerError =>
  new ServerError(40, `Updating the path '${path}' would create a conflict at '${at}'`)

/** Joins all targets in one tree; two modifiers of one field, or of a field and a part of it, conflict (code 40). */
export function buildTree(targets: readonly Target[]): UpdateNode {
  const root = newNode()
  for (const { path, modifier } of targets) {
    const parts = updatePath(path)
    let node = root
    parts.forEach((part, i) => {
      if (node.modifier !== undefined) throw conflict(path, parts.slice(0, i).join('.'))
      const child = node.children.get(part) ?? newNode()
      node.children.set(part, child)
      node = child
    })
    if (node.modifier !== undefined || node.children.size > 0) throw conflict(path, path)
    node.modifier = modifier
  }
  return sorted(root)
}

/** Splits the path of an update and refuses what cannot be one. */
export function updatePath(path: string): readonly string[] {
  if (path === '') throw new ServerError(56, 'An empty update path is not valid.')
  const parts = path.split('.')
  for (const part of parts) {
    if (part === '')
      throw new ServerError(56, `The update path '${path}' contains an empty field name, which is not allowed.`)
    if (part.includes('\0')) throw new ServerError(2, 'Field names in an update may not contain null bytes')
  }
  const [first] = parts
  if (first === '$' || first?.startsWith('$[') === true) {
    throw new ServerError(2, `Cannot have positional (i.e. '$') element in the first position in path '${path}'`)
  }
  if (parts.indexOf('$') !== parts.lastIndexOf('$')) {
    throw new ServerError(2, `Too many positional (i.e. '$') elements found in path '${path}'`)
  }
  for (const part of parts) {
    if (part.startsWith('$') && part !== '$' && !isElementSelector(part)) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  }
  return parts
}

/** `$[]` or `$[identifier]`. */
export const isElementSelector = (part: string): boolean => part.startsWith('$[') && part.endsWith(']')

/** New fields are added in this order: by name, positions by number. */
function compareParts(a: string, b: string): number {
  const [i, k] = [arrayIndex(a), arrayIndex(b)]
  return i >= 0 && k >= 0 ? i - k : compareStrings(a, b)
}

const sorted = (node: Building): UpdateNode => ({
  children: new Map(
    [...node.children].sort(([a], [b]) => compareParts(a, b)).map(([part, child]) => [part, sorted(child)]),
  ),
  modifier: node.modifier,
})

/** The union of two nodes that turned out to stand for the same element. */
export function mergeNodes(a: UpdateNode, b: UpdateNode, path: string): UpdateNode {
  if (a.modifier !== undefined || b.modifier !== undefined) throw conflict(path, path)
  const children = new Map(a.children)
  for (const [part, child] of b.children) {
    const other = children.get(part)
    children.set(part, other === undefined ? child : mergeNodes(other, child, `${path}.${part}`))
  }
  return { children: new Map([...children].sort(([x], [y]) => compareParts(x, y))), modifier: undefined }
}
