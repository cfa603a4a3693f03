import { hashKey, isArray, isDoc, equalValues, type Value } from '@stage0/bson-schema'
import type { StringCompare } from '../evaluate/contract.ts'
import { TURN, type Turn } from '../evaluate/turn.ts'
import type { Selected } from './select.ts'

/** All values at a path: arrays are entered, at the end too; a position enters that element. */
function* valuesAt(node: Value | undefined, path: readonly string[], at: number): Generator<Value> {
  if (node === undefined) return
  const segment = path[at]
  if (segment === undefined) {
    if (isArray(node)) yield* node
    else yield node
  } else if (isDoc(node)) yield* valuesAt(node.get(segment), path, at + 1)
  else if (isArray(node)) {
    if (/^\d+$/.test(segment)) yield* valuesAt(node[Number(segment)], path, at + 1)
    for (const item of node) if (isDoc(item)) yield* valuesAt(item, path, at)
  }
}

/** The different values at `path`, in the order of their first appearance; turns are passed on. */
export function* distinctValues(
  documents: Iterable<Selected | Turn>,
  path: readonly string[],
  compare: StringCompare | undefined,
): Generator<Turn, readonly Value[]> {
  const found: Value[] = []
  const seen = new Set<string>()
  for (const item of documents) {
    if (item === TURN) {
      yield TURN
      continue
    }
    for (const value of valuesAt(item.document, path, 0)) {
      const key = hashKey(value)
      if (seen.has(key)) continue
      seen.add(key)
      // A collation holds more texts equal than their keys do.
      if (compare !== undefined && found.some((other) => equalValues(other, value, { stringCompare: compare })))
        continue
      found.push(value)
    }
  }
  return found
}
