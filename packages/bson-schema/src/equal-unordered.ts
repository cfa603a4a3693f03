import { compareValues } from './compare.ts'
import { isArray, isDoc, type Value } from './value.ts'

/** Equality as `enum` and `uniqueItems` of a schema see it: canonical, but the order of fields does not count, at any depth. */
export function equalIgnoringOrder(a: Value, b: Value): boolean {
  if (isDoc(a)) {
    if (!isDoc(b) || a.size !== b.size) return false
    for (let i = 0; i < a.size; i++) {
      const at = b.indexOf(a.keys[i] as string)
      if (at < 0 || !equalIgnoringOrder(a.values[i] as Value, b.values[at] as Value)) return false
    }
    return true
  }
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) {
      if (!equalIgnoringOrder(a[i] as Value, b[i] as Value)) return false
    }
    return true
  }
  return compareValues(a, b) === 0
}
