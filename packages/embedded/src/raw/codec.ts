import { encode } from '@stage0/bson-schema'
import type { Doc } from '@stage0/bson-schema'
import { elements, type RawElement } from './scan.ts'

/** The bytes of one named top-level element, undefined where it is absent. */
export function findElement(bytes: Uint8Array, name: string): RawElement | undefined {
  for (const found of elements(bytes)) if (found.name === name) return found
  return undefined
}

/** Raw documents of a raw BSON array; `undefined` where an element is no document. */
export function arrayDocuments(bytes: Uint8Array, array: RawElement): readonly Uint8Array[] | undefined {
  const out: Uint8Array[] = []
  for (const item of elements(bytes, array.valueAt)) {
    if (item.type !== 0x03) return undefined
    out.push(bytes.subarray(item.valueAt, item.end))
  }
  return out
}

/** The raw elements of a document: its encoding without length and closing zero. */
export const encodedElements = (document: Doc): Uint8Array => {
  const bytes = encode(document)
  return bytes.subarray(4, bytes.length - 1)
}
