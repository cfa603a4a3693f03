import { Timestamp, ObjectId } from 'bson'
import { decodeValue, Doc, encode, encodeInto, isDoc, type Value } from '@stage0/bson-schema'
import { documentOf } from '../raw/build.ts'
import { elements, MalformedBson, validateBson } from '../raw/scan.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import { ServerError } from '../server-error.ts'
import { recordBytes, type RecordRow } from '../storage/record-bytes.ts'
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_NESTING, MAX_NESTING } from '../wire/limits.ts'

/** A document as it is stored: `_id` in front, its own bytes. */
export interface Incoming {
  readonly raw: Uint8Array
  readonly id: Value
}

const TYPE_TIMESTAMP = 0x11

/**
 * Prepares a document for storing: `_id` first, generated when it is missing; an empty top-level timestamp becomes the
 * current time. `row` is of the bytes that it stands in. Throws 10334 above 16 MB, 15 above 100 levels, 22 for names that are not UTF-8, 53 and 52 for an `_id` that
 * cannot be one.
 */
export function prepareDocument(scanned: ScannedDocument, row: RecordRow, now: Date): Incoming {
  const { bytes, from, end, depth, idFrom, idValueAt, idEnd, hasSecondId, hasTimestamp, hasOtherNames } = scanned
  checkSize(end - from)
  if (depth > MAX_NESTING) throw tooDeep()
  if (hasOtherNames) checkNames(bytes, from)
  if (hasSecondId) throw new ServerError(2, "can't have multiple _id fields in one document")
  const first = from + 4
  if (idFrom < 0) {
    const id = new ObjectId()
    const prefix = encode(new Doc(['_id'], [id]))
    const raw = documentOf([prefix.subarray(4, prefix.length - 1), bytes.subarray(first, end - 1)])
    checkSize(raw.length)
    return { raw: hasTimestamp ? fillTimestamps(raw, now) : raw, id }
  }
  let raw: Uint8Array
  if (idFrom === first) raw = row.record(from, end)
  else {
    raw = recordBytes(end - from)
    const idBytes = idEnd - idFrom
    raw.set(bytes.subarray(from, first))
    raw.set(bytes.subarray(idFrom, idEnd), 4)
    raw.set(bytes.subarray(first, idFrom), 4 + idBytes)
    raw.set(bytes.subarray(idEnd, end), idEnd - from)
  }
  const type = bytes[idFrom] as number
  const id = decodeValue(raw, type, 4 + (idValueAt - idFrom), 4 + (idEnd - idFrom))
  checkIdType(type, id)
  return { raw: hasTimestamp ? fillTimestamps(raw, now) : raw, id }
}

function checkNames(bytes: Uint8Array, from: number): void {
  try {
    for (const _ of elements(bytes, from));
  } catch (error) {
    if (error instanceof MalformedBson) throw new ServerError(22, error.message)
    throw error
  }
}

let timestampCounter = 0
const MILLISECONDS_PER_SECOND = 1000

function fillTimestamps(raw: Uint8Array, now: Date): Uint8Array {
  const view = new DataView(raw.buffer, raw.byteOffset)
  for (const each of elements(raw)) {
    if (each.type !== TYPE_TIMESTAMP || each.name === '_id') continue
    if (!raw.subarray(each.valueAt, each.end).every((byte) => byte === 0)) continue
    const stamp = new Timestamp({ t: Math.floor(now.getTime() / MILLISECONDS_PER_SECOND), i: ++timestampCounter })
    view.setUint32(each.valueAt, stamp.low >>> 0, true)
    view.setUint32(each.valueAt + 4, stamp.high >>> 0, true)
  }
  return raw
}

/** Encodes a changed document. Throws `tooLarge`, or 10334, above 16 MB and 15 above 100 levels. */
export function encodeDocument(document: Doc, tooLarge = sizeError): Uint8Array {
  const raw = encodeInto(document, recordBytes)
  if (raw.length > MAX_DOCUMENT_BYTES) throw tooLarge(raw.length)
  if (validateBson(raw, 0, raw.length, MAX_MESSAGE_NESTING) > MAX_NESTING) throw tooDeep()
  return raw
}

/** Puts the `_id` in front, or a new one when there is none. */
export function withId(document: Doc): Doc {
  if (document.keys[0] === '_id') return document
  const id = document.get('_id') ?? new ObjectId()
  const rest = document.without('_id')
  return new Doc(['_id', ...rest.keys], [id, ...rest.values])
}

const tooDeep = (): ServerError => new ServerError(15, `BSONObj exceeds maximum nested object depth: ${MAX_NESTING}`)

/** Throws 10334 for a document above 16 MB. */
export function checkSize(bytes: number): void {
  if (bytes > MAX_DOCUMENT_BYTES) throw sizeError(bytes)
}

const sizeError = (bytes: number): ServerError =>
  new ServerError(10334, `BSONObj size: ${bytes} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB)`)

const NOT_AN_ID: Readonly<Record<number, string>> = { 0x04: 'array', 0x06: 'undefined', 0x0b: 'regex' }

/** Throws 53 for an `_id` of a type that cannot be one, 52 for one with a field that starts with a dollar sign. */
export const checkId = (id: Value): void => checkIdType(encode(new Doc(['_id'], [id]))[4] as number, id)

function checkIdType(type: number, id: Value): void {
  const name = NOT_AN_ID[type]
  if (name !== undefined) throw new ServerError(53, `The '_id' value cannot be of type ${name}`)
  if (!isDoc(id)) return
  const dollar = id.keys.find((key) => key.startsWith('$'))
  if (dollar !== undefined)
    throw new ServerError(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`)
}
