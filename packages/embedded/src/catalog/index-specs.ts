import { doc, docOf, EMPTY_DOC, isArray, isDoc, isNumeric, typeName, type Doc, type Value } from '@stage0/bson-schema'
import { toNumber } from '../commands/fields.ts'
import { compileFilter } from '../evaluate/compile-filter.ts'
import type { EvaluationContext } from '../evaluate/contract.ts'
import { collationCompare, normalCollation } from '../read/collation.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import type { IndexKind, IndexSpec } from '../storage/index-spec.ts'
import { shellDoc } from '../storage/shell-text.ts'

/** Options that `listIndexes` shows as they were given. */
const SHOWN_AS_GIVEN = [
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'wildcardProjection',
]
/** Fields that an index specification may have; some only go with a kind that is stored and not used. */
export const INDEX_FIELDS: readonly string[] = [
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'hidden',
  'partialFilterExpression',
  'expireAfterSeconds',
  'collation',
  'background',
  'prepareUnique',
  ...SHOWN_AS_GIVEN,
  'ns',
]
/** Of `_id_` only these may be said. */
const ID_INDEX_FIELDS = ['v', 'key', 'name', 'collation', 'ns']
export const PLUGINS: Readonly<Record<string, IndexKind>> = {
  text: 'text',
  '2d': '2d',
  '2dsphere': '2dsphere',
  hashed: 'hashed',
}
const MAX_FIELDS = 32
const MAX_TTL_SECONDS = 0x7fffffff

const refuse = (message: string): ServerError => new ServerError(67, message)

/** What `listIndexes` shows for `_id_`. */
export const idIndexSpec = ({ options }: CollectionReader): Doc =>
  doc({ v: 2, key: { _id: 1 }, name: '_id_', collation: options.collationSpec })

/** The kind of an index by its keys. Throws 67. */
function kindOf(key: Doc): IndexKind {
  if (key.size === 0) throw refuse('Index keys cannot be empty.')
  if (key.size > MAX_FIELDS) throw new ServerError(13103, `too many keys in index, max: ${MAX_FIELDS}`)
  let kind: IndexKind = 'btree'
  for (const [field, direction] of key.entries()) {
    if (field === '$**' || field.endsWith('.$**')) kind = 'wildcard'
    else if (field.split('.').includes('')) throw refuse('Index keys cannot contain an empty field.')
    else if (field.split('.').some((segment) => segment.startsWith('$') && !['$id', '$ref', '$db'].includes(segment))) {
      throw refuse("Index key contains an illegal field name: field name starts with '$'.")
    }
    if (typeof direction === 'string') {
      const plugin = Object.hasOwn(PLUGINS, direction) ? PLUGINS[direction] : undefined
      if (plugin === undefined) throw refuse(`Unknown index plugin '${direction}'`)
      kind = plugin
    } else if (!isNumeric(direction)) {
      throw refuse(
        `Values in v:2 index key pattern cannot be of type ${typeName(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    } else if (toNumber(direction) === 0 || Number.isNaN(toNumber(direction))) {
      throw refuse('Values in the index key pattern cannot be 0.')
    }
  }
  return kind
}

function flag(spec: Doc, name: string): boolean {
  const value = spec.get(name)
  if (value === undefined) return false
  if (typeof value === 'boolean') return value
  if (isNumeric(value)) return toNumber(value) !== 0
  throw new ServerError(
    14,
    `The field '${name}' has value ${name}: ${JSON.stringify(value)}, which is not convertible to bool`,
  )
}

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in', '$and', '$or'])

function checkPartial(expression: Doc): void {
  for (const [key, value] of expression.entries()) {
    const isRefused = key.startsWith('$') && (!PARTIAL_OPERATORS.has(key) || (key === '$exists' && value === false))
    if (isRefused) throw refuse(`Expression not supported in partial index: ${shellDoc(expression)}`)
    if (isDoc(value)) checkPartial(value)
    else if (isArray(value) && (key === '$and' || key === '$or')) value.filter(isDoc).forEach(checkPartial)
  }
}

function partialOf(spec: Doc, context: EvaluationContext): IndexSpec['partial'] {
  const expression = spec.get('partialFilterExpression')
  if (expression === undefined) return undefined
  if (!isDoc(expression)) throw new ServerError(14, "The field 'partialFilterExpression' must be an object")
  if (flag(spec, 'sparse')) throw refuse('cannot mix "partialFilterExpression" and "sparse" options')
  checkPartial(expression)
  return { expression, filter: compileFilter(expression, { ...context, checkTime: () => undefined }) }
}

function ttlOf(spec: Doc, key: Doc): number | undefined {
  const value = spec.get('expireAfterSeconds')
  if (value === undefined) return undefined
  if (!isNumeric(value))
    throw refuse(
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${typeName(value)}'. Index spec: ${shellDoc(spec)}`,
    )
  const seconds = toNumber(value)
  if (!(seconds >= 0 && seconds <= MAX_TTL_SECONDS)) {
    throw refuse(
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${seconds}. Index spec: ${shellDoc(spec)}`,
    )
  }
  if (key.size > 1)
    throw refuse(
      `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${shellDoc(spec)}`,
    )
  if (key.keys[0] === '_id')
    throw refuse(
      `The field 'expireAfterSeconds' is not valid for an _id index specification. Specification: ${shellDoc(spec)}`,
    )
  return seconds
}

/** Checks a specification of `createIndexes`. Throws 67, 197, 9, 14, 2 as the server does. */
export function readIndexSpec(
  collection: Pick<CollectionReader, 'options'>,
  spec: Doc,
  context: EvaluationContext,
): IndexSpec {
  const unknown = spec.keys.find((field) => !INDEX_FIELDS.includes(field))
  if (unknown !== undefined) {
    throw new ServerError(
      197,
      `The field '${unknown}' is not valid for an index specification. Specification: ${shellDoc(spec)}`,
    )
  }
  const key = spec.get('key')
  if (!isDoc(key))
    throw new ServerError(
      key === undefined ? 9 : 14,
      "The 'key' field is a required property of an index specification",
    )
  const name = spec.get('name')
  if (typeof name !== 'string')
    throw new ServerError(
      name === undefined ? 9 : 14,
      "The 'name' field is a required property of an index specification",
    )
  if (name === '') throw refuse('index name cannot be empty')
  if (name === '*') throw new ServerError(2, "The index name '*' is not valid.")
  const version = spec.get('v')
  if (version !== undefined && (!isNumeric(version) || ![1, 2].includes(toNumber(version)))) {
    throw refuse(`Invalid index specification ${shellDoc(spec)}; cannot create an index with v=${String(version)}`)
  }
  checkIdIndex(spec, key, name)
  const kind = kindOf(key)
  const unique = flag(spec, 'unique')
  if (unique && kind !== 'btree' && kind !== '2d' && kind !== '2dsphere')
    throw refuse(`Currently only ascending and descending indexes can be unique. Index spec: ${shellDoc(spec)}`)
  const collationSpec = collationOfIndex(spec, collection)
  const partial = partialOf(spec, context)
  const read = {
    name,
    key,
    kind,
    unique,
    sparse: flag(spec, 'sparse'),
    hidden: flag(spec, 'hidden'),
    prepareUnique: flag(spec, 'prepareUnique'),
    partial,
    collation:
      collationSpec === undefined ? undefined : { spec: collationSpec, compare: collationCompare(collationSpec) },
    expireAfterSeconds: ttlOf(spec, key),
  }
  return { ...read, spec: shownSpec(read, spec) }
}

function collationOfIndex(spec: Doc, { options }: Pick<CollectionReader, 'options'>): Doc | undefined {
  const own = spec.get('collation')
  if (own === undefined) return options.collationSpec
  if (!isDoc(own)) throw new ServerError(14, "The field 'collation' must be an object")
  if (own.size === 0) throw new ServerError(2, "The field 'collation' cannot be an empty object.")
  return normalCollation(own)
}

const isIdKey = (key: Doc): boolean =>
  key.size === 1 && key.keys[0] === '_id' && isNumeric(key.values[0]) && toNumber(key.values[0] as Value) === 1

function checkIdIndex(spec: Doc, key: Doc, name: string): void {
  if (!isIdKey(key)) {
    if (name !== '_id_') return
    throw new ServerError(
      2,
      `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: ${shellDoc(key)}`,
    )
  }
  const other = spec.keys.find(
    (field) => !ID_INDEX_FIELDS.includes(field) && !(field === 'background' || spec.get(field) === false),
  )
  if (other !== undefined) {
    throw new ServerError(
      197,
      `The field '${other}' is not valid for an _id index specification. Specification: ${shellDoc(spec)}`,
    )
  }
}

/** Whether the specification asks for the index that every collection has. */
export const isIdIndex = ({ key }: IndexSpec): boolean => isIdKey(key)

/** What `listIndexes` shows: version, key and name first, options that are off left out. */
export function shownSpec(index: Omit<IndexSpec, 'spec'>, given: Doc = EMPTY_DOC): Doc {
  const shown: [string, Value][] = [
    ['v', 2],
    ['key', index.key],
    ['name', index.name],
  ]
  if (given.get('background') !== undefined) shown.push(['background', given.get('background') as Value])
  if (index.unique) shown.push(['unique', true])
  if (index.sparse) shown.push(['sparse', true])
  if (index.expireAfterSeconds !== undefined) shown.push(['expireAfterSeconds', index.expireAfterSeconds])
  if (index.partial !== undefined) shown.push(['partialFilterExpression', index.partial.expression])
  if (index.collation !== undefined) shown.push(['collation', index.collation.spec])
  if (index.hidden) shown.push(['hidden', true])
  if (index.prepareUnique) shown.push(['prepareUnique', true])
  for (const field of SHOWN_AS_GIVEN) {
    const value = given.get(field)
    if (value !== undefined) shown.push([field, value])
  }
  return docOf(shown)
}
