import { BSON_TYPE_ALIASES, JSON_TYPES as BSON_JSON_TYPE_NAMES, SUPPORTED_KEYWORDS } from '@stage0/bson-schema'

/** What the value of a keyword holds, as far as checking must look inside. */
export type KeywordValue =
  'schema' | 'schemas' | 'schemaMap' | 'schemaOrList' | 'schemaOrBoolean' | 'pattern' | 'type' | 'other'

const COMMON: readonly (readonly [string, KeywordValue])[] = [
  ['additionalItems', 'schemaOrBoolean'],
  ['additionalProperties', 'schemaOrBoolean'],
  ['allOf', 'schemas'],
  ['anyOf', 'schemas'],
  ['dependencies', 'other'],
  ['description', 'other'],
  ['enum', 'other'],
  ['exclusiveMaximum', 'other'],
  ['exclusiveMinimum', 'other'],
  ['items', 'schemaOrList'],
  ['maximum', 'other'],
  ['maxItems', 'other'],
  ['maxLength', 'other'],
  ['maxProperties', 'other'],
  ['minimum', 'other'],
  ['minItems', 'other'],
  ['minLength', 'other'],
  ['minProperties', 'other'],
  ['multipleOf', 'other'],
  ['not', 'schema'],
  ['oneOf', 'schemas'],
  ['pattern', 'pattern'],
  ['patternProperties', 'schemaMap'],
  ['properties', 'schemaMap'],
  ['required', 'other'],
  ['title', 'other'],
  ['type', 'type'],
  ['uniqueItems', 'other'],
]

/** Keywords of JSON Schema, drafts 4 to 2020-12 (json-schema.org). */
export const JSON_KEYWORDS: ReadonlyMap<string, KeywordValue> = new Map<string, KeywordValue>([
  ...COMMON,
  ...['$anchor', '$comment', '$dynamicAnchor', '$dynamicRef', '$id', '$ref', '$schema', '$vocabulary', 'id'].map(other),
  ...['const', 'contentEncoding', 'contentMediaType', 'default', 'dependentRequired', 'deprecated', 'examples'].map(
    other,
  ),
  ...['format', 'maxContains', 'minContains', 'readOnly', 'writeOnly'].map(other),
  ['$defs', 'schemaMap'],
  ['definitions', 'schemaMap'],
  ['dependentSchemas', 'schemaMap'],
  ['contains', 'schema'],
  ['contentSchema', 'schema'],
  ['else', 'schema'],
  ['if', 'schema'],
  ['prefixItems', 'schemas'],
  ['propertyNames', 'schema'],
  ['then', 'schema'],
  ['unevaluatedItems', 'schemaOrBoolean'],
  ['unevaluatedProperties', 'schemaOrBoolean'],
])

/** Keywords of `$jsonSchema`; every other one is refused. */
export const BSON_KEYWORDS: ReadonlyMap<string, KeywordValue> = new Map(
  SUPPORTED_KEYWORDS.map((keyword) => [
    keyword,
    keyword === 'bsonType' ? 'type' : (JSON_KEYWORDS.get(keyword) ?? 'other'),
  ]),
)

export const JSON_TYPES: readonly string[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']
/** `type` of `$jsonSchema` knows no integer. */
export const BSON_JSON_TYPES: readonly string[] = Object.keys(BSON_JSON_TYPE_NAMES)
export const BSON_TYPES: readonly string[] = BSON_TYPE_ALIASES

/** What to write instead of words that are right elsewhere. */
export const BSON_KEYWORD_HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    $ref: 'Use a property of kind `ref`, or a custom type: they are rendered in place.',
    const: 'Use `enum` with one value.',
    default: 'MongoDB knows no defaults; remove it, or use kind `complex` and keep it in `json_type`.',
    format: 'Use `pattern`, or kind `complex` and keep `format` in `json_type`.',
  }),
)
export const BSON_TYPE_HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    boolean:
      'MongoDB calls it "bool"; use kind `complex` with `json_type: {type: boolean}` and `bson_type: {bsonType: bool}`.',
    integer:
      'MongoDB calls it "int" or "long"; use kind `complex` with `json_type: {type: integer}` and `bson_type: {bsonType: int}`.',
    float: 'MongoDB calls it "double", JSON Schema "number".',
  }),
)

function other(name: string): [string, KeywordValue] {
  return [name, 'other']
}
