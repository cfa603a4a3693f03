import { FRAGMENT_DEFINITIONS } from './fragments.ts'
import {
  closed,
  count,
  displayText,
  fileName,
  flag,
  list,
  neededText,
  PLAIN_NAME,
  property,
  ref,
  wordsOf,
  type JsonSchema,
} from './json-schema.ts'

/** The kinds of a property that are built in, each in words; any other `type` names a custom type. */
export const KINDS: Readonly<Record<string, string>> = {
  object: 'A document inside the document: fields in their order.',
  array: 'A list of items of one kind.',
  simple: 'One fragment that is rendered into both schemas.',
  complex: 'Two fragments: one for JSON Schema, one for $jsonSchema of MongoDB.',
  enum: 'One value of an enumerator.',
  enum_array: 'A list of values of an enumerator.',
  constant: 'One text, always the same.',
  one_of: 'Exactly one of some alternatives.',
  ref: 'The content of another dictionary, rendered in place.',
}

const properties = (description: string, example: string): JsonSchema =>
  list(description, ref('property'), [{ name: example, type: 'word', required: true }])
const enums = neededText(
  'The name of an enumerator. Its values are those of the enumerators file that the version of the collection names with its fourth number.',
  'order_status',
)

/** What each kind adds to the attributes that all have, and which of these it needs. */
const OWN: Readonly<Record<string, readonly [own: Readonly<Record<string, JsonSchema>>, needed: readonly string[]]>> = {
  object: [
    {
      properties: properties('The fields in their order, which is the order in the rendered schemas.', 'city'),
      additional_properties: property(
        'Fields that are not listed: `false`, none; `true`, any; a schema fragment, those that match it.',
        { anyOf: [{ type: ['boolean', 'null'] }, ref('fragment')], default: false },
        [true, { type: 'string' }],
      ),
    },
    [],
  ],
  array: [
    {
      items: property('What every item is. It needs no name.', { allOf: [ref('items')] }, [{ type: 'word' }]),
      min_items: count('The least number of items.', 1),
      max_items: count('The greatest number of items.', 10),
      unique_items: flag('Whether no item may occur twice.'),
    },
    ['items'],
  ],
  simple: [
    {
      schema: property(
        'The fragment. At its top `type` becomes `bsonType` for MongoDB, so use words that both languages know.',
        { allOf: [ref('simpleFragment')] },
        [{ type: 'string', pattern: '^[^\\s]{1,40}$' }],
      ),
    },
    ['schema'],
  ],
  complex: [
    {
      json_type: property(
        'The fragment for the JSON Schema.',
        { allOf: [ref('jsonFragmentObject')], minProperties: 1 },
        [{ type: 'string', format: 'date-time' }],
      ),
      bson_type: property(
        'The fragment for $jsonSchema of MongoDB. It takes no `format`, no `$ref`, no `default`, and `bsonType` for types.',
        { allOf: [ref('bsonFragment')], minProperties: 1 },
        [{ bsonType: 'date' }],
      ),
    },
    ['json_type', 'bson_type'],
  ],
  enum: [{ enums }, ['enums']],
  enum_array: [{ enums }, ['enums']],
  constant: [
    {
      constant: property('The text that the field must have. Quote what looks like a number.', { type: 'string' }, [
        'circle',
      ]),
    },
    ['constant'],
  ],
  one_of: [
    {
      properties: property(
        'The alternatives. Their names are for people, they are not in the documents.',
        { type: 'array', minItems: 1, items: ref('property') },
        [[{ name: 'circle', type: 'ref', ref: 'circle' }]],
      ),
    },
    ['properties'],
  ],
  ref: [
    {
      ref: fileName(
        'A file of the dictionaries folder; `.yaml` is added where there is no extension. The description of this property is not rendered, that of the other file is.',
        'address',
      ),
    },
    ['ref'],
  ],
}

const NAME = 'The name of the field in the documents. Case counts.'

/** What a name is for depends on the place of the property. */
const COMMON: Readonly<Record<string, JsonSchema>> = {
  description: displayText('What it is, for people. It is rendered into the JSON Schema.', 'For sign-in and messages'),
  type: property(
    'The kind of the property, or the name of a custom type: a file of the types folder without its extension.',
    { anyOf: [wordsOf(KINDS), { type: 'string', pattern: PLAIN_NAME }] },
    ['object', 'word'],
  ),
  required: flag('Whether every document must have the field. It counts for the fields of an object.'),
  nullable: flag('Whether the value may be null too.'),
}

const definitionOf = (kind: string): string => `${kind.replace('_a', 'A').replace('_o', 'O')}Property`
const isKind = (kind: JsonSchema): JsonSchema => ({ properties: { type: kind }, required: ['type'] })

/** Described where the place or `anyProperty` does it: an editor shows every description once. */
const KNOWN = Object.fromEntries(['name', ...Object.keys(COMMON)].map((name) => [name, true as const]))

/** A property at any place: its kind decides which attributes it has. */
const anyProperty: JsonSchema = {
  type: 'object',
  properties: COMMON,
  required: ['type'],
  allOf: [
    ...Object.keys(OWN).map((kind) => ({ if: isKind({ const: kind }), then: ref(definitionOf(kind)) })),
    { if: isKind({ type: 'string', not: { enum: Object.keys(OWN) } }), then: ref('customProperty') },
  ],
}

const at = (name: JsonSchema, isNeeded: boolean): JsonSchema => ({
  allOf: [ref('anyProperty')],
  properties: { name },
  ...(isNeeded ? { required: ['name'] } : {}),
})

/** Editors show the title above the help, and as the name of a whole property that they offer. */
const titled = (title: string, schema: JsonSchema): JsonSchema => ({ title, ...schema })

/** A property wherever it can stand, and its fragments. */
export const PROPERTY_DEFINITIONS: Readonly<Record<string, JsonSchema>> = {
  // A field that MongoDB cannot address well is warned of.
  property: titled('Property', at({ ...neededText(NAME, 'email'), pattern: '^[^$.\\u0000][^.\\u0000]*$' }, true)),
  items: titled('Items', at(displayText('The items in a word, for people.', 'login'), false)),
  dictionaryRoot: titled('Root', at(displayText('The root in a word, for people.', 'root'), false)),
  typeRoot: titled(
    'Root',
    at(neededText('The name of the type: that of the file without its extension.', 'email'), true),
  ),
  anyProperty: titled('Property', anyProperty),
  ...Object.fromEntries(
    Object.entries(OWN).map(([kind, [own, needed]]) => [
      definitionOf(kind),
      titled(`Property of kind ${kind}`, closed({ ...KNOWN, ...own }, needed)),
    ]),
  ),
  customProperty: titled('Property of a custom type', closed(KNOWN)),
  ...FRAGMENT_DEFINITIONS,
}
