import { Doc, EMPTY_DOC, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { arrayIndex } from '../paths.ts'
import { show } from '../show.ts'
import { isElementSelector, mergeNodes, type UpdateNode } from './tree.ts'
import type { ArrayFilters, UpdateRun } from './types.ts'

type MaybeValue = Value | undefined

/** Longest padding with nulls when a position beyond the end is set. Source: the server's limit. */
const MAX_PADDING = 1_500_000

/** Applies an update tree to one value; values are copied only along the paths that change. */
export class TreeUpdate {
  readonly #run: UpdateRun
  readonly #filters: ArrayFilters

  constructor(run: UpdateRun, filters: ArrayFilters) {
    this.#run = run
    this.#filters = filters
  }

  document(document: Doc, node: UpdateNode, path: readonly string[]): Doc {
    let keys: string[] | undefined
    let values: Value[] | undefined
    for (const [part, child] of node.children) {
      if (part === '$' || isElementSelector(part)) throw notAnArray(part, path, document)
      const at: number = keys === undefined ? document.indexOf(part) : keys.indexOf(part)
      const old = at < 0 ? undefined : (values ?? document.values)[at]
      const value = this.#child(old, child, [...path, part])
      if (value === old) continue
      keys ??= [...document.keys]
      values ??= [...document.values]
      if (value === undefined) {
        keys.splice(at, 1)
        values.splice(at, 1)
      } else if (at < 0) {
        keys.push(part)
        values.push(value)
      } else values[at] = value
    }
    return keys === undefined || values === undefined ? document : new Doc(keys, values)
  }

  #child(old: MaybeValue, node: UpdateNode, path: readonly string[]): MaybeValue {
    if (node.modifier !== undefined) {
      const { modifier } = node
      if (modifier.active?.(this.#run) === false) return old
      if (old === undefined && !modifier.creates) return undefined
      return modifier.apply(old, this.#run)
    }
    if (old === undefined) return this.#missing(node, path)
    if (isDoc(old)) return this.document(old, node, path)
    if (isArray(old)) return this.#array(old, node, path)
    if (!this.#creates(node)) return old
    const [part] = node.children.keys()
    throw new ServerError(28, `Cannot create field '${part}' in element {${path.at(-1)}: ${show(old)}}`)
  }

  /** Creates the documents that lead to new fields; nothing where no modifier below creates. */
  #missing(node: UpdateNode, path: readonly string[]): MaybeValue {
    const selector = [...node.children.keys()].find((part) => part === '$' || isElementSelector(part))
    if (selector !== undefined && selector !== '$') {
      throw new ServerError(
        2,
        `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
      )
    }
    if (selector === '$') throw positionNotFound()
    const created = this.document(EMPTY_DOC, node, path)
    return created === EMPTY_DOC && !this.#creates(node) ? undefined : created
  }

  #creates(node: UpdateNode): boolean {
    if (node.modifier !== undefined) return node.modifier.creates && node.modifier.active?.(this.#run) !== false
    for (const child of node.children.values()) if (this.#creates(child)) return true
    return false
  }

  #array(array: readonly Value[], node: UpdateNode, path: readonly string[]): readonly Value[] {
    let values: Value[] | undefined
    for (const [index, child] of this.#elements(array, node, path)) {
      const old = (values ?? array)[index]
      const value = this.#child(old, child, [...path, String(index)])
      if (value === old) continue
      values ??= [...array]
      if (index - values.length > MAX_PADDING)
        throw new ServerError(2, `can't backfill more than ${MAX_PADDING} elements`)
      while (values.length < index) values.push(null)
      // A removed element leaves null, so that the others keep their positions.
      values[index] = value ?? null
    }
    return values ?? array
  }

  /** The nodes per position: named positions, `$`, `$[]` and `$[identifier]` together. */
  #elements(
    array: readonly Value[],
    node: UpdateNode,
    path: readonly string[],
  ): readonly (readonly [number, UpdateNode])[] {
    const found = new Map<number, UpdateNode>()
    const add = (index: number, child: UpdateNode): void => {
      const before = found.get(index)
      found.set(index, before === undefined ? child : mergeNodes(before, child, [...path, String(index)].join('.')))
    }
    for (const [part, child] of node.children) {
      if (part === '$') {
        const position = this.#run.position(path)
        if (position === undefined) throw positionNotFound()
        add(position, child)
      } else if (isElementSelector(part)) {
        const accepts = this.#filters.get(part.slice(2, -1))
        array.forEach((element, index) => {
          if (part === '$[]' || accepts?.(element) === true) add(index, child)
        })
      } else {
        const index = arrayIndex(part)
        if (index >= 0) add(index, child)
        else if (this.#creates(child)) {
          throw new ServerError(28, `Cannot create field '${part}' in element {${path.at(-1)}: ${show(array)}}`)
        }
      }
    }
    return [...found].sort(([a], [b]) => a - b)
  }
}

const positionNotFound = (): ServerError =>
  new ServerError(2, 'The positional operator did not find the match needed from the query.')

function notAnArray(part: string, path: readonly string[], value: Value): ServerError {
  if (part === '$') return positionNotFound()
  return new ServerError(2, `Cannot apply array updates to non-array element ${path.at(-1)}: ${show(value)}`)
}
