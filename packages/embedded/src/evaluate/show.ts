import { Double, isArray, isDecimal, isDoc, isObjectId, typeName, type Value } from '@stage0/bson-schema'

/** Longest text of a value in a message. */
const MAX_LENGTH = 1_000

/** A value as error messages print it: `{ a: 1, b: "x" }`. */
export function show(value: Value | undefined): string {
  const text = print(value)
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text
}

function print(value: Value | undefined): string {
  if (value === undefined) return 'MISSING'
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof Double) return value.value.toFixed(1)
  if (isDoc(value)) {
    if (value.size === 0) return '{}'
    return `{ ${value.keys.map((key, i) => `${key}: ${print(value.values[i])}`).join(', ')} }`
  }
  if (isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(print).join(', ')} ]`
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (isObjectId(value)) return `ObjectId('${value.toHexString()}')`
  if (isDecimal(value)) return `NumberDecimal("${value.toString()}")`
  return typeName(value)
}
