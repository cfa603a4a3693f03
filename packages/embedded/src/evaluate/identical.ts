import { compareValues, isArray, isDecimal, isDoc, typeNumber, type Value } from '@stage0/bson-schema'

/** Whether two values are the same to the byte: type, order of fields and representation of decimals count. */
export function identical(a: Value, b: Value): boolean {
  if (a === b) return !(a === 0 && !Object.is(a, b))
  if (typeNumber(a) !== typeNumber(b)) return false
  if (isDoc(a)) {
    if (!isDoc(b) || a.size !== b.size) return false
    return a.keys.every((key, i) => key === b.keys[i] && identical(a.values[i] as Value, b.values[i] as Value))
  }
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((value, i) => identical(value, b[i] as Value))
  }
  if (isDecimal(a)) return isDecimal(b) && a.bytes.every((byte, i) => byte === b.bytes[i])
  return compareValues(a, b) === 0
}
