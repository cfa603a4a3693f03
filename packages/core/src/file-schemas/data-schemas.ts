import { STAGES } from '../plan/pipeline-stages.ts'
import {
  closed,
  displayText,
  ENVELOPE,
  flag,
  INT_MAX,
  list,
  neededText,
  property,
  type JsonSchema,
} from './json-schema.ts'
import { STAGE_WORDS } from './stage-words.ts'

const VALUE = closed(
  {
    value: property('The value as it stands in documents. Quote what looks like a number.', { type: 'string' }, [
      'active',
    ]),
    description: displayText('What the value means.', 'May sign in'),
    deprecated: flag('Whether the value should no longer be used. It stays allowed.'),
  },
  ['value'],
)

const ENUMERATOR = closed(
  {
    name: neededText('The name by which properties of kind `enum` and `enum_array` use it.', 'user_status'),
    values: list('The values. The rendered schemas list them sorted, each once.', VALUE, [
      { value: 'active', description: 'May sign in' },
    ]),
  },
  ['name'],
)

/** One version of the enumerators. */
export const ENUMERATORS: JsonSchema = closed(
  {
    ...ENVELOPE,
    version: property(
      'The number of this version of the enumerators: the fourth number of the versions of collections that use it. The name of the file has no meaning.',
      { type: 'integer', minimum: 0, maximum: INT_MAX },
      [1],
    ),
    enumerators: list('The enumerators of this version.', ENUMERATOR, [
      { name: 'user_status', values: [{ value: 'active', description: 'May sign in' }] },
    ]),
  },
  ['version'],
)

/** Documents in MongoDB Extended JSON. Their fields are a matter of the dictionary, so any are taken here. */
export const TEST_DATA: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    description:
      'A document in MongoDB Extended JSON: `{"$oid": ...}`, `{"$date": ...}`. A date without a zone is UTC.',
  },
  examples: [
    [{ _id: { $oid: '660000000000000000000004' }, status: 'active', created: { $date: '2026-03-20T19:31:00Z' } }],
  ],
}

const stage = (name: string): readonly [string, JsonSchema] => {
  const [description, example] = STAGE_WORDS[name] ?? ['', null]
  return [name, property(description, {}, [example])]
}

/** One aggregation pipeline. */
export const MIGRATION: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    description: 'A stage of the pipeline: one key, its operator.',
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries([...STAGES].map(stage)),
    additionalProperties: false,
  },
  examples: [[{ $set: { display_name: { $concat: ['$first_name', ' ', '$last_name'] } } }, { $merge: 'user' }]],
}
