import {
  BSON_JSON_TYPES,
  BSON_KEYWORDS,
  BSON_TYPES,
  JSON_KEYWORDS,
  JSON_TYPES,
  type KeywordValue,
} from '../render/fragment-keywords.ts'
import { FRAGMENT_WORDS } from './fragment-words.ts'
import { property, ref, type JsonSchema } from './json-schema.ts'

/** Which fragments there are: for one half, for both at the top of `simple`, and for both anywhere else. */
type Dialect = 'json' | 'bson' | 'both'

/** The definition of a schema that stands inside a fragment. */
const NESTED: Readonly<Record<Dialect, string>> = { json: 'jsonFragment', bson: 'bsonFragment', both: 'fragment' }

const list = (items: JsonSchema): JsonSchema => ({ type: 'array', minItems: 1, items })
const typeNames = (names: readonly string[]): JsonSchema => ({ anyOf: [{ enum: names }, list({ enum: names })] })

const BOOLEAN: JsonSchema = { type: 'boolean' }
const NUMBER: JsonSchema = { type: 'number' }
/**
 * The server takes sizes up to the largest long, 2^63 - 1, which an editor that reads numbers as doubles cannot tell from 2^63: what is
 * refused here is beyond both. Written down it is 9223372036854776000: the fewest figures that are read as that number.
 */
const SIZE: JsonSchema = { type: 'integer', minimum: 0, maximum: 2 ** 63 }
const TEXT: JsonSchema = { type: 'string' }
const MAPPING: JsonSchema = { type: 'object' }

/** What the server asks of values that hold no schema; JSON Schema ignores what it cannot use, so nothing is refused there. */
const SERVER_VALUES: Readonly<Record<string, JsonSchema>> = {
  ...{ dependencies: MAPPING, encrypt: MAPPING, encryptMetadata: MAPPING },
  ...{ description: TEXT, title: TEXT, enum: { type: 'array', minItems: 1 }, required: list(TEXT) },
  ...{ exclusiveMaximum: BOOLEAN, exclusiveMinimum: BOOLEAN, uniqueItems: BOOLEAN },
  ...{ maximum: NUMBER, minimum: NUMBER, multipleOf: { type: 'number', exclusiveMinimum: 0 } },
  ...{ maxItems: SIZE, maxLength: SIZE, maxProperties: SIZE, minItems: SIZE, minLength: SIZE, minProperties: SIZE },
}

function valueOf(kind: KeywordValue, keyword: string, dialect: Dialect): JsonSchema {
  const schema = ref(NESTED[dialect])
  switch (kind) {
    case 'schema':
      return { allOf: [schema] }
    case 'schemaOrBoolean':
      return { anyOf: [BOOLEAN, schema] }
    case 'schemaOrList':
      return { anyOf: [schema, { type: 'array', items: schema }] }
    case 'schemas':
      return list(schema)
    case 'schemaMap':
      return { type: 'object', additionalProperties: schema }
    case 'pattern':
      return TEXT
    case 'type':
      return typeNames(keyword === 'bsonType' ? BSON_TYPES : dialect === 'json' ? JSON_TYPES : BSON_JSON_TYPES)
    case 'other':
      return dialect === 'json' ? {} : (SERVER_VALUES[keyword] ?? {})
  }
}

function fragment(keywords: Iterable<readonly [string, KeywordValue]>, dialect: Dialect): JsonSchema {
  const properties: Record<string, JsonSchema> = {}
  for (const [keyword, kind] of [...keywords].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [description, example] = FRAGMENT_WORDS[keyword] ?? ['', null]
    properties[keyword] = property(description, valueOf(kind, keyword, dialect), [example])
  }
  return { type: 'object', properties, additionalProperties: false }
}

const inBoth = [...JSON_KEYWORDS].filter(([keyword]) => BSON_KEYWORDS.has(keyword))
const both = fragment(inBoth, 'both')
const json = fragment(JSON_KEYWORDS, 'json')
const [typeText, typeExample] = FRAGMENT_WORDS['type'] ?? ['', null]

/** The definitions that the grammar of properties refers to for its fragments. */
export const FRAGMENT_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  fragment: { title: 'Fragment for both schemas', ...both },
  // `type` becomes `bsonType` at the top of a `simple` property and stays as it is below.
  simpleFragment: {
    title: 'Fragment for both schemas',
    ...both,
    properties: {
      ...(both['properties'] as JsonSchema),
      type: property(typeText, typeNames(JSON_TYPES.filter((name) => BSON_TYPES.includes(name))), [typeExample]),
    },
    required: ['type'],
  },
  jsonFragment: { title: 'Fragment of JSON Schema', anyOf: [BOOLEAN, ref('jsonFragmentObject')] },
  jsonFragmentObject: { title: 'Fragment of JSON Schema', ...json },
  bsonFragment: { title: 'Fragment of $jsonSchema', ...fragment(BSON_KEYWORDS, 'bson') },
}
