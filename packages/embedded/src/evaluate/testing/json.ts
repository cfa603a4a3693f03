import { canonicalJson, isDoc, readExtendedJson, type Doc, type Value } from '@stage0/bson-schema'

/** A value from Extended JSON; `1` is an int and `1.0` a double. */
export function json(text: string): Value {
  const read = readExtendedJson(text)
  if (!read.ok) throw new Error(`not Extended JSON: ${text}`)
  return read.value
}

export function jsonDoc(text: string): Doc {
  const value = json(text)
  if (!isDoc(value)) throw new Error(`not a document: ${text}`)
  return value
}

/** Canonical text, in which types and the order of fields count; "missing" for a missing value. */
export const canonical = (value: Value | undefined): string => (value === undefined ? 'missing' : canonicalJson(value))
