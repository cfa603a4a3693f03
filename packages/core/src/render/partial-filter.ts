import {
  compareValues,
  equalValues,
  isArray,
  isDoc,
  sameBracket,
  typeName,
  type Doc,
  type Value,
} from '@stage0/bson-schema'

type Test = (value: Value | undefined) => boolean

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
}

/**
 * Whether a document is in a partial index, or `undefined` where this cannot be said exactly: operators other than the
 * comparisons, `$eq`, `$in`, `$exists` and `$type` by one name, dotted paths, and fields that hold arrays.
 */
export function matchesPartialFilter(document: Doc, filter: Doc): boolean | undefined {
  let matches = true
  for (const [path, condition] of filter.entries()) {
    if (path === '$and' && isArray(condition)) {
      for (const part of condition) {
        const inner = isDoc(part) ? matchesPartialFilter(document, part) : undefined
        if (inner === undefined) return undefined
        matches &&= inner
      }
      continue
    }
    const value = document.get(path)
    const test = testOf(condition)
    if (path.startsWith('$') || path.includes('.') || isArray(value) || test === undefined) return undefined
    matches &&= test(value)
  }
  return matches
}

function testOf(condition: Value): Test | undefined {
  if (!isDoc(condition) || !(condition.keys[0] ?? '').startsWith('$')) return equals(condition)
  const tests: Test[] = []
  for (const [operator, operand] of condition.entries()) {
    const test = operatorTest(operator, operand)
    if (test === undefined) return undefined
    tests.push(test)
  }
  return (value) => tests.every((test) => test(value))
}

function operatorTest(operator: string, operand: Value): Test | undefined {
  if (operator === '$eq') return equals(operand)
  if (operator === '$exists') return (value) => (value !== undefined) === (operand !== false && operand !== 0)
  if (operator === '$type')
    return typeof operand === 'string' && operand !== 'number'
      ? (value) => value !== undefined && typeName(value) === operand
      : undefined
  if (operator === '$in' && isArray(operand)) {
    const tests = operand.map(equals)
    return tests.includes(undefined) ? undefined : (value) => tests.some((test) => test?.(value))
  }
  const holds = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined
  if (holds === undefined || operand === null || isArray(operand)) return undefined
  return (value) => value !== undefined && sameBracket(value, operand) && holds(compareValues(value, operand))
}

/** Null also matches what is missing; arrays and regular expressions mean more than equality. */
function equals(operand: Value): Test | undefined {
  if (isArray(operand) || (operand !== null && typeof operand === 'object' && typeName(operand) === 'regex'))
    return undefined
  return (value) => equalValues(value ?? null, operand)
}
