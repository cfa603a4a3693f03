import { decode, type Doc, type Value } from '@stage0/bson-schema'

/** A stored document. Never changed: an update puts another record in its place. */
export interface StoredRecord {
  readonly raw: Uint8Array
  readonly id: Value
  /** `hashKey` of the `_id`: the key of the collection's map. */
  readonly key: string
  /** Place in the order of insertion; an update keeps it. */
  readonly sequence: number
}

/** Decodes on every call: decoded documents would take three times the memory of the raw ones. */
export const documentOf = (record: StoredRecord): Doc => decode(record.raw)
