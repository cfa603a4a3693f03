import { INDEX_KINDS } from '../render/index-options.ts'
import { closed, neededText, property, wordsOf, type JsonSchema } from './json-schema.ts'

const BOOLEAN: JsonSchema = { type: 'boolean' }
const NUMBER: JsonSchema = { type: 'number' }
const INTEGER: JsonSchema = { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
const TEXT: JsonSchema = { type: 'string' }
const MAPPING: JsonSchema = { type: 'object' }

const KIND_WORDS: Readonly<Record<string, string>> = {
  '2d': 'Places on a plane.',
  '2dsphere': 'Places on the globe, as GeoJSON.',
  hashed: 'The hash of the value, for sharding.',
  text: 'The words of texts, for text search.',
}

/** The options of an index, as the server takes them. Source: manual, createIndexes. */
const OPTIONS: Readonly<Record<string, JsonSchema>> = {
  unique: property('Whether no two documents may have the same values.', BOOLEAN, [true]),
  sparse: property('Whether documents without the field are left out of the index.', BOOLEAN, [true]),
  partialFilterExpression: property('Only documents that match this filter are in the index.', MAPPING, [
    { email: { $exists: true } },
  ]),
  expireAfterSeconds: property(
    'Documents are deleted when the date in the field is this many seconds old.',
    { type: 'number', minimum: 0, maximum: 2 ** 31 - 1 },
    [86_400],
  ),
  collation: property(
    'The language rules by which texts are compared.',
    {
      type: 'object',
      properties: { locale: property('The language; `simple` compares bytes.', TEXT, ['en']) },
      required: ['locale'],
    },
    [{ locale: 'en', strength: 2 }],
  ),
  hidden: property('Whether queries do not see the index: a trial before it is dropped.', BOOLEAN, [true]),
  weights: property('How much each field of a text index counts.', MAPPING, [{ title: 10, body: 1 }]),
  default_language: property('The language of a text index where a document names none.', TEXT, ['english']),
  language_override: property('The field of a document that names its language.', TEXT, ['language']),
  wildcardProjection: property('The fields that a wildcard index holds.', MAPPING, [{ attributes: 1 }]),
  prepareUnique: property('Whether new duplicates are refused already, before the index becomes unique.', BOOLEAN, [
    true,
  ]),
  bits: property('The precision of a 2d index.', { type: 'integer', minimum: 1, maximum: 32 }, [26]),
  min: property('The least coordinate of a 2d index.', NUMBER, [-180]),
  max: property('The greatest coordinate of a 2d index.', NUMBER, [180]),
  '2dsphereIndexVersion': property('The version of a 2dsphere index.', INTEGER, [3]),
  textIndexVersion: property('The version of a text index.', INTEGER, [3]),
  v: property('The version of the index format.', INTEGER, [2]),
  storageEngine: property('Options of the storage engine.', MAPPING, [{ wiredTiger: {} }]),
  background: property('Ignored by MongoDB since 4.2; remove it.', BOOLEAN, [true]),
}

const FIELD = '(?:[^$.\\u0000][^.\\u0000]*|\\$(?:id|ref|db))'
const FIELD_PATH = `^(?:\\$\\*\\*|${FIELD}(?:\\.${FIELD})*(?:\\.\\$\\*\\*)?)$`

/** The names that an index cannot have: they stand for all of them and for the one that is always there. */
export const RESERVED_NAMES = ['_id_', '*'] as const

export const INDEX: JsonSchema = closed(
  {
    name: {
      ...neededText(
        'The name of the index. It is one name over all versions until `drop_indexes` names it.',
        'emailIndex',
      ),
      pattern: '^[^\\u0000]*$',
      not: { enum: RESERVED_NAMES },
    },
    key: property(
      'The fields in their order, which is part of what the index is: 1 ascending, -1 descending, or a kind of index.',
      {
        type: 'object',
        minProperties: 1,
        maxProperties: 32,
        propertyNames: { pattern: FIELD_PATH },
        additionalProperties: {
          anyOf: [
            { type: 'number', not: { const: 0 } },
            wordsOf(Object.fromEntries(INDEX_KINDS.map((kind) => [kind, KIND_WORDS[kind] ?? '']))),
          ],
        },
      },
      [{ status: 1, 'created.at': -1 }],
    ),
    options: property(
      'The options of the index, as MongoDB takes them.',
      { type: ['object', 'null'], properties: OPTIONS, additionalProperties: false },
      [{ unique: true }],
    ),
  },
  ['name', 'key'],
)
