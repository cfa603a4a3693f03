/** One top-level element of a raw BSON document: `[start, end)` is the whole element, the value starts at `valueAt`. */
export interface RawElement {
  readonly type: number
  readonly name: string
  readonly start: number
  readonly valueAt: number
  readonly end: number
}

/** Raw bytes that are not a BSON document. */
export class MalformedBson extends Error {}

/** Well-formed so far, but nested beyond the limit. */
export class NestedTooDeeply extends MalformedBson {}

const ASCII_LIMIT = 0x80
const decoder = new TextDecoder('utf-8', { fatal: true })

const int32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/** The little-endian int32 at `at`; throws where fewer than four bytes are left before `end`. */
export function readInt32(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) throw new MalformedBson('truncated')
  return int32(bytes, at)
}

/** Position of the zero byte that ends the cstring at `at`. */
function cstringEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === 0) return i
  throw new MalformedBson('a name without its end')
}

function text(bytes: Uint8Array, from: number, to: number): string {
  // Short ASCII names are the rule; a TextDecoder call costs more than the loop.
  let ascii = ''
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte >= ASCII_LIMIT) {
      try {
        return decoder.decode(bytes.subarray(from, to))
      } catch {
        throw new MalformedBson('a name that is not UTF-8')
      }
    }
    ascii += String.fromCharCode(byte)
  }
  return ascii
}

/** A length-prefixed document at `at`: its end. Throws `MalformedBson`. */
export function documentEnd(bytes: Uint8Array, at: number, end: number): number {
  const length = readInt32(bytes, at, end)
  if (length < 5 || at + length > end || bytes[at + length - 1] !== 0)
    throw new MalformedBson('a document with a wrong length')
  return at + length
}

/** A length-prefixed string at `at`: its end. Throws `MalformedBson`. */
export function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  const length = readInt32(bytes, at, end)
  const stop = at + 4 + length
  if (length < 1 || stop > end || bytes[stop - 1] !== 0) throw new MalformedBson('a string with a wrong length')
  return stop
}

/** Where the value of `type` at `at` ends; it may be beyond `end`. Throws `MalformedBson`. */
export function valueEnd(bytes: Uint8Array, type: number, at: number, end: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return at + 8
    case 0x02:
    case 0x0d:
    case 0x0e:
      return stringEnd(bytes, at, end)
    case 0x03:
    case 0x04:
      return documentEnd(bytes, at, end)
    case 0x05: {
      const length = readInt32(bytes, at, end)
      if (length < 0) throw new MalformedBson('binary data with a wrong length')
      return at + 5 + length
    }
    case 0x06:
    case 0x0a:
    case 0xff:
    case 0x7f:
      return at
    case 0x07:
      return at + 12
    case 0x08:
      return at + 1
    case 0x0b:
      return cstringEnd(bytes, cstringEnd(bytes, at, end) + 1, end) + 1
    case 0x0c:
      return stringEnd(bytes, at, end) + 12
    case 0x0f: {
      const length = readInt32(bytes, at, end)
      const code = stringEnd(bytes, at + 4, end)
      if (at + length > end || documentEnd(bytes, code, end) !== at + length)
        throw new MalformedBson('code with a wrong length')
      return at + length
    }
    case 0x10:
      return at + 4
    case 0x13:
      return at + 16
    default:
      throw new MalformedBson(`unknown element type ${type}`)
  }
}

/** The elements of the document that starts at `from`. Throws `MalformedBson`. */
export function* elements(bytes: Uint8Array, from = 0): Generator<RawElement> {
  const end = documentEnd(bytes, from, bytes.length) - 1
  let at = from + 4
  while (at < end) {
    const type = bytes[at] as number
    const nameEnd = cstringEnd(bytes, at + 1, end)
    const stop = valueEnd(bytes, type, nameEnd + 1, end)
    if (stop > end) throw new MalformedBson('an element beyond its document')
    yield { type, name: text(bytes, at + 1, nameEnd), start: at, valueAt: nameEnd + 1, end: stop }
    at = stop
  }
}

/**
 * Walks the whole document and returns its nesting depth (1 for a flat one). Throws `MalformedBson`, also beyond `maxDepth`,
 * so that no later recursion over the document can exhaust the stack.
 */
export function validateBson(bytes: Uint8Array, from: number, end: number, maxDepth: number): number {
  if (maxDepth <= 0) throw new NestedTooDeeply('nested too deeply')
  if (documentEnd(bytes, from, end) !== end) throw new MalformedBson('a document with a wrong length')
  const last = end - 1
  let deepest = 1
  let at = from + 4
  while (at < last) {
    const type = bytes[at] as number
    const valueAt = cstringEnd(bytes, at + 1, last) + 1
    const stop = valueEnd(bytes, type, valueAt, last)
    if (stop > last) throw new MalformedBson('an element beyond its document')
    if (type === 0x08 && (bytes[valueAt] as number) > 1) throw new MalformedBson('a boolean that is neither 0 nor 1')
    if (type === 0x03 || type === 0x04) {
      deepest = Math.max(deepest, 1 + validateBson(bytes, valueAt, stop, maxDepth - 1))
    } else if (type === 0x0f) {
      const scope = stringEnd(bytes, valueAt + 4, stop)
      deepest = Math.max(deepest, 1 + validateBson(bytes, scope, stop, maxDepth - 1))
    }
    at = stop
  }
  return deepest
}
