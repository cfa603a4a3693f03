import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { arrayIndex } from '../paths.ts'

/** Tests one value that a path led to; `undefined` where the field is missing. */
export type Test = (value: Value | undefined) => boolean

/** How a condition treats an array at the end of its path: each element and then the array itself, or the array only. */
export type LeafArrays = 'elements-and-array' | 'array'

/**
 * Whether any value that the path leads to passes the test, by the rules of queries:
 *
 * - an array on the way is entered: each of its documents is searched for the rest of the path, and a numeric part
 *   also selects the element at that position;
 * - an array at the end is tested element by element and then as a whole;
 * - a document without the field yields a missing value, but an array without documents yields nothing.
 */
export function anyAtPath(document: Doc, parts: readonly string[], leaf: LeafArrays, test: Test): boolean {
  return inDocument(document, parts, 0, leaf, test)
}

function inDocument(document: Doc, parts: readonly string[], at: number, leaf: LeafArrays, test: Test): boolean {
  let value: Value | undefined = document
  for (let i = at; i < parts.length; i++) {
    if (isDoc(value)) value = value.get(parts[i] as string)
    else if (isArray(value)) return inArray(value, parts, i, leaf, test)
    else return test(undefined)
  }
  return atLeaf(value, leaf, test)
}

function atLeaf(value: Value | undefined, leaf: LeafArrays, test: Test): boolean {
  if (leaf === 'elements-and-array' && isArray(value)) {
    for (const element of value) if (test(element)) return true
  }
  return test(value)
}

/** `at` is the part that must be found inside the array. */
function inArray(array: readonly Value[], parts: readonly string[], at: number, leaf: LeafArrays, test: Test): boolean {
  const index = arrayIndex(parts[at] as string)
  for (let i = 0; i < array.length; i++) {
    const element = array[i] as Value
    if (isDoc(element) && inDocument(element, parts, at, leaf, test)) return true
    if (i === index && atPosition(element, parts, at + 1, leaf, test)) return true
  }
  return false
}

/** An explicit position is no implicit traversal: an array that stands there at the end of the path is tested as a whole. */
function atPosition(element: Value, parts: readonly string[], at: number, leaf: LeafArrays, test: Test): boolean {
  if (at === parts.length) return test(element)
  if (isDoc(element)) return inDocument(element, parts, at, leaf, test)
  return isArray(element) && inArray(element, parts, at, leaf, test)
}
