import { Double, isArray, isDoc, isNumeric, typeName, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'

const wrongType = (path: string, value: Value, expected: string): ServerError =>
  new ServerError(14, `BSON field '${path}' is the wrong type '${typeName(value)}', expected type '${expected}'`)

/** The number as a JavaScript one. Loses precision beyond 2^53. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Double) return value.value
  return Number(String(value))
}

/** Whether a flag is set, as `Fields.flag` reads it; a value of another type is no flag, and the command refuses it. */
export const isSet = (value: Value | undefined): boolean =>
  value === true || (value !== undefined && isNumeric(value) && toNumber(value) !== 0)

/** Reads the fields of a command, or of a part of one, with the server's errors for wrong types. */
export class Fields {
  readonly #path: string
  readonly #document: Doc

  constructor(path: string, document: Doc) {
    this.#path = path
    this.#document = document
  }

  /** Throws 40415 for a field that is not in `known`. */
  only(known: readonly string[]): this {
    const unknown = this.#document.keys.find((key) => !known.includes(key))
    if (unknown !== undefined)
      throw new ServerError(40415, `BSON field '${this.#path}.${unknown}' is an unknown field.`)
    return this
  }

  #read<T extends Value>(name: string, expected: string, is: (value: Value) => value is T): T | undefined {
    const value = this.#document.get(name)
    // The server takes null for absent wherever a field is optional.
    if (value === undefined || value === null) return undefined
    if (!is(value)) throw wrongType(`${this.#path}.${name}`, value, expected)
    return value
  }

  #required<T>(name: string, value: T | undefined): T {
    if (value === undefined)
      throw new ServerError(40414, `BSON field '${this.#path}.${name}' is missing but a required field`)
    return value
  }

  string(name: string): string | undefined {
    return this.#read(name, 'string', (value) => typeof value === 'string')
  }

  requiredString(name: string): string {
    return this.#required(name, this.string(name))
  }

  doc(name: string): Doc | undefined {
    return this.#read(name, 'object', isDoc)
  }

  requiredDoc(name: string): Doc {
    return this.#required(name, this.doc(name))
  }

  array(name: string): readonly Value[] | undefined {
    return this.#read(name, 'array', (value) => isArray(value))
  }

  requiredArray(name: string): readonly Value[] {
    return this.#required(name, this.array(name))
  }

  /** An array of documents. */
  docs(name: string): readonly Doc[] | undefined {
    return this.array(name)?.map((item, i) => {
      if (!isDoc(item)) throw wrongType(`${this.#path}.${name}.${i}`, item, 'object')
      return item
    })
  }

  /** Booleans, and numbers as the server takes them for booleans. */
  flag(name: string): boolean {
    const value = this.#document.get(name)
    if (value === undefined || value === null) return false
    if (typeof value === 'boolean') return value
    if (isNumeric(value)) return toNumber(value) !== 0
    throw wrongType(`${this.#path}.${name}`, value, 'bool')
  }

  /** A whole number that is not negative: error 51024 otherwise. */
  count(name: string): number | undefined {
    const value = this.#read(name, 'long', isNumeric)
    if (value === undefined) return undefined
    const number = toNumber(value)
    if (!Number.isInteger(number)) throw new ServerError(2, `'${name}' must be a whole number`)
    if (number < 0) {
      throw new ServerError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`)
    }
    return number
  }

  number(name: string): number | undefined {
    const value = this.#read(name, 'long', isNumeric)
    return value === undefined ? undefined : toNumber(value)
  }

  /** A 64-bit integer, exact. */
  long(name: string): bigint | undefined {
    const value = this.#read(name, 'long', isNumeric)
    if (value === undefined || typeof value === 'bigint') return value
    const number = toNumber(value)
    if (!Number.isInteger(number)) throw wrongType(`${this.#path}.${name}`, value, 'long')
    return BigInt(number)
  }

  get(name: string): Value | undefined {
    return this.#document.get(name)
  }
}
