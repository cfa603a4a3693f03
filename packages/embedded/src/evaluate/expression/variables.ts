import { isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, isTrue, typeOf } from '../values.ts'
import { integerOr } from './arguments.ts'
import { namedArguments } from './builders.ts'
import { checkVariableName } from './field-path.ts'
import {
  computed,
  constant,
  declare,
  type Cell,
  type CompileOperator,
  type Evaluate,
  type Expression,
} from './types.ts'

const compileLet: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['vars', 'in'], [], {
    notObject: 16874,
    unknown: 16875,
    missing: { vars: 16876, in: 16877 },
  })
  if (!isDoc(given.vars)) throw new ServerError(10065, `invalid parameter: expected an object (vars)`)
  given.vars.keys.forEach(checkVariableName)
  const values = given.vars.values.map((value) => scope.compile(value, scope))
  const inner = declare(scope, given.vars.keys)
  const body = scope.compile(given.in, inner.scope)
  return computed((root) => {
    // All values are computed before any is stored: the variables of one $let do not see each other.
    const evaluated = values.map((value) => value.evaluate(root))
    inner.cells.forEach((cell, i) => {
      cell.value = evaluated[i]
    })
    return body.evaluate(root)
  })
}

/** The name that `as` declares, `this` without one. */
function elementName(as: Value | undefined): string {
  if (as === undefined) return 'this'
  if (typeof as !== 'string') throw new ServerError(16866, `empty variable names are not allowed`)
  checkVariableName(as)
  return as
}

/** Evaluates `input`; null and missing give `null`, anything but an array is refused with `code`. */
const listOf =
  (input: Expression, name: string, code: number): ((root: Parameters<Evaluate>[0]) => readonly Value[] | null) =>
  (root) => {
    const list = input.evaluate(root)
    if (isNullish(list)) return null
    if (isArray(list)) return list
    throw new ServerError(code, `input to ${name} must be an array not ${typeOf(list)}`)
  }

const compileMap: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['input', 'in'], ['as'], {
    notObject: 16878,
    unknown: 16879,
    missing: { input: 16880, in: 16882 },
  })
  const list = listOf(scope.compile(given.input, scope), name, 16883)
  const inner = declare(scope, [elementName(given.as)])
  const [cell] = inner.cells as [Cell]
  const body = scope.compile(given.in, inner.scope)
  return computed((root) => {
    const input = list(root)
    if (input === null) return null
    return input.map((element) => {
      cell.value = element
      return body.evaluate(root) ?? null
    })
  })
}

const compileFilter: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['input', 'cond'], ['as', 'limit'], {
    notObject: 28646,
    unknown: 28647,
    missing: { input: 28648, cond: 28650 },
  })
  const list = listOf(scope.compile(given.input, scope), name, 28651)
  const limit = given.limit === undefined ? constant(undefined) : scope.compile(given.limit, scope)
  const inner = declare(scope, [elementName(given.as)])
  const [cell] = inner.cells as [Cell]
  const condition = scope.compile(given.cond, inner.scope)
  return computed((root) => {
    const input = list(root)
    if (input === null) return null
    const most = filterLimit(limit.evaluate(root), name)
    const kept: Value[] = []
    for (const element of input) {
      if (kept.length >= most) break
      cell.value = element
      if (isTrue(condition.evaluate(root))) kept.push(element)
    }
    return kept
  })
}

function filterLimit(limit: Value | undefined, name: string): number {
  if (isNullish(limit)) return Number.POSITIVE_INFINITY
  const most = integerOr(limit, 327391, `${name}: limit must be represented as a 32-bit integral value`)
  if (most < 1) throw new ServerError(327392, `${name}: limit must be greater than 0`)
  return most
}

const compileReduce: CompileOperator = (argument, scope, name) => {
  const given = namedArguments(name, argument, ['input', 'initialValue', 'in'], [], {
    notObject: 40075,
    unknown: 40076,
    missing: { input: 40077, initialValue: 40078, in: 40079 },
  })
  const list = listOf(scope.compile(given.input, scope), name, 40080)
  const initial = scope.compile(given.initialValue, scope)
  const inner = declare(scope, ['this', 'value'])
  const [element, accumulated] = inner.cells as [Cell, Cell]
  const body = scope.compile(given.in, inner.scope)
  return computed((root) => {
    const input = list(root)
    if (input === null) return null
    let value = initial.evaluate(root)
    for (const each of input) {
      element.value = each
      accumulated.value = value
      value = body.evaluate(root)
    }
    return value
  })
}

export const VARIABLES: Readonly<Record<string, CompileOperator>> = {
  $let: compileLet,
  $map: compileMap,
  $filter: compileFilter,
  $reduce: compileReduce,
  $literal: (argument) => constant(argument),
}
