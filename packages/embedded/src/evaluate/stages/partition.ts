import type { Doc, Value } from '@stage0/bson-schema'
import { sortDocuments } from '../compile-sort.ts'
import type { Evaluate, Scope } from '../expression/types.ts'
import { keyIn } from '../values.ts'

/** Splits documents by the value of an expression, and sorts each part; parts come in the order in which they are met. */
export function partition(
  input: Iterable<Doc>,
  by: Evaluate | undefined,
  sortBy: Doc | undefined,
  scope: Scope,
): readonly (readonly Doc[])[] {
  const key = keyIn(scope.context.collation)
  const parts = new Map<string, Doc[]>()
  for (const document of input) {
    const value: Value = by?.(document) ?? null
    const k = key(value)
    const part = parts.get(k)
    if (part === undefined) parts.set(k, [document])
    else part.push(document)
  }
  return [...parts.values()].map((part) => (sortBy === undefined ? part : sortDocuments(part, sortBy, scope.context)))
}
