import { relaxedJson } from '@stage0/bson-schema'
import { canonicalJson } from '../../plan/canonical.ts'
import { renderAll } from '../render-schema.ts'
import { checkTexts, repositoryOf, thingWith } from './files.ts'

const SAMPLE = thingWith(
  [
    '{name: "10", description: "größer 😀", type: enum, enums: marks}',
    '{name: "2", type: array, min_items: 1, items: {name: i, type: word, nullable: true}}',
    '{name: __proto__, type: constant, constant: ""}',
    '{name: amount, type: complex, json_type: {type: number, minimum: 0.1}, bson_type: {bsonType: [double, decimal], minimum: 1e-7}}',
    '{name: choice, type: one_of, properties: [{name: w, type: word}, {name: o, type: object, additional_properties: {type: object}}]}',
  ],
  {
    'configurations/thing.yaml':
      'versions:\n  - version: 1.0.0\n    add_indexes: [{name: u, key: {"10": 1, "2": -1}, options: {unique: true, collation: {locale: de, strength: 1}}}]\n    test_data: thing.json\n',
    'enumerators/enumerations.0.yaml':
      'version: 0\nenumerators: [{name: marks, values: [{value: "\\uFF5E", description: a}, {value: "😀", description: b}, {value: Z, description: c}]}]\n',
    'test_data/thing.json':
      '[{"amount": 5.0, "10": "Z"}, {"amount": {"$numberLong": "9007199254740993"}, "10": "😀", "2": ["ok"]}]',
  },
)

/** What core makes of a sample that holds what differs most easily between engines, as one text. */
export function renderSample(): string {
  const repository = repositoryOf(SAMPLE)
  const schemas = (['json', 'bson'] as const).flatMap((format) =>
    renderAll(repository, format).map(({ schema }) => relaxedJson(schema, 2)),
  )
  const results = [true, false].map((loadTestData) => checkTexts(SAMPLE, loadTestData))
  return [...schemas, ...results.map(({ problems, wanted }) => canonicalJson({ problems, wanted }))].join('\n')
}
