import { EMPTY_DOC, Double, isArray, isBinary, isDoc, type Doc, type Value } from '@stage0/bson-schema'

/** Readers of fields that may hold anything, since others write to the database too. */

export const textAt = (document: Doc, key: string): string | undefined => {
  const value = document.get(key)
  return typeof value === 'string' ? value : undefined
}

export const docAt = (document: Doc, key: string): Doc => {
  const value = document.get(key)
  return isDoc(value) ? value : EMPTY_DOC
}

export const docsAt = (document: Doc, key: string): readonly Doc[] => {
  const value = document.get(key)
  return isArray(value) ? value.filter(isDoc) : []
}

/** A number of any BSON type but decimal. */
export const numberAt = (document: Doc, key: string): number | undefined => {
  const value = document.get(key)
  if (value instanceof Double) return value.value
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

export const dateAt = (document: Doc, key: string): Date | undefined => {
  const value = document.get(key)
  return value instanceof Date ? value : undefined
}

/** Hex digits of a UUID. Known by its tag, not by its class: Node loads the `bson` of the driver a second time, as CommonJS. */
export const uuidHex = (value: Value | undefined): string | undefined =>
  isBinary(value) ? Buffer.from(value.buffer.subarray(0, value.position)).toString('hex') : undefined
