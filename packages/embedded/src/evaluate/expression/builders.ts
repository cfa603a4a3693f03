import { EMPTY_DOC, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish } from '../values.ts'
import { computed, constant, type CompileOperator, type Evaluate, type Expression, type Scope } from './types.ts'

/** An operator over `parts`: computed at once when all of them are constant, so that its errors appear before any document is read. */
export function fold(parts: Iterable<Expression>, evaluate: Evaluate): Expression {
  for (const part of parts) if (!part.constant) return computed(evaluate)
  return constant(evaluate(EMPTY_DOC))
}

/** The operands of an operator that takes a list; a single operand may stand without its array. */
export const operands = (argument: Value, scope: Scope): Expression[] =>
  isArray(argument) ? argument.map((each) => scope.compile(each, scope)) : [scope.compile(argument, scope)]

export function checkCount(name: string, count: number, min: number, max: number): void {
  if (count >= min && count <= max) return
  if (min === max) {
    throw new ServerError(16020, `Expression ${name} takes exactly ${min} arguments. ${count} were passed in.`)
  }
  throw new ServerError(
    28667,
    `Expression ${name} takes at least ${min} arguments, and at most ${max}, but ${count} were passed in.`,
  )
}

type MaybeValue = Value | undefined

export const unary =
  (apply: (value: MaybeValue, name: string, scope: Scope) => MaybeValue): CompileOperator =>
  (argument, scope, name) => {
    const parts = operands(argument, scope)
    checkCount(name, parts.length, 1, 1)
    const { evaluate } = parts[0] as Expression
    return fold(parts, (root) => apply(evaluate(root), name, scope))
  }

/** One operand; null and missing give null. */
export const unaryOrNull = (apply: (value: Value, name: string, scope: Scope) => MaybeValue): CompileOperator =>
  unary((value, name, scope) => (isNullish(value) ? null : apply(value as Value, name, scope)))

export const binary =
  (apply: (a: MaybeValue, b: MaybeValue, name: string, scope: Scope) => MaybeValue): CompileOperator =>
  (argument, scope, name) => {
    const parts = operands(argument, scope)
    checkCount(name, parts.length, 2, 2)
    const [a, b] = parts as [Expression, Expression]
    return fold(parts, (root) => apply(a.evaluate(root), b.evaluate(root), name, scope))
  }

/** Any number of operands, from `min` to `max`; the values are handed over as a list. */
export const variadic =
  (
    apply: (values: MaybeValue[], name: string, scope: Scope) => MaybeValue,
    min = 0,
    max = Number.POSITIVE_INFINITY,
  ): CompileOperator =>
  (argument, scope, name) => {
    const parts = operands(argument, scope)
    checkCount(name, parts.length, min, max)
    const evaluators = parts.map((part) => part.evaluate)
    return fold(parts, (root) =>
      apply(
        evaluators.map((evaluate) => evaluate(root)),
        name,
        scope,
      ),
    )
  }

/** Codes of an operator whose argument is a document of named parameters. */
export interface NamedCodes {
  readonly notObject: number
  readonly unknown: number
  readonly missing: number | Readonly<Record<string, number>>
}

/** Reads the parameters of `name` without compiling them. */
export function namedArguments<R extends string, O extends string>(
  name: string,
  argument: Value,
  required: readonly R[],
  optional: readonly O[],
  codes: NamedCodes,
): Record<R, Value> & Partial<Record<O, Value>> {
  if (!isDoc(argument)) throw new ServerError(codes.notObject, `${name} only supports an object as its argument`)
  const found: Record<string, Value> = {}
  for (const [key, value] of argument.entries()) {
    if (!(required as readonly string[]).includes(key) && !(optional as readonly string[]).includes(key)) {
      throw new ServerError(codes.unknown, `Unrecognized parameter to ${name}: ${key}`)
    }
    found[key] = value
  }
  for (const key of required) {
    if (found[key] !== undefined) continue
    const code = typeof codes.missing === 'number' ? codes.missing : (codes.missing[key] ?? codes.unknown)
    throw new ServerError(code, `Missing '${key}' parameter to ${name}`)
  }
  return found as Record<R, Value> & Partial<Record<O, Value>>
}

type Values<R extends string, O extends string> = Readonly<Record<R | O, MaybeValue>>

/** An operator with named parameters that are all expressions. A parameter that is absent is `undefined`, as a missing value is; `given` tells them apart. */
export const named =
  <R extends string, O extends string>(
    required: readonly R[],
    optional: readonly O[],
    codes: NamedCodes,
    apply: (values: Values<R, O>, name: string, scope: Scope, given: (parameter: O) => boolean) => MaybeValue,
  ): CompileOperator =>
  (argument, scope, name) => {
    const values: Partial<Record<string, Value>> = namedArguments(name, argument, required, optional, codes)
    const parts = Object.entries(values).map(([key, value]) => [key, scope.compile(value as Value, scope)] as const)
    const given = (parameter: string): boolean => values[parameter] !== undefined
    return fold(
      parts.map(([, part]) => part),
      (root) => {
        const evaluated: Record<string, MaybeValue> = {}
        for (const [key, part] of parts) evaluated[key] = part.evaluate(root)
        return apply(evaluated as Values<R, O>, name, scope, given)
      },
    )
  }
