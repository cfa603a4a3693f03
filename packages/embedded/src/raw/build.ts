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

/** The elements of a raw document: its bytes without length and closing zero. */
export const inner = (document: Uint8Array): Uint8Array => document.subarray(4, document.length - 1)

export function writeInt32(into: Uint8Array, at: number, value: number): void {
  into[at] = value
  into[at + 1] = value >> 8
  into[at + 2] = value >> 16
  into[at + 3] = value >> 24
}

/** Bytes of an element before its value. `name` is ASCII. */
export const elementHead = (name: string): number => name.length + 2

/** Writes type and name of an element and returns where its value goes. `name` is ASCII. */
export function writeHead(into: Uint8Array, at: number, type: number, name: string): number {
  into[at++] = type
  for (let i = 0; i < name.length; i++) into[at++] = name.charCodeAt(i)
  into[at++] = 0
  return at
}

/** Bytes of a BSON array of raw documents. */
export function arrayBytes(documents: readonly Uint8Array[]): number {
  let length = 5
  for (let i = 0; i < documents.length; i++) length += arrayElementSize(i, (documents[i] as Uint8Array).length)
  return length
}

/** Writes an array of raw documents, which takes `bytes`, and returns where it ends. */
export function writeArray(into: Uint8Array, start: number, documents: readonly Uint8Array[], bytes: number): number {
  writeInt32(into, start, bytes)
  let at = start + 4
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i] as Uint8Array
    at = writeHead(into, at, 0x03, String(i))
    into.set(document, at)
    at += document.length
  }
  into[at] = 0
  return at + 1
}

const digits = (n: number): number => (n === 0 ? 1 : Math.floor(Math.log10(n)) + 1)

/** Bytes that a document of `length` takes as element `index` of an array. */
export const arrayElementSize = (index: number, length: number): number => 2 + digits(index) + length
