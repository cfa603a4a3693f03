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
