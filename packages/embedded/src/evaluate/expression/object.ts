import { docOf, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, typeOf } from '../values.ts'
import { fold, namedArguments, variadic } from './builders.ts'
import { constant, type CompileOperator, type Expression, type Scope } from './types.ts'

type MaybeValue = Value | undefined

function mergeObjects(values: MaybeValue[], name: string): MaybeValue {
  const entries: [string, Value][] = []
  for (const value of values) {
    if (isNullish(value)) continue
    if (!isDoc(value))
      throw new ServerError(40400, `${name} requires object inputs, but input is of type ${typeOf(value)}`)
    entries.push(...value.entries())
  }
  return docOf(entries)
}

/** The field name of `$getField` and `$setField`: a constant that is not a path, so that `$` and `.` may be in it. */
function fieldName(value: Value, scope: Scope, name: string, code: number): Expression {
  if (typeof value === 'string') {
    if (value.startsWith('$'))
      throw new ServerError(code, `'$' is not allowed at the start of 'field' of ${name}; wrap it in $literal`)
    return constant(value)
  }
  return scope.compile(value, scope)
}

function nameOf(field: Expression, root: Parameters<Expression['evaluate']>[0], name: string, code: number): string {
  const value = field.evaluate(root)
  if (typeof value === 'string') return value
  throw new ServerError(code, `${name} requires 'field' to evaluate to type String, but got ${typeOf(value)}`)
}

const compileGetField: CompileOperator = (argument, scope, name) => {
  const long = isDoc(argument) && (argument.has('field') || argument.has('input'))
  const given = long
    ? namedArguments(name, argument, ['field'], ['input'], { notObject: 3041701, unknown: 3041701, missing: 3041702 })
    : { field: argument, input: undefined }
  const field = fieldName(given.field, scope, name, 5654600)
  const input = scope.compile(given.input ?? '$$CURRENT', scope)
  return fold([field, input], (root) => {
    const key = nameOf(field, root, name, 3041704)
    const value = input.evaluate(root)
    if (isDoc(value)) return value.get(key)
    return value === null ? null : undefined
  })
}

const writeField = (argument: { field: Value; input: Value; value: Value }, scope: Scope, name: string): Expression => {
  const field = fieldName(argument.field, scope, name, 4161108)
  const input = scope.compile(argument.input, scope)
  const value = scope.compile(argument.value, scope)
  if (!field.constant) throw new ServerError(4161106, `${name} requires 'field' to evaluate to a constant`)
  return fold([field, input, value], (root) => {
    const key = nameOf(field, root, name, 4161107)
    const target = input.evaluate(root)
    if (isNullish(target)) return null
    if (!isDoc(target)) throw new ServerError(4161105, `${name} requires 'input' to evaluate to type Object`)
    const set = value.evaluate(root)
    return set === undefined ? target.without(key) : target.with(key, set)
  })
}

export const OBJECT: Readonly<Record<string, CompileOperator>> = {
  $mergeObjects: variadic(mergeObjects),
  $getField: compileGetField,
  $setField: (argument, scope, name) =>
    writeField(
      namedArguments(name, argument, ['field', 'input', 'value'], [], {
        notObject: 4161100,
        unknown: 4161101,
        missing: { field: 4161102, input: 4161109, value: 4161103 },
      }),
      scope,
      name,
    ),
  $unsetField: (argument, scope, name) => {
    const given = namedArguments(name, argument, ['field', 'input'], [], {
      notObject: 4161100,
      unknown: 4161101,
      missing: { field: 4161102, input: 4161109 },
    })
    return writeField({ ...given, value: '$$REMOVE' }, scope, name)
  },
}
