import { EMPTY_DOC, equalValues, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Fields } from '../commands/fields.ts'
import type { EvaluationContext } from '../evaluate/contract.ts'
import { compileExpression, rootScope } from '../evaluate/expression/compile.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { sameCollation, type Collation } from './collation.ts'
import type { KeyBounds } from './index-scan.ts'
import { ID_KEY, type Hint } from './query-plan.ts'

/** The index that a hint names, by name or by key. Throws 2 where there is none. */
export function hintOf(collection: CollectionReader | undefined, hint: Value | undefined): Hint {
  if (hint === undefined || hint === null || collection === undefined) return undefined
  if (isDoc(hint) && hint.size === 0) return undefined
  if (isDoc(hint) && hint.has('$natural')) return '$natural'
  if (hint === '_id_' || (isDoc(hint) && equalValues(hint, ID_KEY))) return collection.idIndex()
  for (const index of collection.indexes.values()) {
    const isMeant = isDoc(hint) ? equalValues(index.spec.key, hint) : index.name === hint
    if (isMeant && index.spec.kind === 'btree' && !index.spec.hidden) return index
  }
  throw new ServerError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  )
}

/** The values of `min` and `max` for the hinted index. Throws 51173 without a hint, 51174 for one that does not fit, 51175. */
export function keyBoundsOf(
  fields: Fields,
  collation: Collation,
  hint: Hint,
  isHinted: boolean,
): KeyBounds | undefined {
  const min = fields.doc('min') ?? EMPTY_DOC
  const max = fields.doc('max') ?? EMPTY_DOC
  if (min.size === 0 && max.size === 0) return undefined
  if (!isHinted) throw new ServerError(51173, 'When using min()/max() a hint of which index to use must be provided')
  // Without the collection there is no index to compare with, and nothing to find.
  if (hint === undefined) return undefined
  if (hint === '$natural') throw new ServerError(51173, 'When using min()/max() the hint must be an index')
  for (const bound of [min, max]) {
    const fits = bound.size === 0 || equalValues(bound.keys, hint.spec.key.keys)
    if (!fits || !sameCollation(hint.spec.collation?.spec, collation.spec)) {
      throw new ServerError(51174, 'The index chosen is not compatible with min/max')
    }
  }
  const bounds = {
    min: min.size === 0 ? undefined : min.values,
    max: max.size === 0 ? undefined : max.values,
  }
  if (bounds.min !== undefined && bounds.max !== undefined && hint.compareKeys(bounds.min, bounds.max) >= 0) {
    throw new ServerError(51175, 'The value provided for min() does not come before the value provided for max()')
  }
  return bounds
}

const NO_VARIABLES: ReadonlyMap<string, Value> = new Map()

/** The variables of `let`: each an expression that depends on no document. */
export function variablesOf(variables: Doc | undefined, context: EvaluationContext): ReadonlyMap<string, Value> {
  if (variables === undefined) return NO_VARIABLES
  const scope = rootScope(context)
  const found = new Map<string, Value>()
  for (const [name, expression] of variables.entries()) {
    if (!/^[a-z]/.test(name))
      throw new ServerError(16867, `'${name}' starts with an invalid character for a user variable name`)
    const value = evaluateConstant(expression, scope)
    if (value !== undefined) found.set(name, value)
  }
  return found
}

const evaluateConstant = (expression: Value, scope: ReturnType<typeof rootScope>): Value | undefined =>
  compileExpression(expression, scope)(EMPTY_DOC)
