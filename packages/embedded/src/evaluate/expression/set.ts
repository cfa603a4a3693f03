import type { Value } from '@stage0/bson-schema'
import { isArray } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, keyIn, typeOf } from '../values.ts'
import { binary, variadic } from './builders.ts'
import type { CompileOperator, Scope } from './types.ts'

type MaybeValue = Value | undefined

function listOf(value: MaybeValue, name: string, code: number): readonly Value[] {
  if (isArray(value)) return value
  throw new ServerError(code, `All operands of ${name} must be arrays. One argument is of type: ${typeOf(value)}`)
}

/** The distinct elements of a list by key, the first of equal ones kept. */
function distinct(list: readonly Value[], scope: Scope, key = keyIn(scope.context.collation)): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const each of list) {
    const k = key(each)
    if (!found.has(k)) found.set(k, each)
  }
  return found
}

function union(lists: MaybeValue[], name: string, scope: Scope): MaybeValue {
  const all: Value[] = []
  for (const list of lists) {
    if (isNullish(list)) return null
    for (const each of listOf(list, name, 17043)) all.push(each)
  }
  return [...distinct(all, scope).values()]
}

function intersection(lists: MaybeValue[], name: string, scope: Scope): MaybeValue {
  if (lists.length === 0) return []
  const key = keyIn(scope.context.collation)
  let kept: Map<string, Value> | undefined
  for (const list of lists) {
    if (isNullish(list)) return null
    const next = distinct(listOf(list, name, 17047), scope, key)
    kept = kept === undefined ? next : new Map([...kept].filter(([k]) => next.has(k)))
  }
  return [...(kept?.values() ?? [])]
}

function difference(a: MaybeValue, b: MaybeValue, name: string, scope: Scope): MaybeValue {
  if (isNullish(a) || isNullish(b)) return null
  const key = keyIn(scope.context.collation)
  const removed = distinct(listOf(b, name, 17049), scope, key)
  return [...distinct(listOf(a, name, 17048), scope, key)].flatMap(([k, value]) => (removed.has(k) ? [] : [value]))
}

function equals(lists: MaybeValue[], name: string, scope: Scope): MaybeValue {
  if (lists.length < 2) throw new ServerError(17045, `${name} needs at least two arguments had: ${lists.length}`)
  const key = keyIn(scope.context.collation)
  const [first, ...rest] = lists.map((list) => distinct(listOf(list, name, 17044), scope, key)) as [
    Map<string, Value>,
    ...Map<string, Value>[],
  ]
  return rest.every((each) => each.size === first.size && [...each.keys()].every((k) => first.has(k)))
}

function subset(a: MaybeValue, b: MaybeValue, name: string, scope: Scope): MaybeValue {
  const key = keyIn(scope.context.collation)
  const inner = listOf(a, name, 17046)
  const outer = distinct(listOf(b, name, 17042), scope, key)
  return inner.every((each) => outer.has(key(each)))
}

export const SET: Readonly<Record<string, CompileOperator>> = {
  $setUnion: variadic(union),
  $setIntersection: variadic(intersection),
  $setDifference: binary(difference),
  $setEquals: variadic(equals),
  $setIsSubset: binary(subset),
}
