import { Doc, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { compileFilterIn } from './compile-filter.ts'
import type { Filter } from './contract.ts'
import type { Scope } from './expression/types.ts'
import { arrayIndex, withValueAt } from './paths.ts'

/** Finds the array position that `$` stands for: where the filter matched the array at `path`. */
export type FindPosition = (document: Doc, path: readonly string[]) => number | undefined

interface Clause {
  readonly parts: readonly string[]
  readonly matches: Filter
}

/**
 * The positional operator's position. Each condition of the filter is tried on one array element at a time;
 * a condition on the very array wins over one on another array, a later one over an earlier one.
 */
export function compilePosition(filter: Doc, scope: Scope): FindPosition {
  const clauses = clausesOf(filter, scope)
  return (document, path) => {
    let other: number | undefined
    for (const clause of clauses.toReversed()) {
      const found = firstMatch(document, clause)
      if (found === undefined) continue
      if (path.every((part, i) => clause.parts[i] === part)) return found
      other ??= found
    }
    return other
  }
}

function clausesOf(filter: Doc, scope: Scope): Clause[] {
  return filter.keys.flatMap((key, i): Clause[] => {
    const operand = filter.values[i] as Value
    if ((key === '$and' || key === '$or') && isArray(operand)) {
      return operand.flatMap((each) => (isDoc(each) ? clausesOf(each, scope) : []))
    }
    if (key.startsWith('$')) return []
    return [{ parts: key.split('.'), matches: compileFilterIn(new Doc([key], [operand]), scope) }]
  })
}

function firstMatch(document: Doc, clause: Clause): number | undefined {
  let value: Value | undefined = document
  for (let i = 0; i <= clause.parts.length; i++) {
    if (isArray(value)) {
      const explicit = i < clause.parts.length && arrayIndex(clause.parts[i] as string) >= 0
      if (explicit) return undefined
      const at = clause.parts.slice(0, i)
      const found = value.findIndex((element) => clause.matches(withValueAt(document, at, [element])))
      return found < 0 ? undefined : found
    }
    if (!isDoc(value) || i === clause.parts.length) return undefined
    value = value.get(clause.parts[i] as string)
  }
  return undefined
}
