import { doc, Doc, docOf, EMPTY_DOC, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { shortJson } from './short-text.ts'

/** One rule of a `$jsonSchema` by itself. */
export interface SchemaRule {
  /** Property path for people, as in the changes of a plan: "profile.name", "tags[]", "" for the document itself. */
  readonly path: string
  readonly keyword: string
  /** What the keyword asks for, in a bounded length. */
  readonly expected: string
  /** A schema for whole documents that asks for nothing but this rule. */
  readonly schema: Doc
}

/** Puts a schema for a value to its place in a schema for whole documents. */
type Wrap = (inner: Doc) => Doc

interface Place {
  readonly path: string
  readonly wrap: Wrap
  /** Whole documents: keywords for values and arrays mean nothing there. */
  readonly top: boolean
}

/** Keywords by the type of the values that they look at. Source: manual, $jsonSchema. */
const STRINGS = ['pattern', 'minLength', 'maxLength']
const NUMBERS = ['multipleOf', 'minimum', 'maximum']
const ARRAYS = ['minItems', 'maxItems', 'uniqueItems']
const OBJECTS = ['minProperties', 'maxProperties', 'dependencies']
/** Said of all values; combinations are one rule each, since no part of them fails by itself. */
const ANY = ['allOf', 'anyOf', 'oneOf', 'not', 'enum', 'bsonType', 'type']
const NUMERIC_TYPES = new Set(['number', 'int', 'long', 'double', 'decimal'])
/** Flags that say how a bound is meant, beside the bound. Source: JSON Schema draft 4. */
const COMPANION: Readonly<Record<string, string>> = { minimum: 'exclusiveMinimum', maximum: 'exclusiveMaximum' }

/**
 * The rules of a `$jsonSchema`, each as a schema of its own: a document satisfies the whole exactly when it satisfies every
 * rule. Nested properties, items, additional and pattern properties are followed.
 */
export function rulesOf(schema: Doc): readonly SchemaRule[] {
  const rules: SchemaRule[] = []
  collect(schema, { path: '', wrap: (inner) => inner, top: true }, rules)
  return rules
}

function collect(schema: Doc, place: Place, rules: SchemaRule[]): void {
  const single = singleType(schema)
  // With one stated type the keywords for values of other types are off.
  const isOn = (...types: readonly string[]): boolean => single === undefined || types.includes(single)
  if (!place.top) {
    if (isOn('string')) addAll(schema, STRINGS, place, rules)
    if (isOn(...NUMERIC_TYPES)) addAll(schema, NUMBERS, place, rules)
    if (isOn('array')) collectArray(schema, place, rules)
    addAll(schema, ['encrypt'], place, rules)
  }
  if (isOn('object')) collectObject(schema, place, rules)
  addAll(schema, ANY, place, rules)
}

function singleType(schema: Doc): string | undefined {
  const stated = schema.get('bsonType') ?? schema.get('type')
  const name = isArray(stated) && stated.length === 1 ? stated[0] : stated
  return typeof name === 'string' ? name : undefined
}

function addAll(schema: Doc, keywords: readonly string[], place: Place, rules: SchemaRule[]): void {
  for (const keyword of keywords) {
    const value = schema.get(keyword)
    if (value === undefined) continue
    const companion = COMPANION[keyword]
    const flag = companion === undefined ? undefined : schema.get(companion)
    const entries: [string, Value][] = [[keyword, value]]
    if (companion !== undefined && flag !== undefined) entries.push([companion, flag])
    const expected = flag === true ? `${shortJson(value)}, not included` : shortJson(value)
    rules.push({ path: place.path, keyword, expected, schema: place.wrap(docOf(entries)) })
  }
}

function collectArray(schema: Doc, place: Place, rules: SchemaRule[]): void {
  addAll(schema, ARRAYS, place, rules)
  const items = schema.get('items')
  const additional = schema.get('additionalItems')
  if (isDoc(items)) {
    collect(
      items,
      inside(place, `${place.path}[]`, (inner) => new Doc(['items'], [inner])),
      rules,
    )
  }
  if (!isArray(items)) return
  const before = (count: number): Value[] => Array.from({ length: count }, () => EMPTY_DOC)
  items.forEach((item, i) => {
    if (!isDoc(item)) return
    const wrap: Wrap = (inner) => new Doc(['items'], [[...before(i), inner]])
    collect(item, inside(place, `${place.path}[${i}]`, wrap), rules)
  })
  const others: Wrap = (inner) => new Doc(['items', 'additionalItems'], [before(items.length), inner])
  if (isDoc(additional)) collect(additional, inside(place, `${place.path}[]`, others), rules)
  else if (additional === false) {
    const rest = new Doc(['items', 'additionalItems'], [before(items.length), false])
    const expected = `at most ${items.length} items`
    rules.push({ path: place.path, keyword: 'additionalItems', expected, schema: place.wrap(rest) })
  }
}

function collectObject(schema: Doc, place: Place, rules: SchemaRule[]): void {
  const properties = docAt(schema, 'properties')
  const patterns = docAt(schema, 'patternProperties')
  for (const [name, property] of properties.entries()) {
    if (!isDoc(property)) continue
    const wrap: Wrap = (inner) => new Doc(['properties'], [new Doc([name], [inner])])
    collect(property, inside(place, join(place.path, name), wrap), rules)
  }
  for (const [pattern, property] of patterns.entries()) {
    if (!isDoc(property)) continue
    const wrap: Wrap = (inner) => new Doc(['patternProperties'], [new Doc([pattern], [inner])])
    collect(property, inside(place, join(place.path, `/${pattern}/`), wrap), rules)
  }
  collectAdditional(schema.get('additionalProperties'), properties, patterns, place, rules)
  const required = schema.get('required')
  for (const name of isArray(required) ? required : []) {
    if (typeof name !== 'string') continue
    const alone = place.wrap(doc({ required: [name] }))
    rules.push({ path: join(place.path, name), keyword: 'required', expected: 'a value', schema: alone })
  }
  addAll(schema, OBJECTS, place, rules)
}

function collectAdditional(
  additional: Value | undefined,
  properties: Doc,
  patterns: Doc,
  place: Place,
  rules: SchemaRule[],
): void {
  if (additional === undefined || additional === true) return
  const declared = (of: Doc): Doc => docOf(of.keys.map((key) => [key, EMPTY_DOC]))
  const named: [string, Value][] = [
    ['properties', declared(properties)],
    ...(patterns.size === 0 ? [] : ([['patternProperties', declared(patterns)]] as [string, Value][])),
  ]
  const wrap: Wrap = (inner) => docOf([...named, ['additionalProperties', inner]])
  if (isDoc(additional)) return collect(additional, inside(place, join(place.path, '*'), wrap), rules)
  const none = docOf([...named, ['additionalProperties', false]])
  const expected = 'no other fields'
  rules.push({ path: place.path, keyword: 'additionalProperties', expected, schema: place.wrap(none) })
}

const inside = (outer: Place, path: string, wrap: Wrap): Place => ({
  path,
  wrap: (inner) => outer.wrap(wrap(inner)),
  top: false,
})
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)
const docAt = (schema: Doc, key: string): Doc => {
  const value = schema.get(key)
  return isDoc(value) ? value : EMPTY_DOC
}
