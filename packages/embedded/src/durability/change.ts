import { Binary } from 'bson'
import type { Doc } from '@stage0/bson-schema'
import { decode, doc, encode, isArray, isBinary, isDoc, type Value } from '@stage0/bson-schema'
import { recordOf } from '../storage/record-bytes.ts'

/** A collection as the data folder keeps it. */
export interface StoredCollection {
  /** 16 bytes: the collection's identity, also when it is renamed. */
  readonly uuid: Uint8Array
  readonly database: string
  readonly name: string
  /** As `listCollections` shows them. */
  readonly options: Doc
  /** As `listIndexes` shows them, without `_id_`. */
  readonly indexes: readonly Doc[]
}

/** One step from one state of the data to the next. Documents are raw; those of `remove` may hold nothing but `_id`. */
export type StoredChange =
  | { readonly kind: 'create'; readonly collection: StoredCollection }
  | { readonly kind: 'drop'; readonly uuid: Uint8Array }
  | { readonly kind: 'rename'; readonly uuid: Uint8Array; readonly name: string }
  | { readonly kind: 'options'; readonly uuid: Uint8Array; readonly options: Doc }
  | { readonly kind: 'index'; readonly uuid: Uint8Array; readonly spec: Doc }
  | { readonly kind: 'dropIndex'; readonly uuid: Uint8Array; readonly name: string }
  | { readonly kind: 'put' | 'remove'; readonly uuid: Uint8Array; readonly documents: readonly Uint8Array[] }

const SUBTYPE_UUID = 4
const uuidValue = (uuid: Uint8Array): Binary => new Binary(uuid, SUBTYPE_UUID)

/** The document that stands for a collection, in the log and in a snapshot. */
export const storedDoc = ({ uuid, database, name, options, indexes }: StoredCollection): Doc =>
  doc({ uuid: uuidValue(uuid), database, name, options, indexes: [...indexes] })

function headOf(change: StoredChange): Doc {
  const { kind } = change
  switch (change.kind) {
    case 'create':
      return doc({ kind, collection: storedDoc(change.collection) })
    case 'put':
    case 'remove':
      return doc({ kind, uuid: uuidValue(change.uuid), count: change.documents.length })
    case 'drop':
      return doc({ kind, uuid: uuidValue(change.uuid) })
    case 'rename':
    case 'dropIndex':
      return doc({ kind, uuid: uuidValue(change.uuid), name: change.name })
    case 'options':
      return doc({ kind, uuid: uuidValue(change.uuid), options: change.options })
    case 'index':
      return doc({ kind, uuid: uuidValue(change.uuid), spec: change.spec })
    default:
      return change satisfies never
  }
}

/** The bytes of a unit: a document that lists its changes, then the raw documents as they are stored, not copied. */
export const encodeChanges = (changes: readonly StoredChange[]): readonly Uint8Array[] => [
  encode(doc({ changes: changes.map(headOf) })),
  ...changes.flatMap((change) => (change.kind === 'put' || change.kind === 'remove' ? change.documents : [])),
]

/** Bytes with a right checksum that do not read as what the server writes: another program wrote them, or a defect. */
export class UnreadableRecord extends Error {}

const wrong = (what: string): UnreadableRecord => new UnreadableRecord(what)

function textAt(from: Doc, field: string): string {
  const value = from.get(field)
  if (typeof value !== 'string') throw wrong(`${field} is no text`)
  return value
}

function docAt(from: Doc, field: string): Doc {
  const value = from.get(field)
  if (!isDoc(value)) throw wrong(`${field} is no document`)
  return value
}

function uuidAt(from: Doc): Uint8Array {
  const value = from.get('uuid')
  if (value === undefined || !isBinary(value)) throw wrong('uuid is no binary value')
  return Uint8Array.prototype.slice.call(value.buffer, 0, value.position)
}

function docsAt(from: Doc, field: string): readonly Doc[] {
  const value = from.get(field) as Value
  if (!isArray(value) || !value.every(isDoc)) throw wrong(`${field} is no list of documents`)
  return value
}

/** Reads what `storedDoc` made. Throws `UnreadableRecord`. */
export const readStored = (from: Doc): StoredCollection => ({
  uuid: uuidAt(from),
  database: textAt(from, 'database'),
  name: textAt(from, 'name'),
  options: docAt(from, 'options'),
  indexes: docsAt(from, 'indexes'),
})

/** The length of the raw document at `at`. Throws `UnreadableRecord` where none can be. */
export function rawLength(bytes: Uint8Array, at: number): number {
  const SMALLEST = 5
  if (at + SMALLEST > bytes.length) throw wrong('a document is missing')
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getInt32(0, true)
  if (length < SMALLEST || at + length > bytes.length) throw wrong('a document has a wrong length')
  return length
}

/** Reads what `encodeChanges` made; its documents are copies. Throws `UnreadableRecord`. */
export function decodeChanges(bytes: Uint8Array): readonly StoredChange[] {
  let at = rawLength(bytes, 0)
  const take = (count: Value | undefined): readonly Uint8Array[] => {
    if (typeof count !== 'number') throw wrong('count is no number')
    return Array.from({ length: count }, () => {
      const length = rawLength(bytes, at)
      at += length
      return recordOf(bytes, at - length, at)
    })
  }
  const changes = docsAt(decode(bytes.subarray(0, at)), 'changes').map((head): StoredChange => {
    const kind = textAt(head, 'kind')
    switch (kind) {
      case 'create':
        return { kind, collection: readStored(docAt(head, 'collection')) }
      case 'put':
      case 'remove':
        return { kind, uuid: uuidAt(head), documents: take(head.get('count')) }
      case 'drop':
        return { kind, uuid: uuidAt(head) }
      case 'rename':
      case 'dropIndex':
        return { kind, uuid: uuidAt(head), name: textAt(head, 'name') }
      case 'options':
        return { kind, uuid: uuidAt(head), options: docAt(head, 'options') }
      case 'index':
        return { kind, uuid: uuidAt(head), spec: docAt(head, 'spec') }
      default:
        throw wrong(`an unknown kind of change, ${kind}`)
    }
  })
  if (at !== bytes.length) throw wrong('bytes after the last document')
  return changes
}
