import { elements, type RawElement } from './scan.ts'
import { scanDocument, type ScannedDocument } from './scan-document.ts'

/** The bytes of one named top-level element, undefined where it is absent. */
export function findElement(bytes: Uint8Array, name: string): RawElement | undefined {
  for (const found of elements(bytes)) if (found.name === name) return found
  return undefined
}

/** The documents of a raw BSON array; `undefined` where an element is no document. Throws `MalformedBson`. */
export function arrayDocuments(
  bytes: Uint8Array,
  array: RawElement,
  maxDepth: number,
): readonly ScannedDocument[] | undefined {
  const out: ScannedDocument[] = []
  for (const item of elements(bytes, array.valueAt)) {
    if (item.type !== 0x03) return undefined
    out.push(scanDocument(bytes, item.valueAt, item.end, maxDepth))
  }
  return out
}
