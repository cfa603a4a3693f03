import { compileSchema, doc, Doc, isArray, isDoc, typeName, type Value } from '@stage0/bson-schema'
import type { Filter } from '../evaluate/contract.ts'

/*
 * Why a document does not pass a validator written as a query. Source of the shapes: the manual's page on validation errors and
 * recorded replies. Every clause is evaluated by the same compiled filters as the validator itself.
 */

/** Compiles one clause of the rules. */
type CompileClause = (clause: Doc) => Filter

/** Explains refusals by `expression`, whose clauses `compile` makes into filters. */
export function explainRules(expression: Doc, compile: CompileClause): (document: Doc) => Doc {
  return (document) => explainLevel(expression, document, compile)
}

function explainLevel(level: Doc, document: Doc, compile: CompileClause): Doc {
  const clauses = clausesOf(level)
  const [only] = clauses
  if (clauses.length === 1 && only !== undefined) return explainClause(only, document, compile)
  return listed('$and', 'clausesNotSatisfied', clauses, (clause) => !compile(clause)(document), document, compile)
}

/** One clause for each field and operator: `{a: {$gt: 1, $lt: 5}, b: 2}` has three. */
function clausesOf(level: Doc): readonly Doc[] {
  return [...level.entries()].flatMap(([key, value]) => {
    if (key.startsWith('$') || !isOperators(value) || value.has('$regex')) return [new Doc([key], [value])]
    return [...value.entries()].map(([operator, operand]) => new Doc([key], [new Doc([operator], [operand])]))
  })
}

const isOperators = (value: Value): value is Doc =>
  isDoc(value) && value.size > 0 && (value.keys[0] as string).startsWith('$')

function listed(
  operator: string,
  list: string,
  clauses: readonly Doc[],
  counts: (clause: Doc) => boolean,
  document: Doc,
  compile: CompileClause,
): Doc {
  const details = clauses.flatMap((clause, index) =>
    counts(clause) ? [doc({ index, details: explainLevel(clause, document, compile) })] : [],
  )
  return doc({ operatorName: operator, [list]: details })
}

function explainClause(clause: Doc, document: Doc, compile: CompileClause): Doc {
  const key = clause.keys[0] as string
  const value = clause.values[0] as Value
  if (key === '$jsonSchema' && isDoc(value)) return explainSchema(value, document)
  if ((key === '$and' || key === '$or') && isArray(value)) {
    return listed(
      key,
      'clausesNotSatisfied',
      value.filter(isDoc),
      (part) => !compile(part)(document),
      document,
      compile,
    )
  }
  if (key === '$nor' && isArray(value)) {
    const satisfied = value.filter(isDoc).map((part, index) => ({ part, index }))
    const details = satisfied.flatMap(({ part, index }) =>
      compile(part)(document) ? [doc({ index, details: explainSatisfied(part, document) })] : [],
    )
    return doc({ operatorName: '$nor', clausesSatisfied: details })
  }
  if (key === '$expr') {
    return doc({
      operatorName: '$expr',
      specifiedAs: clause,
      reason: 'expression did not match',
      expressionResult: false,
    })
  }
  return explainLeaf(clause, key, value, document)
}

/** A clause under `$nor` that is satisfied and should not be. */
function explainSatisfied(clause: Doc, document: Doc): Doc {
  const key = clause.keys[0] as string
  if (key === '$jsonSchema') return doc({ operatorName: '$jsonSchema', specifiedAs: clause, reason: 'schema matched' })
  const operand = clause.values[0] as Value
  const operator = isOperators(operand) ? (operand.keys[0] as string) : '$eq'
  return doc({
    operatorName: operator,
    specifiedAs: clause,
    reason: REASONS[operator]?.inverted ?? 'expression matched',
    ...considered(document, key),
  })
}

function explainSchema(schema: Doc, document: Doc): Doc {
  const compiled = compileSchema(schema)
  const details = compiled.ok ? compiled.value.explain(document) : undefined
  if (details === undefined) throw new TypeError('a schema that refused a document does not say why')
  return details
}

const COMPARISON = { normal: 'comparison failed', inverted: 'comparison succeeded' }
const REASONS: Readonly<Record<string, { readonly normal: string; readonly inverted: string } | undefined>> = {
  $eq: COMPARISON,
  $ne: COMPARISON,
  $gt: COMPARISON,
  $gte: COMPARISON,
  $lt: COMPARISON,
  $lte: COMPARISON,
  $in: { normal: 'no matching value found in array', inverted: 'matching value found in array' },
  $nin: { normal: 'matching value found in array', inverted: 'no matching value found in array' },
  $exists: { normal: 'path does not exist', inverted: 'path does exist' },
  $type: { normal: 'type did not match', inverted: 'type did match' },
  $regex: { normal: 'regular expression did not match', inverted: 'regular expression did match' },
  $mod: { normal: '$mod did not evaluate to expected remainder', inverted: '$mod did evaluate to expected remainder' },
  $size: { normal: 'array length was not equal to given size', inverted: 'array length was equal to given size' },
  $all: { normal: 'array did not contain all specified values', inverted: 'array did contain all specified values' },
  $elemMatch: {
    normal: 'array did not satisfy the child predicate',
    inverted: 'array did satisfy the child predicate',
  },
  $not: { normal: 'child expression matched', inverted: 'child expression did not match' },
}
/** Operators that a missing field fails with a reason of its own. */
const NEEDS_A_VALUE: ReadonlySet<string> = new Set([
  '$eq',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$type',
  '$regex',
  '$mod',
  '$size',
  '$all',
  '$elemMatch',
])

function explainLeaf(clause: Doc, path: string, condition: Value, document: Doc): Doc {
  const operator = isOperators(condition)
    ? (condition.keys[0] as string)
    : typeof condition === 'object' &&
        condition !== null &&
        '_bsontype' in condition &&
        condition._bsontype === 'BSONRegExp'
      ? '$regex'
      : '$eq'
  const values = considered(document, path)
  if (NEEDS_A_VALUE.has(operator) && values.consideredValue === undefined && values.consideredValues === undefined) {
    return doc({ operatorName: operator, specifiedAs: clause, reason: 'field was missing' })
  }
  if (operator === '$exists' && isDoc(condition) && condition.get('$exists') === false) {
    return doc({ operatorName: operator, specifiedAs: clause, reason: 'path does exist' })
  }
  const reason = REASONS[operator]?.normal ?? 'expression did not match'
  const type =
    values.consideredValue === undefined || operator !== '$type'
      ? {}
      : { consideredType: typeName(values.consideredValue) }
  return doc({
    operatorName: operator,
    specifiedAs: clause,
    reason,
    ...(operator === '$exists' ? {} : values),
    ...type,
  })
}

interface Considered {
  readonly consideredValue?: Value
  readonly consideredValues?: readonly Value[]
}

/** What stands at a path: one value, or all of them where arrays lie on the way. */
function considered(document: Doc, path: string): Considered {
  let nodes: readonly Value[] = [document]
  let entered = false
  for (const segment of path.split('.')) {
    nodes = nodes.flatMap((node) => {
      if (isArray(node)) {
        entered = true
        return node.filter(isDoc).flatMap((item) => item.get(segment) ?? [])
      }
      const next = isDoc(node) ? node.get(segment) : undefined
      return next === undefined ? [] : [next]
    })
  }
  const [first] = nodes
  if (first === undefined) return {}
  return nodes.length > 1 || entered ? { consideredValues: nodes } : { consideredValue: first }
}
