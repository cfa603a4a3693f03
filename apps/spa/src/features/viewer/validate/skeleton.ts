import { Doc, isArray, isDoc, isNumeric, toDouble, double, type Value } from '@stage0/bson-schema'
import { sampleText } from './sample-text.ts'
import { sampleOf } from './sample-values.ts'

/** No example array has more items. */
const MAX_ITEMS = 10

/**
 * An example document for a `$jsonSchema`: every declared property, the first value of a list of values, the first
 * alternative of a choice, numbers inside of their bounds, texts that match their pattern where one can be found. It is
 * a beginning to edit, not a proof: rules that reach over several properties are not solved.
 */
export const skeletonOf = (schema: Doc): Value =>
  sampleFor(schema.has('bsonType') ? schema : schema.with('bsonType', 'object'))

function sampleFor(schema: Doc): Value {
  const choice = list(schema, 'oneOf') ?? list(schema, 'anyOf')
  if (choice !== undefined) {
    const chosen = choice.filter(isDoc).find((one) => !onlyNull(one))
    if (chosen !== undefined) return sampleFor(merged(schema.without('oneOf').without('anyOf'), chosen))
  }
  const all = list(schema, 'allOf')
  if (all !== undefined) return sampleFor(all.filter(isDoc).reduce(merged, schema.without('allOf')))
  const values = list(schema, 'enum')
  if (values !== undefined) return values.find((value) => value !== null) ?? null
  return sampleOfType(schema, typeOf(schema))
}

function sampleOfType(schema: Doc, type: string): Value {
  switch (type) {
    case 'object':
      return sampleObject(schema)
    case 'array':
      return sampleArray(schema)
    case 'string': {
      const pattern = schema.get('pattern')
      const bounds = { min: count(schema, 'minLength') ?? 0, max: count(schema, 'maxLength') ?? Infinity }
      return sampleText(typeof pattern === 'string' ? pattern : undefined, bounds)
    }
    case 'int':
    case 'integer':
    case 'number':
      return sampleNumber(schema, true)
    case 'double':
      return double(sampleNumber(schema, false))
    case 'long': {
      const n = sampleNumber(schema, true)
      return Number.isSafeInteger(n) ? BigInt(n) : sampleOf(type)
    }
    case 'decimal':
      return sampleOf(type, String(sampleNumber(schema, false)))
    default:
      return sampleOf(type)
  }
}

function sampleObject(schema: Doc): Doc {
  const properties = schema.get('properties')
  const keys: string[] = []
  const values: Value[] = []
  if (isDoc(properties)) {
    for (const [name, property] of properties.entries()) {
      if (!isDoc(property)) continue
      keys.push(name)
      values.push(sampleFor(property))
    }
  }
  for (const name of list(schema, 'required') ?? []) {
    if (typeof name !== 'string' || keys.includes(name)) continue
    keys.push(name)
    values.push(sampleOf('string'))
  }
  return new Doc(keys, values)
}

function sampleArray(schema: Doc): Value[] {
  const most = Math.min(count(schema, 'maxItems') ?? MAX_ITEMS, MAX_ITEMS)
  const wanted = Math.min(Math.max(count(schema, 'minItems') ?? 1, 1), most)
  const items = schema.get('items')
  if (isArray(items)) return items.filter(isDoc).slice(0, most).map(sampleFor)
  const item = isDoc(items) ? sampleFor(items) : sampleOf('string')
  return Array.from({ length: wanted }, () => item)
}

/** The number nearest to 0 that the bounds allow. */
function sampleNumber(schema: Doc, isWhole: boolean): number {
  const step = bound(schema, 'multipleOf') ?? (isWhole ? 1 : undefined)
  const low = bound(schema, 'minimum')
  const high = bound(schema, 'maximum')
  const above = low !== undefined && (low > 0 || (low === 0 && schema.get('exclusiveMinimum') === true))
  const below = high !== undefined && (high < 0 || (high === 0 && schema.get('exclusiveMaximum') === true))
  if (above) return inside(low, schema.get('exclusiveMinimum') === true, step, 1)
  if (below) return inside(high, schema.get('exclusiveMaximum') === true, step, -1)
  return 0
}

/** The bound itself, or the next step (`direction` away from 0) where it is excluded or no multiple. */
function inside(limit: number, isExcluded: boolean, step: number | undefined, direction: 1 | -1): number {
  if (step === undefined) return isExcluded ? limit + direction * Math.max(Math.abs(limit), 1) * 0.5 : limit
  const nearest = (direction === 1 ? Math.ceil(limit / step) : Math.floor(limit / step)) * step
  return isExcluded && nearest === limit ? nearest + direction * step : nearest
}

function typeOf(schema: Doc): string {
  const stated = schema.get('bsonType') ?? schema.get('type')
  const type = isArray(stated) ? (stated.find((one) => one !== 'null') ?? stated[0]) : stated
  if (typeof type === 'string') return type
  if (schema.has('properties')) return 'object'
  return schema.has('items') ? 'array' : 'string'
}

const onlyNull = (schema: Doc): boolean => {
  const type = schema.get('bsonType') ?? schema.get('type')
  return type === 'null' || (isArray(type) && type.every((one) => one === 'null'))
}

/** Both schemas at once, as far as an example needs it: the keys of `over` win, properties come together. */
function merged(under: Doc, over: Doc): Doc {
  let result = under
  for (const [key, value] of over.entries()) {
    const known = result.get(key)
    const both = key === 'properties' && isDoc(known) && isDoc(value) ? merged(known, value) : value
    result = result.with(key, both)
  }
  return result
}

function list(schema: Doc, key: string): readonly Value[] | undefined {
  const value = schema.get(key)
  return isArray(value) ? value : undefined
}

function bound(schema: Doc, key: string): number | undefined {
  const value = schema.get(key)
  return value !== undefined && isNumeric(value) ? toDouble(value) : undefined
}

const count = bound
