import { Doc, EMPTY_DOC, isArray, isDoc, type Value } from '@stage0/bson-schema'
import type { Branch } from './tree.ts'

/** Keeps the included fields in the document's order, then adds the computed ones in the specification's. */
export function applyInclusion(document: Doc, branch: Branch, root: Doc): Doc {
  const kept = include(document, branch, root)
  return branch.computes ? applyComputed(kept, branch, root) : kept
}

function include(document: Doc, branch: Branch, root: Doc): Doc {
  const keys: string[] = []
  const values: Value[] = []
  for (let i = 0; i < document.keys.length; i++) {
    const key = document.keys[i] as string
    const node = branch.fields.get(key)
    if (node === undefined) continue
    let value: Value | undefined = document.values[i] as Value
    if (node.kind === 'nested') value = includeIn(value, node, root)
    else if (node.kind === 'transform') value = node.apply(value, root)
    else if (node.kind !== 'include') continue
    if (value === undefined) continue
    keys.push(key)
    values.push(value)
  }
  return new Doc(keys, values)
}

/** Below an included path a value that is no document has nothing to include, also as an element of an array. */
function includeIn(value: Value, branch: Branch, root: Doc): Value | undefined {
  if (isDoc(value)) return include(value, branch, root)
  if (!isArray(value)) return undefined
  const kept: Value[] = []
  for (const element of value) {
    const projected = includeIn(element, branch, root)
    if (projected !== undefined) kept.push(projected)
  }
  return kept
}

/** Removes the excluded fields; values that are no documents stay as they are. */
export function applyExclusion(document: Doc, branch: Branch, root: Doc): Doc {
  const keys: string[] = []
  const values: Value[] = []
  for (let i = 0; i < document.keys.length; i++) {
    const key = document.keys[i] as string
    const node = branch.fields.get(key)
    let value: Value | undefined = document.values[i] as Value
    if (node?.kind === 'exclude') continue
    if (node?.kind === 'nested') value = excludeIn(value, node, root)
    else if (node?.kind === 'transform') value = node.apply(value, root)
    if (value === undefined) continue
    keys.push(key)
    values.push(value)
  }
  return new Doc(keys, values)
}

function excludeIn(value: Value, branch: Branch, root: Doc): Value {
  if (isDoc(value)) return applyExclusion(value, branch, root)
  return isArray(value) ? value.map((element) => excludeIn(element, branch, root)) : value
}

/**
 * Sets the computed fields in their place, or at the end; a field whose expression is missing is removed.
 * On the way to a nested field arrays are entered, and what is neither document nor array is replaced by a document.
 */
export function applyComputed(document: Doc, branch: Branch, root: Doc): Doc {
  let keys: string[] | undefined
  let values: Value[] | undefined
  let removed = false
  for (const [key, node] of branch.fields) {
    if (node.kind !== 'compute' && !(node.kind === 'nested' && node.computes)) continue
    const at: number = keys === undefined ? document.indexOf(key) : keys.indexOf(key)
    const old = at < 0 ? undefined : (values ?? document.values)[at]
    const value = node.kind === 'compute' ? node.evaluate(root) : computeIn(old, node, root)
    if (value === undefined && at < 0) continue
    keys ??= [...document.keys]
    values ??= [...document.values]
    if (value === undefined) {
      keys.splice(at, 1)
      values.splice(at, 1)
      removed = true
    } else if (at < 0) {
      keys.push(key)
      values.push(value)
    } else values[at] = value
  }
  if (keys === undefined || values === undefined) return document
  // The list of keys is shared where it did not change, so that documents of one shape share it.
  return new Doc(!removed && keys.length === document.keys.length ? document.keys : keys, values)
}

function computeIn(value: Value | undefined, branch: Branch, root: Doc): Value {
  if (isDoc(value)) return applyComputed(value, branch, root)
  if (isArray(value)) return value.map((element) => computeIn(element, branch, root))
  return applyComputed(EMPTY_DOC, branch, root)
}
