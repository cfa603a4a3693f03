import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'

/**
 * A BSON value that keeps its type and its order, in the cheapest JavaScript form that can do so:
 *
 * | BSON | here |
 * | --- | --- |
 * | int | `number` that is an integer in the int32 range (not -0) |
 * | double | any other `number`, or `Double` where the value would read as an int |
 * | long | `bigint` |
 * | object | `Doc`: ordered, immune to `__proto__` and to integer-like keys |
 * | array | array of values |
 * | string, bool, null, date | `string`, `boolean`, `null`, `Date` |
 * | others | the classes of `bson`; `DbPointer`, `CodeWithScope` and `UNDEFINED` of this file |
 *
 * JavaScript's `undefined` always means "missing" and is never a value. Values are immutable: copy, never change.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Double
  | Doc
  | readonly Value[]
  | Date
  | ObjectId
  | Decimal128
  | Binary
  | BSONRegExp
  | Timestamp
  | MinKey
  | MaxKey
  | Code
  | CodeWithScope
  | BSONSymbol
  | DbPointer
  | BsonUndefined

/** A double whose value is integral and fits int32, so that a plain number would read as an int. */
export class Double {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** The deprecated BSON type "undefined" (0x06): a value of its own, not a missing one. */
export class BsonUndefined {
  readonly bsonType = 'undefined'
}
export const UNDEFINED = new BsonUndefined()

/** The deprecated BSON type "dbPointer" (0x0c). */
export class DbPointer {
  readonly namespace: string
  readonly id: ObjectId
  constructor(namespace: string, id: ObjectId) {
    this.namespace = namespace
    this.id = id
  }
}

/** The deprecated BSON type "javascriptWithScope" (0x0f). */
export class CodeWithScope {
  readonly code: string
  readonly scope: Doc
  constructor(code: string, scope: Doc) {
    this.code = code
    this.scope = scope
  }
}

const INT32_MIN = -0x80000000
const INT32_MAX = 0x7fffffff
/** Above this many keys a lookup builds an index; below it a linear scan is cheaper. */
const INDEX_FROM_KEYS = 12

/** Whether a JavaScript number reads as BSON int (and not as double). */
export const isInt32 = (n: number): boolean => (n | 0) === n && !Object.is(n, -0)

/** The value of a BSON double: wrapped only where a plain number would read as an int. */
export const double = (n: number): number | Double => (isInt32(n) ? new Double(n) : n)

/** The smallest integer type that holds `n`: int, else long. `n` must be an integer in the int64 range. */
export const integer = (n: bigint): number | bigint => (n >= INT32_MIN && n <= INT32_MAX ? Number(n) : n)

/** An ordered document. Keys are unique: `docOf` and the decoders let the last of equal keys win, in the place of the first. */
export class Doc {
  readonly keys: readonly string[]
  readonly values: readonly Value[]
  #index: Map<string, number> | undefined

  constructor(keys: readonly string[], values: readonly Value[]) {
    this.keys = keys
    this.values = values
  }

  get size(): number {
    return this.keys.length
  }

  /** Position of `key`, or -1. */
  indexOf(key: string): number {
    if (this.keys.length < INDEX_FROM_KEYS) return this.keys.indexOf(key)
    this.#index ??= new Map(this.keys.map((k, i) => [k, i]))
    return this.#index.get(key) ?? -1
  }

  get(key: string): Value | undefined {
    const i = this.indexOf(key)
    return i < 0 ? undefined : this.values[i]
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0
  }

  *entries(): IterableIterator<[string, Value]> {
    for (let i = 0; i < this.keys.length; i++) yield [this.keys[i] as string, this.values[i] as Value]
  }

  /** A copy with `key` set: in its place if it is there, else at the end. */
  with(key: string, value: Value): Doc {
    const i = this.indexOf(key)
    if (i < 0) return new Doc([...this.keys, key], [...this.values, value])
    const values = [...this.values]
    values[i] = value
    return new Doc(this.keys, values)
  }

  /** A copy without `key`. */
  without(key: string): Doc {
    const i = this.indexOf(key)
    if (i < 0) return this
    return new Doc(this.keys.toSpliced(i, 1), this.values.toSpliced(i, 1))
  }
}

export const EMPTY_DOC = new Doc([], [])

/** A document from entries in order; of equal keys the last wins, in the place of the first. */
export function docOf(entries: Iterable<readonly [string, Value]>): Doc {
  const map = new Map<string, Value>()
  for (const [key, value] of entries) map.set(key, value)
  return new Doc([...map.keys()], [...map.values()])
}

export const isDoc = (value: unknown): value is Doc => value instanceof Doc
export const isArray = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

/** What `doc` accepts: plain objects and arrays are converted, numbers are taken as they are. */
export type Plain = Value | { readonly [key: string]: Plain | undefined } | readonly Plain[]

/**
 * A document from a literal, for code that knows its keys: `doc({ find: 'users', limit: 5 })`.
 * Never for data from outside: a JavaScript object cannot hold integer-like keys in order. Keys with `undefined` are left out.
 */
export function doc(literal: { readonly [key: string]: Plain | undefined }): Doc {
  const keys: string[] = []
  const values: Value[] = []
  for (const [key, value] of Object.entries(literal)) {
    if (value === undefined) continue
    keys.push(key)
    values.push(fromPlain(value))
  }
  return new Doc(keys, values)
}

function fromPlain(value: Plain): Value {
  if (Array.isArray(value)) return (value as readonly Plain[]).map(fromPlain)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return doc(value as { readonly [key: string]: Plain | undefined })
  }
  return value as Value
}
