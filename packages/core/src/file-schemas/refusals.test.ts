import { describe, expect, it } from 'vitest'
import { load } from 'js-yaml'
import type { FolderKind } from '../model/files.ts'
import { refusals, reported, STRUCTURAL } from './testing/both.ts'

const property = (text: string): readonly ['dictionaries', string] => [
  'dictionaries',
  `root: {type: object, properties: [{name: _id, type: identifier}, ${text}]}`,
]
const version = (text: string): readonly ['configurations', string] => ['configurations', `versions: [${text}]`]

describe('what is wrong with the form of a file is refused by its schema and reported by the check', () => {
  it.each<readonly [code: string, folder: FolderKind, text: string]>([
    ['YAML_EMPTY', 'types', 'null'],
    ['FILE_NOT_MAPPING', 'enumerators', '[]'],
    ['ATTRIBUTE_UNKNOWN', 'configurations', 'version: []'],
    ['ATTRIBUTE_KIND', 'configurations', 'versions: {}'],
    ['ATTRIBUTE_KIND', 'configurations', '_locked: "true"'],
    ['ATTRIBUTE_KIND', ...version('1.0.0.0')],
    ['ATTRIBUTE_MISSING', ...version('{}')],
    ['VERSION_INVALID', ...version('{version: 1.0}')],
    ['VERSION_INVALID', ...version('{version: v1.0.0}')],
    ['VERSION_ZERO', ...version('{version: 0.0.0.0}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, drop_indexes: [{name: i}]}')],
    ['INDEX_INVALID', ...version('{version: 1.0.0, drop_indexes: [_id_]}')],
    ['NAME_NOT_PLAIN', ...version('{version: 1.0.0, migrations: [../m.json]}')],
    ['NAME_NOT_PLAIN', ...version('{version: 1.0.0, test_data: a/b.json}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, test_data: [t.json]}')],
    ['ATTRIBUTE_MISSING', ...version('{version: 1.0.0, add_indexes: [{key: {a: 1}}]}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {}}]}')],
    ['INDEX_INVALID', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a: up}}]}')],
    ['INDEX_INVALID', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a..b: 1}}]}')],
    ['INDEX_INVALID', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a: 1}, options: {unqiue: true}}]}')],
    ['INDEX_INVALID', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a: 1}, options: {unique: 1}}]}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, migration: {mode: online}}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, validation: {level: none}}')],
    ['ATTRIBUTE_KIND', ...version('{version: 1.0.0, validation: {level: constraint, action: warn}}')],
    ['RISK_CODE_UNKNOWN', ...version('{version: 1.0.0, allow: [{code: XX, reason: why}]}')],
    ['ATTRIBUTE_MISSING', ...version('{version: 1.0.0, allow: [{code: LI, reason: " "}]}')],
    ['ATTRIBUTE_MISSING', 'dictionaries', '_locked: true'],
    ['ATTRIBUTE_MISPLACED', 'dictionaries', 'root: {type: object}\nadditional_properties: true'],
    ['PROPERTY_NAME_MISSING', 'types', 'root: {type: word}'],
    ['PROPERTY_NAME_MISSING', ...property('{type: word}')],
    ['PROPERTY_NAME_INVALID', ...property('{name: a.b, type: word}')],
    ['PROPERTY_WITHOUT_TYPE', ...property('{name: a}')],
    ['NAME_NOT_PLAIN', ...property('{name: a, type: ../word}')],
    ['NAME_NOT_PLAIN', ...property('{name: a, type: ref, ref: ../a.yaml}')],
    ['ATTRIBUTE_KIND', ...property('{name: 5, type: word}')],
    ['ATTRIBUTE_UNKNOWN', ...property('{name: a, type: object, additionalProperties: true}')],
    ['ATTRIBUTE_MISPLACED', ...property('{name: a, type: word, min_items: 1}')],
    ['ATTRIBUTE_MISSING', ...property('{name: a, type: array}')],
    ['ATTRIBUTE_KIND', ...property('{name: a, type: array, items: {type: word}, min_items: -1}')],
    ['ATTRIBUTE_KIND', ...property('{name: a, type: array, items: {type: word}, min_items: 2147483648}')],
    ['ATTRIBUTE_KIND', ...property('{name: a, type: array, items: {type: word}, max_items: 99999999999}')],
    ['ATTRIBUTE_MISSING', ...property('{name: a, type: enum}')],
    ['CONSTANT_NOT_STRING', ...property('{name: a, type: constant, constant: 5}')],
    ['ONE_OF_EMPTY', ...property('{name: a, type: one_of, properties: []}')],
    ['FRAGMENT_WITHOUT_TYPE', ...property('{name: a, type: simple, schema: {pattern: a}}')],
    ['FRAGMENT_INVALID', ...property('{name: a, type: simple, schema: {type: integer}}')],
    ['FRAGMENT_INVALID', ...property('{name: a, type: simple, schema: {type: string, format: date}}')],
    ['FRAGMENT_INVALID', ...property('{name: a, type: simple, schema: {type: string, minLength: 1.5}}')],
    [
      'FRAGMENT_INVALID',
      ...property('{name: a, type: simple, schema: {type: string, maxLength: 9223372036854777856}}'),
    ],
    [
      'FRAGMENT_INVALID',
      ...property(
        '{name: a, type: complex, json_type: {type: array}, bson_type: {bsonType: array, maxItems: 18446744073709551616}}',
      ),
    ],
    ['FRAGMENT_WITHOUT_TYPE', ...property('{name: a, type: complex, json_type: {type: string}}')],
    ['FRAGMENT_INVALID', ...property('{name: a, type: complex, json_type: {type: bool}, bson_type: {bsonType: bool}}')],
    [
      'FRAGMENT_INVALID',
      ...property('{name: a, type: complex, json_type: {type: string}, bson_type: {bsonType: text}}'),
    ],
    [
      'FRAGMENT_UNKNOWN_KEYWORD',
      ...property('{name: a, type: complex, json_type: {typ: string}, bson_type: {bsonType: date}}'),
    ],
    ['ENUMERATORS_VERSION', 'enumerators', 'enumerators: []'],
    ['ENUMERATORS_VERSION', 'enumerators', 'version: "1"'],
    ['ENUMERATORS_VERSION', 'enumerators', 'version: 2147483648'],
    ['ATTRIBUTE_MISSING', 'enumerators', 'version: 0\nenumerators: [{values: []}]'],
    ['ENUM_VALUE_NOT_TEXT', 'enumerators', 'version: 0\nenumerators: [{name: a, values: [{value: 5}]}]'],
    ['ENUMERATORS_VERSION', 'enumerators', 'version: 2147483648'],
    ['ENUMERATORS_VERSION', 'enumerators', 'version: 18446744073709551616'],
    [
      'ATTRIBUTE_KIND',
      ...property('{name: a, type: array, items: {type: identifier}, max_items: 18446744073709551616}'),
    ],
    ['DATA_NOT_ARRAY', 'test_data', '{"a": 1}'],
    ['DATA_ITEM_INVALID', 'test_data', '[1]'],
    ['DATA_ITEM_INVALID', 'migrations', '[{"$set": {}, "$unset": "a"}]'],
    ['MIGRATION_STAGE_INVALID', 'migrations', '[{"$sett": {"a": 1}}, {"$out": "thing"}]'],
  ])('%s: %s: %s', (code, folder, text) => {
    expect(reported(folder, text)).toContain(code)
    expect(refusals(folder, load(text)).length).toBeGreaterThan(0)
  })
})

describe('the greatest int', () => {
  it.each<readonly [folder: FolderKind, text: string]>([
    property('{name: a, type: array, items: {type: identifier}, max_items: 2147483647}'),
    property('{name: a, type: simple, schema: {type: string, maxLength: 9223372036854775807}}'),
    property(
      '{name: a, type: simple, schema: {type: number, minimum: -9223372036854775809, maximum: 18446744073709551616}}',
    ),
    ['enumerators', 'version: 2147483647'],
  ])('is taken by both in %s: %s', (folder, text) => {
    expect(refusals(folder, load(text))).toEqual([])
    expect(reported(folder, text).filter((code) => STRUCTURAL.has(code))).toEqual([])
  })
})

describe('what one look at one file cannot see is left to the check', () => {
  it.each<readonly [code: string, folder: FolderKind, text: string]>([
    ['YAML_AMBIGUOUS', ...property('{name: no, type: word}')],
    ['YAML_DUPLICATE_KEY', 'types', 'root: {name: mine, type: word, type: word}'],
    ['VERSION_INVALID', ...version('{version: 1.0.99999999999999999999}')],
    ['VERSION_DUPLICATE', ...version('{version: 1.0.0}, {version: 1.0.0.0}')],
    ['VERSION_ORDER', ...version('{version: 1.1.0}, {version: 1.0.0}')],
    ['INDEX_DUPLICATE', ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a: 1}}, {name: i, key: {b: 1}}]}')],
    [
      'INDEX_INVALID',
      ...version('{version: 1.0.0, add_indexes: [{name: i, key: {a: hashed}, options: {unique: true}}]}'),
    ],
    ['REFERENCE_MISSING', ...version('{version: 1.0.0, migrations: [none.json]}')],
    ['ALLOW_WITHOUT_EFFECT', ...version('{version: 1.0.0, allow: [{code: LI, reason: why}]}')],
    ['TYPE_UNKNOWN', ...property('{name: a, type: wordd}')],
    ['PROPERTY_DUPLICATE', ...property('{name: _id, type: identifier}')],
    ['BOUNDS_CONTRADICTION', ...property('{name: a, type: array, items: {type: word}, min_items: 2, max_items: 1}')],
    ['ATTRIBUTE_KIND', ...property('{name: a, type: array, items: {type: word}, min_items: 1.0}')],
    ['FRAGMENT_INVALID', ...property('{name: a, type: simple, schema: {type: string, pattern: "("}}')],
    [
      'FRAGMENT_CONTRADICTION',
      ...property('{name: a, type: complex, json_type: {type: string}, bson_type: {bsonType: bool}}'),
    ],
    ['ENUMERATOR_DUPLICATE', 'enumerators', 'version: 0\nenumerators: [{name: a}, {name: a}]'],
    ['JSON_SYNTAX', 'test_data', '[{"_id": {"$oid": "x"}}]'],
    ['MIGRATION_HAS_NO_TARGET', 'migrations', '[{"$match": {}}]'],
    ['MIGRATION_STAGE_INVALID', 'migrations', '[{"$out": "thing"}, {"$set": {"a": 1}}]'],
  ])('%s: %s: %s', (code, folder, text) => {
    expect(reported(folder, text)).toContain(code)
    expect(refusals(folder, load(text, { json: true }))).toEqual([])
  })
})
