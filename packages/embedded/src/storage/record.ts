import { decode, hashKey, type Doc, type Value } from '@stage0/bson-schema'

/** The same exactly for values of `_id` that are the same to the server. */
export type RecordKey = string | number

/** Integers stand for themselves: to make a text of each, and to hash it, would take half the time of storing a document. */
export function recordKey(id: Value): RecordKey {
  if (typeof id === 'number' && Number.isInteger(id)) return id
  const text = hashKey(id)
  if (!text.startsWith('n')) return text
  // A number of another type can be the same integer.
  const integer = Number(text.slice(1, -1))
  return Number.isInteger(integer) && hashKey(integer) === text ? integer : text
}

/** A stored document. Never changed: an update puts another record in its place. */
export interface StoredRecord {
  readonly raw: Uint8Array
  readonly id: Value
  /** Of the `_id`: the key of the collection's map. */
  readonly key: RecordKey
  /** Place in the order of insertion; an update keeps it. */
  readonly sequence: number
}

/** Decodes on every call: decoded documents would take three times the memory of the raw ones. */
export const documentOf = (record: StoredRecord): Doc => decode(record.raw)
