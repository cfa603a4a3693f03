import { Doc, docOf, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileSortPattern } from '../sort-values.ts'
import { asSafeInteger, equalIn, isNullish, orderIn, typeOf } from '../values.ts'
import { arrayOr, integerOr, stringOr } from './arguments.ts'
import { binary, named, namedArguments, fold, unary, variadic } from './builders.ts'
import type { CompileOperator } from './types.ts'

type MaybeValue = Value | undefined
/** Longest list that `$range` builds. Source: a document may not be larger than 16 MiB. */
const MAX_RANGE_ITEMS = 4_000_000

function elementAt(list: MaybeValue, position: MaybeValue, name: string): MaybeValue {
  if (isNullish(list) || isNullish(position)) return null
  const array = arrayOr(list, 28689, `${name}'s first argument must be an array`)
  const index = integerOr(position, 28691, `${name}'s second argument must be representable as a 32-bit integer`)
  return array.at(index)
}

const endElement = (index: 0 | -1, code: number): CompileOperator =>
  unary((list, name) => (isNullish(list) ? null : arrayOr(list, code, `${name}'s argument must be an array`).at(index)))

function concatArrays(lists: MaybeValue[], name: string): MaybeValue {
  const all: Value[] = []
  for (const list of lists) {
    if (isNullish(list)) return null
    for (const each of arrayOr(list, 28664, `${name} only supports arrays`)) all.push(each)
  }
  return all
}

function slice([list, first, second]: MaybeValue[], name: string): MaybeValue {
  if (isNullish(list) || isNullish(first)) return null
  const array = arrayOr(list, 28724, `First argument to ${name} must be an array`)
  const n = integerOr(first, 28726, `Second argument to ${name} can't be represented as a 32-bit integer`)
  if (second === undefined) return n < 0 ? array.slice(n) : array.slice(0, n)
  if (second === null) return null
  const count = integerOr(second, 28728, `Third argument to ${name} can't be represented as a 32-bit integer`)
  if (count <= 0) throw new ServerError(28729, `Third argument to ${name} must be positive: ${count}`)
  const start = n < 0 ? Math.max(0, array.length + n) : n
  return array.slice(start, start + count)
}

const indexOfArray = variadic(
  ([list, wanted, from, to], name, scope) => {
    if (isNullish(list)) return null
    const array = arrayOr(list, 40090, `${name} requires an array as a first argument`)
    const start = position(from, name, 0)
    const end = Math.min(array.length, position(to, name, array.length))
    const equal = equalIn(scope.context.collation)
    for (let i = start; i < end; i++) if (equal(array[i], wanted)) return i
    return -1
  },
  2,
  4,
)

function position(value: MaybeValue, name: string, otherwise: number): number {
  if (value === undefined) return otherwise
  const n = integerOr(value, 40096, `${name} requires an integral index, found a value of type: ${typeOf(value)}`)
  if (n < 0) throw new ServerError(40097, `${name} requires a nonnegative index, found: ${n}`)
  return n
}

function range([from, to, by]: MaybeValue[], name: string): MaybeValue {
  const start = integerOr(
    from,
    34443,
    `${name} requires a numeric starting value, found value of type: ${typeOf(from)}`,
  )
  const end = integerOr(to, 34445, `${name} requires a numeric ending value, found value of type: ${typeOf(to)}`)
  const step =
    by === undefined
      ? 1
      : integerOr(by, 34447, `${name} requires a numeric step value, found value of type: ${typeOf(by)}`)
  if (step === 0) throw new ServerError(34449, `${name} requires a non-zero step value`)
  if ((end - start) / step > MAX_RANGE_ITEMS) throw new ServerError(146, `${name} would use too much memory`)
  const list: Value[] = []
  for (let n = start; step > 0 ? n < end : n > end; n += step) list.push(n)
  return list
}

const compileZip: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['inputs'], ['useLongestLength', 'defaults'], {
    notObject: 34460,
    unknown: 34464,
    missing: 34465,
  })
  if (!isArray(given.inputs))
    throw new ServerError(34461, `inputs must be an array of expressions, found ${typeOf(given.inputs)}`)
  if (given.inputs.length === 0) throw new ServerError(34465, `${name} requires at least one input array`)
  const longest = given.useLongestLength ?? false
  if (typeof longest !== 'boolean')
    throw new ServerError(34463, `useLongestLength must be a bool, found ${typeOf(longest)}`)
  const defaults = given.defaults
  if (defaults !== undefined) {
    if (!isArray(defaults))
      throw new ServerError(34462, `defaults must be an array of expressions, found ${typeOf(defaults)}`)
    if (!longest) throw new ServerError(34466, 'cannot specify defaults unless useLongestLength is true')
    if (defaults.length !== given.inputs.length)
      throw new ServerError(34467, 'defaults and inputs must have the same length')
  }
  const inputs = given.inputs.map((each) => scope.compile(each, scope))
  const fillers = (defaults ?? []).map((each) => scope.compile(each, scope))
  return fold([...inputs, ...fillers], (root) => {
    const lists: (readonly Value[])[] = []
    for (const input of inputs) {
      const list = input.evaluate(root)
      if (isNullish(list)) return null
      lists.push(arrayOr(list, 34468, `${name} found a non-array expression in input`))
    }
    const lengths = lists.map((list) => list.length)
    const count = longest ? Math.max(...lengths) : Math.min(...lengths)
    const filler = fillers.map((each) => each.evaluate(root) ?? null)
    return Array.from({ length: count }, (_, i) => lists.map((list, k) => list[i] ?? filler[k] ?? null))
  })
}

function arrayToObject(list: MaybeValue, name: string): MaybeValue {
  if (isNullish(list)) return null
  const array = arrayOr(list, 40386, `${name} requires an array input`)
  return docOf(array.map((each) => pairOf(each, name)))
}

function pairOf(each: Value, name: string): [string, Value] {
  if (isArray(each)) {
    if (each.length !== 2)
      throw new ServerError(40397, `${name} requires an array of size 2 arrays, found array of size: ${each.length}`)
    return [
      keyOf(
        stringOr(each[0], 40395, `${name} requires an array of key-value pairs, where the key must be of type string`),
        name,
      ),
      each[1] as Value,
    ]
  }
  if (!isDoc(each)) {
    throw new ServerError(40398, `Unrecognised input type format for ${name}: ${typeOf(each)}`)
  }
  if (each.size !== 2)
    throw new ServerError(
      40392,
      `${name} requires an object keys of 'k' and 'v'. Found incorrect number of keys:${each.size}`,
    )
  const value = each.get('v')
  if (!each.has('k') || value === undefined)
    throw new ServerError(40393, `${name} requires an object with keys 'k' and 'v'.`)
  return [
    keyOf(
      stringOr(
        each.get('k'),
        40394,
        `${name} requires an object with keys 'k' and 'v', where the value of 'k' must be of type string`,
      ),
      name,
    ),
    value,
  ]
}

function keyOf(key: string, name: string): string {
  if (key.includes('\0')) throw new ServerError(4940400, `Key field cannot contain an embedded null byte (${name})`)
  return key
}

function objectToArray(value: MaybeValue, name: string): MaybeValue {
  if (isNullish(value)) return null
  if (!isDoc(value)) throw new ServerError(40390, `${name} requires a document input, found: ${typeOf(value)}`)
  return value.keys.map((key, i) => new Doc(['k', 'v'], [key, value.values[i] as Value]))
}

const compileSortArray: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['input', 'sortBy'], [], {
    notObject: 2942500,
    unknown: 2942501,
    missing: { input: 2942502, sortBy: 2942503 },
  })
  const compare = compileSortPattern(given.sortBy, scope.context.collation)
  const input = scope.compile(given.input, scope)
  return fold([input], (root) => {
    const list = input.evaluate(root)
    if (isNullish(list)) return null
    return arrayOr(list, 2942504, `The input argument to ${name} must be an array`).toSorted(compare)
  })
}

const endElements = (from: 'start' | 'end'): CompileOperator =>
  named(
    ['input', 'n'],
    [],
    { notObject: 5787900, unknown: 5787901, missing: { input: 5787907, n: 5787906 } },
    ({ input, n }, name) => {
      const count = positiveCount(n)
      const list = arrayOr(input, 5788200, `${name}: Input must be an array`)
      return from === 'start' ? list.slice(0, count) : list.slice(-count)
    },
  )

const extremes = (sign: 1 | -1): CompileOperator =>
  named(
    ['input', 'n'],
    [],
    { notObject: 5787900, unknown: 5787901, missing: { input: 5787907, n: 5787906 } },
    ({ input, n }, name, scope) => {
      const count = positiveCount(n)
      const order = orderIn(scope.context.collation)
      const list = arrayOr(input, 5788200, `${name}: Input must be an array`)
      return list
        .filter((each) => !isNullish(each))
        .toSorted((a, b) => sign * order(a, b))
        .slice(0, count)
    },
  )

export function positiveCount(n: MaybeValue): number {
  const count = asSafeInteger(n)
  if (count === undefined) throw new ServerError(5787902, `Value for 'n' must be of integral type`)
  if (count <= 0) throw new ServerError(5787908, `'n' must be greater than 0, found ${count}`)
  return count
}

export const ARRAY: Readonly<Record<string, CompileOperator>> = {
  $arrayElemAt: binary(elementAt),
  $first: endElement(0, 28689),
  $last: endElement(-1, 28689),
  $firstN: endElements('start'),
  $lastN: endElements('end'),
  $minN: extremes(1),
  $maxN: extremes(-1),
  $concatArrays: variadic(concatArrays),
  $size: unary((list) => arrayOr(list, 17124, 'The argument to $size must be an array').length),
  $slice: variadic(slice, 2, 3),
  $in: binary((value, list, _name, scope) => {
    const array = arrayOr(list, 40081, '$in requires an array as a second argument')
    const equal = equalIn(scope.context.collation)
    return array.some((each) => equal(each, value))
  }),
  $indexOfArray: indexOfArray,
  $range: variadic(range, 2, 3),
  $reverseArray: unary((list, name) =>
    isNullish(list) ? null : arrayOr(list, 34435, `The argument to ${name} must be an array`).toReversed(),
  ),
  $zip: compileZip,
  $arrayToObject: unary(arrayToObject),
  $objectToArray: unary(objectToArray),
  $isArray: unary((value) => isArray(value)),
  $sortArray: compileSortArray,
}
