import { Double, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { UPDATE_STAGES } from './pipeline-stages.ts'

/**
 * The first stage that looks at more than one document at a time, so that no update can do what it does; `undefined`: there is none.
 */
export const stageBeyondUpdate = (stages: readonly Doc[]): string | undefined =>
  stages.map((stage) => stage.keys[0] ?? '').find((name) => !UPDATE_STAGES.has(name))

/**
 * The first stage that may give a document another `_id` than it has; `undefined`: there is none. An update cannot do that, and a
 * document without an `_id` gets a new one from `$out`, and its old one back from an update.
 */
export const stageOverId = (stages: readonly Doc[]): string | undefined =>
  stages
    .map((stage) => [stage.keys[0] ?? '', stage.values[0] ?? null] as const)
    .find(([name, value]) => !keepsId(name, value))?.[0]

function keepsId(stage: string, argument: Value): boolean {
  switch (stage) {
    case '$set':
    case '$addFields':
      return isDoc(argument) && !argument.keys.some(isIdPath)
    case '$unset':
      return [argument].flat().every((path) => typeof path === 'string' && !isIdPath(path))
    case '$project':
      return isDoc(argument) && argument.keys.every((path) => !isIdPath(path) || isKept(path, argument.get(path)))
    case '$replaceRoot':
      return isDoc(argument) && idOf(argument.get('newRoot') ?? null) === 'kept'
    default:
      return idOf(argument) === 'kept'
  }
}

const isIdPath = (path: string): boolean => path === '_id' || path.startsWith('_id.')

/** `_id: 1`, said aloud. */
const isKept = (path: string, value: Value | undefined): boolean =>
  path === '_id' && (value === true || (value instanceof Double ? value.value !== 0 : value === 1 || value === 1n))

const WHOLE_DOCUMENT = new Set<Value>(['$$ROOT', '$$CURRENT'])
const OWN_ID = new Set<Value>(['$_id', '$$ROOT._id', '$$CURRENT._id'])

/** What an expression for a whole document does with `_id`. */
function idOf(expression: Value): 'kept' | 'absent' | 'other' {
  if (WHOLE_DOCUMENT.has(expression)) return 'kept'
  if (!isDoc(expression)) return 'other'
  const merged = expression.keys.length === 1 ? expression.get('$mergeObjects') : undefined
  // The last one that has an _id decides.
  if (isArray(merged))
    return (
      [...merged]
        .reverse()
        .map(idOf)
        .find((one) => one !== 'absent') ?? 'absent'
    )
  if (expression.keys.some((key) => key.startsWith('$'))) return 'other'
  const id = expression.get('_id')
  if (id === undefined) return 'absent'
  return OWN_ID.has(id) ? 'kept' : 'other'
}

/**
 * Whether the stages, all of them `$set` or `$addFields`, leave every field of a document standing: then a `$merge` that adds
 * fields does the same as an update. A value that may be missing removes the field that it is for.
 */
export const addsFieldsOnly = (stages: readonly Doc[]): boolean =>
  stages.every((stage) => {
    const [name, fields] = [stage.keys[0], stage.values[0]]
    if ((name !== '$set' && name !== '$addFields') || !isDoc(fields)) return false
    return fields.keys.every((path) => path.includes('.') || isNeverMissing(fields.get(path) ?? null))
  })

/** Operators that give a value, if only null, whatever they are given. Source: manual, their pages. */
const ALWAYS_A_VALUE = new Set([
  ...['$abs', '$add', '$ceil', '$divide', '$exp', '$floor', '$ln', '$log', '$log10', '$mod', '$multiply', '$pow'],
  ...[
    '$round',
    '$sqrt',
    '$subtract',
    '$trunc',
    '$and',
    '$or',
    '$not',
    '$cmp',
    '$eq',
    '$ne',
    '$gt',
    '$gte',
    '$lt',
    '$lte',
  ],
  ...[
    '$concat',
    '$toLower',
    '$toUpper',
    '$trim',
    '$ltrim',
    '$rtrim',
    '$split',
    '$substrBytes',
    '$substrCP',
    '$strLenBytes',
  ],
  ...[
    '$strLenCP',
    '$strcasecmp',
    '$replaceOne',
    '$replaceAll',
    '$regexMatch',
    '$indexOfCP',
    '$indexOfBytes',
    '$dateToString',
  ],
  ...[
    '$toBool',
    '$toDate',
    '$toDecimal',
    '$toDouble',
    '$toInt',
    '$toLong',
    '$toObjectId',
    '$toString',
    '$type',
    '$isNumber',
  ],
  ...['$concatArrays', '$filter', '$in', '$isArray', '$map', '$range', '$reverseArray', '$size', '$slice', '$setUnion'],
  ...['$setDifference', '$setIntersection', '$mergeObjects', '$objectToArray', '$literal'],
])
const VARIABLES_WITH_A_VALUE = new Set(['$$NOW', '$$ROOT', '$$CURRENT'])

function isNeverMissing(value: Value): boolean {
  if (typeof value === 'string') return !value.startsWith('$') || VARIABLES_WITH_A_VALUE.has(value)
  if (!isDoc(value)) return true
  const operator = value.keys.find((key) => key.startsWith('$'))
  if (operator === undefined || ALWAYS_A_VALUE.has(operator)) return true
  const argument = value.get(operator) ?? null
  if (operator === '$ifNull') return isArray(argument) && argument.length > 0 && isNeverMissing(argument.at(-1) ?? null)
  if (operator !== '$cond') return false
  const branches = isDoc(argument)
    ? [argument.get('then'), argument.get('else')]
    : isArray(argument)
      ? argument.slice(1)
      : []
  return branches.length === 2 && branches.every((branch) => isNeverMissing(branch ?? null))
}
