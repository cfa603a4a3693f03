import { documentEnd, MalformedBson, NestedTooDeeply, stringEnd, validateBson, valueEnd } from './scan.ts'

/** A document within the bytes of a message, and what one walk over it has told: all that storing it asks for. */
export interface ScannedDocument {
  readonly bytes: Uint8Array
  readonly from: number
  readonly end: number
  /** Levels of documents and arrays; 1 for a flat document. */
  readonly depth: number
  /** Where the element `_id` starts; -1 without one. */
  readonly idFrom: number
  readonly idValueAt: number
  readonly idEnd: number
  readonly hasSecondId: boolean
  readonly hasTimestamp: boolean
  /** A top-level name is not ASCII: whether it is UTF-8 is not known yet. */
  readonly hasOtherNames: boolean
}

const ASCII_LIMIT = 0x80
const TYPE_DOCUMENT = 0x03
const TYPE_ARRAY = 0x04
const TYPE_BOOLEAN = 0x08
const TYPE_CODE_WITH_SCOPE = 0x0f
const TYPE_TIMESTAMP = 0x11

/**
 * Validates the document of `bytes` that starts at `from` as `validateBson` does, and finds its `_id`, without an object or a
 * text for any element. Throws `MalformedBson`, also for one that does not end before `limit`.
 */
export function scanDocument(bytes: Uint8Array, from: number, limit: number, maxDepth: number): ScannedDocument {
  if (maxDepth <= 0) throw new NestedTooDeeply('nested too deeply')
  const end = documentEnd(bytes, from, limit)
  const last = end - 1
  let depth = 1
  let idFrom = -1
  let idValueAt = -1
  let idEnd = -1
  let hasSecondId = false
  let hasTimestamp = false
  let hasOtherNames = false
  for (let at = from + 4; at < last;) {
    const start = at
    const type = bytes[at] as number
    let nameEnd = at + 1
    for (let byte = bytes[nameEnd] as number; byte !== 0 && nameEnd < last; byte = bytes[++nameEnd] as number) {
      if (byte >= ASCII_LIMIT) hasOtherNames = true
    }
    if (nameEnd >= last) throw new MalformedBson('a name without its end')
    at = valueEnd(bytes, type, nameEnd + 1, last)
    if (at > last) throw new MalformedBson('an element beyond its document')
    if (type === TYPE_BOOLEAN) {
      if ((bytes[nameEnd + 1] as number) > 1) throw new MalformedBson('a boolean that is neither 0 nor 1')
    } else if (type === TYPE_DOCUMENT || type === TYPE_ARRAY || type === TYPE_CODE_WITH_SCOPE) {
      depth = Math.max(depth, 1 + validateBson(bytes, innerDocument(bytes, type, nameEnd + 1, at), at, maxDepth - 1))
    } else if (type === TYPE_TIMESTAMP) hasTimestamp = true
    if (nameEnd - start !== 4 || !isId(bytes, start + 1)) continue
    if (idFrom >= 0) hasSecondId = true
    else {
      idFrom = start
      idValueAt = nameEnd + 1
      idEnd = at
    }
  }
  return { bytes, from, end, depth, idFrom, idValueAt, idEnd, hasSecondId, hasTimestamp, hasOtherNames }
}

const isId = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x5f && bytes[at + 1] === 0x69 && bytes[at + 2] === 0x64

/** Where the document starts in a value that has one; of code with scope it stands behind the text. */
const innerDocument = (bytes: Uint8Array, type: number, valueAt: number, end: number): number =>
  type === TYPE_CODE_WITH_SCOPE ? stringEnd(bytes, valueAt + 4, end) : valueAt
