import { BsonUndefined, CodeWithScope, DbPointer, Doc, Double, decode, isArray, type Value } from '@stage0/bson-schema'
import { Code, Double as DriverDouble, Long, type Document } from 'mongodb'

/** A value of a BSON type that drivers read but do not send. `path` names its place: "stages.0.a". */
export class UnsendableValueError extends Error {
  readonly path: string
  readonly type: string
  constructor(path: string, type: string) {
    super(`the value at ${path} has the deprecated BSON type ${type}`)
    this.name = 'UnsendableValueError'
    this.path = path
    this.type = type
  }
}

/**
 * A value in the form that the driver serialises without loss: documents as `Map`, since an object cannot hold
 * integer-like keys in order; doubles and longs wrapped, so that 5.0 is not sent as int 5.
 *
 * @throws UnsendableValueError for the deprecated types undefined and dbPointer.
 */
export function toDriver(value: Value, path = ''): unknown {
  if (isArray(value)) return value.map((item, index) => toDriver(item, join(path, String(index))))
  if (value instanceof Doc) return toDriverDocument(value, path)
  if (typeof value === 'bigint') return Long.fromBigInt(value)
  if (value instanceof Double) return new DriverDouble(value.value)
  if (value instanceof CodeWithScope) return new Code(value.code, toDriverDocument(value.scope, join(path, '$scope')))
  if (value instanceof BsonUndefined) throw new UnsendableValueError(path, 'undefined')
  if (value instanceof DbPointer) throw new UnsendableValueError(path, 'dbPointer')
  return value
}

/** A document for the driver. The static type is the driver's `Document`, whose serialiser takes maps as they are. */
export function toDriverDocument(document: Doc, path = ''): Document {
  const map = new Map<string, unknown>()
  for (const [key, value] of document.entries()) map.set(key, toDriver(value, join(path, key)))
  return map
}

/** Reading options of a cursor whose documents go to `readDocument`: bytes, so that no type and no order is lost. */
export const AS_BYTES = { raw: true } as const

/** A document of a cursor that was opened with `AS_BYTES`. */
export function readDocument(bytes: Document): Doc {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError('expected a document as bytes: was the cursor opened with raw?')
  return decode(bytes)
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
