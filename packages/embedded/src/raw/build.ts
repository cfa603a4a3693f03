const encoder = new TextEncoder()

/** Concatenates byte slices. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** A raw document from the bytes of its elements. */
export function documentOf(parts: readonly Uint8Array[]): Uint8Array {
  let length = 5
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  new DataView(out.buffer).setInt32(0, length, true)
  let at = 4
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** The bytes of one element: type, name, value. */
export function element(type: number, name: string, value: Uint8Array): Uint8Array {
  const nameBytes = encoder.encode(name)
  const out = new Uint8Array(2 + nameBytes.length + value.length)
  out[0] = type
  out.set(nameBytes, 1)
  out.set(value, 2 + nameBytes.length)
  return out
}

/** The elements of a raw document: its bytes without length and closing zero. */
export const inner = (document: Uint8Array): Uint8Array => document.subarray(4, document.length - 1)

/** A raw BSON array of raw documents. */
export function arrayOf(documents: readonly Uint8Array[]): Uint8Array {
  let length = 5
  for (let i = 0; i < documents.length; i++) length += 2 + digits(i) + (documents[i] as Uint8Array).length
  const out = new Uint8Array(length)
  new DataView(out.buffer).setInt32(0, length, true)
  let at = 4
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i] as Uint8Array
    out[at++] = 0x03
    for (const character of String(i)) out[at++] = character.charCodeAt(0)
    at++
    out.set(document, at)
    at += document.length
  }
  return out
}

const digits = (n: number): number => (n === 0 ? 1 : Math.floor(Math.log10(n)) + 1)

/** Bytes that a document of `length` takes as element `index` of an array. */
export const arrayElementSize = (index: number, length: number): number => 2 + digits(index) + length
