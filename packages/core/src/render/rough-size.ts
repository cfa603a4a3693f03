import { isArray, isDoc, type Value } from '@stage0/bson-schema'

/** Rough size of a value as JSON, in bytes: enough to tell a schema of kilobytes from one of gigabytes. */
export function roughSize(value: Value): number {
  if (typeof value === 'string') return value.length + 2
  if (isArray(value)) return value.reduce<number>((sum, item) => sum + roughSize(item) + 1, 2)
  if (!isDoc(value)) return 8
  let size = 2
  for (let i = 0; i < value.size; i++)
    size += (value.keys[i] as string).length + 4 + roughSize(value.values[i] as Value)
  return size
}
