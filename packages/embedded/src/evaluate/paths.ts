import { EMPTY_DOC, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'

/** Deepest nesting of a BSON document. Source: the manual's "MongoDB Limits". */
const MAX_PATH_PARTS = 200

/** Splits a dotted path of an aggregation; refuses empty parts, `$`-prefixed parts and NUL. */
export function fieldPath(path: string): readonly string[] {
  if (path === '') throw new ServerError(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw new ServerError(40353, `FieldPath must not end with a '.'.`)
  const parts = path.split('.')
  if (parts.length > MAX_PATH_PARTS) throw new ServerError(5984700, 'FieldPath is too long')
  for (const part of parts) {
    if (part === '') throw new ServerError(15998, 'FieldPath field names may not be empty strings.')
    if (part.startsWith('$')) {
      throw new ServerError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      )
    }
    if (part.includes('\0')) throw new ServerError(16411, 'FieldPath field names may not contain null bytes.')
  }
  return parts
}

const INDEX = /^(?:0|[1-9]\d{0,8})$/

/** The array position that a path part names, or -1. */
export const arrayIndex = (part: string): number => (INDEX.test(part) ? Number(part) : -1)

/**
 * The value at a path as aggregation expressions see it: arrays on the way are mapped over their documents,
 * and a numeric part never indexes an array.
 */
export function valueAt(value: Value | undefined, parts: readonly string[], from = 0): Value | undefined {
  let current = value
  for (let i = from; i < parts.length; i++) {
    if (isDoc(current)) {
      current = current.get(parts[i] as string)
    } else if (isArray(current)) {
      const found: Value[] = []
      for (const element of current) {
        if (!isDoc(element)) continue
        const nested = valueAt(element, parts, i)
        if (nested !== undefined) found.push(nested)
      }
      return found
    } else return undefined
  }
  return current
}

/** The value at a path without looking into arrays; the path of `$unwind`, `$fill` and the like. */
export function plainValueAt(document: Doc, parts: readonly string[]): Value | undefined {
  let current: Value | undefined = document
  for (const part of parts) {
    if (!isDoc(current)) return undefined
    current = current.get(part)
  }
  return current
}

/** A copy of `document` with the value at a path set; whatever is not a document on the way is replaced by one. */
export function withValueAt(document: Doc, parts: readonly string[], value: Value, at = 0): Doc {
  const key = parts[at] as string
  if (at === parts.length - 1) return document.with(key, value)
  const child = document.get(key)
  return document.with(key, withValueAt(isDoc(child) ? child : EMPTY_DOC, parts, value, at + 1))
}

/** A copy without the value at a path; unchanged where a part of the path is not a document. */
export function withoutValueAt(document: Doc, parts: readonly string[], at = 0): Doc {
  const key = parts[at] as string
  if (at === parts.length - 1) return document.without(key)
  const child = document.get(key)
  return isDoc(child) ? document.with(key, withoutValueAt(child, parts, at + 1)) : document
}
