import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Filter } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { asNumber, isTrue, typeOf } from '../values.ts'
import { compileJsonSchema } from './json-schema.ts'

export type CompileTopLevel = (
  operand: Value,
  scope: Scope,
  compileFilter: (filter: Doc, scope: Scope) => Filter,
) => Filter

function clauses(
  name: string,
  operand: Value,
  scope: Scope,
  compileFilter: (filter: Doc, scope: Scope) => Filter,
): Filter[] {
  if (!isArray(operand)) throw new ServerError(2, `${name} must be an array`)
  if (operand.length === 0) throw new ServerError(2, `$and/$or/$nor must be a nonempty array`)
  return operand.map((clause) => {
    if (!isDoc(clause)) throw new ServerError(2, `$or/$and/$nor entries need to be full objects`)
    return compileFilter(clause, scope)
  })
}

/** `$alwaysTrue` and `$alwaysFalse` take the number 1 and nothing else. */
const always =
  (name: string, result: boolean): CompileTopLevel =>
  (operand) => {
    if (asNumber(operand) !== 1) throw new ServerError(9, `${name} must be an integer value of 1`)
    return () => result
  }

export const TOP_LEVEL_OPERATORS: ReadonlyMap<string, CompileTopLevel> = new Map<string, CompileTopLevel>([
  [
    '$and',
    (operand, scope, compileFilter) => {
      const filters = clauses('$and', operand, scope, compileFilter)
      return (document) => filters.every((filter) => filter(document))
    },
  ],
  [
    '$or',
    (operand, scope, compileFilter) => {
      const filters = clauses('$or', operand, scope, compileFilter)
      return (document) => filters.some((filter) => filter(document))
    },
  ],
  [
    '$nor',
    (operand, scope, compileFilter) => {
      const filters = clauses('$nor', operand, scope, compileFilter)
      return (document) => !filters.some((filter) => filter(document))
    },
  ],
  [
    '$expr',
    (operand, scope) => {
      const { evaluate } = scope.compile(operand, scope)
      return (document) => isTrue(evaluate(document))
    },
  ],
  ['$jsonSchema', (operand) => compileJsonSchema(operand)],
  ['$comment', () => () => true],
  ['$alwaysTrue', always('$alwaysTrue', true)],
  ['$alwaysFalse', always('$alwaysFalse', false)],
  [
    '$sampleRate',
    (operand, scope) => {
      const rate = asNumber(operand)
      if (rate === undefined)
        throw new ServerError(2, `argument to $sampleRate must be a numeric type, found: ${typeOf(operand)}`)
      if (!(rate >= 0 && rate <= 1)) throw new ServerError(2, 'numeric argument to $sampleRate must be in [0, 1]')
      const random = scope.context.random ?? Math.random
      return () => random() < rate
    },
  ],
])

/** Operators that a real server has and this one refuses: text and geographic search, and JavaScript. */
export const REFUSED_TOP_LEVEL: ReadonlySet<string> = new Set(['$text', '$where'])
