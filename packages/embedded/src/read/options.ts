import { EMPTY_DOC, equalValues, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { EvaluationContext } from '../evaluate/contract.ts'
import { compileExpression, rootScope } from '../evaluate/expression/compile.ts'
import { ServerError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { Hint } from './query-plan.ts'

/** The index that a hint names, by name or by key. Throws 2 where there is none. */
export function hintOf(collection: Collection | undefined, hint: Value | undefined): Hint {
  if (hint === undefined || hint === null || collection === undefined) return undefined
  if (isDoc(hint) && hint.size === 0) return undefined
  if (isDoc(hint) && hint.has('$natural')) return '$natural'
  if (hint === '_id_' || (isDoc(hint) && hint.size === 1 && hint.keys[0] === '_id')) return '_id_'
  for (const index of collection.indexes.values()) {
    const isMeant = isDoc(hint) ? equalValues(index.spec.key, hint) : index.name === hint
    if (isMeant && index.spec.kind === 'btree' && !index.spec.hidden) return index
  }
  throw new ServerError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  )
}

/** The variables of `let`: each an expression that depends on no document. */
export function variablesOf(variables: Doc | undefined, context: EvaluationContext): ReadonlyMap<string, Value> {
  const scope = rootScope(context)
  const found = new Map<string, Value>()
  for (const [name, expression] of variables?.entries() ?? []) {
    if (!/^[a-z]/.test(name))
      throw new ServerError(16867, `'${name}' starts with an invalid character for a user variable name`)
    const value = evaluateConstant(expression, scope)
    if (value !== undefined) found.set(name, value)
  }
  return found
}

const evaluateConstant = (expression: Value, scope: ReturnType<typeof rootScope>): Value | undefined =>
  compileExpression(expression, scope)(EMPTY_DOC)
