import type { FolderKind } from '../../model/files.ts'
import type { Json } from '../json-schema.ts'

const PROPERTIES: readonly Json[] = [
  { name: '_id', description: 'Identity', type: 'identifier', required: true },
  { name: 'word', type: 'word', nullable: true },
  {
    name: 'mail',
    type: 'simple',
    schema: { type: 'string', pattern: '^[^@]+@[^@]+$', maxLength: 40, description: 'x' },
  },
  { name: 'list', type: 'simple', schema: { type: ['array', 'null'], items: { type: 'boolean' }, uniqueItems: true } },
  {
    name: 'map',
    type: 'simple',
    schema: {
      type: 'object',
      properties: {
        a: { type: 'number', minimum: 1, exclusiveMinimum: true, multipleOf: 0.5 },
        b: { not: { enum: ['x'] } },
      },
      patternProperties: { '^x': { anyOf: [{ type: 'null' }, { minLength: 1 }] } },
      additionalProperties: false,
      required: ['a'],
      dependencies: { a: ['b'] },
    },
  },
  {
    name: 'when',
    type: 'complex',
    json_type: {
      type: 'string',
      format: 'date-time',
      if: true,
      then: { const: 1 },
      $defs: { a: {} },
      prefixItems: [{}],
    },
    bson_type: {
      bsonType: ['date', 'null'],
      title: 'At',
      items: [{ type: 'boolean' }],
      additionalItems: { bsonType: 'int' },
    },
  },
  { name: 'state', type: 'enum', enums: 'state' },
  { name: 'marks', type: 'enum_array', enums: 'state' },
  { name: 'shape', type: 'constant', constant: 'circle' },
  {
    name: 'choice',
    type: 'one_of',
    properties: [
      { name: 'a', type: 'word' },
      { name: 'b', type: 'ref', ref: 'other' },
    ],
  },
  {
    name: 'items',
    type: 'array',
    min_items: 1,
    max_items: 4,
    unique_items: true,
    items: {
      description: 'An item',
      type: 'object',
      additional_properties: { type: 'string' },
      properties: [{ name: 'a', type: 'word' }],
    },
  },
  { name: 'open', type: 'object', additional_properties: true, properties: null },
]

const ROOT: Json = { name: 'root', description: 'A thing', type: 'object', required: false, properties: PROPERTIES }

const VERSIONS: Json = [
  {
    version: '1.0.0.0',
    drop_indexes: ['gone', 7],
    migrations: ['m.json'],
    migration: { mode: 'as-written' },
    add_indexes: [
      {
        name: 'a',
        key: { word: 1, 'items.a': -1 },
        options: { unique: true, collation: { locale: 'en' }, partialFilterExpression: {} },
      },
      { name: 'b', key: { '$**': 1 }, options: { wildcardProjection: { a: 1 }, v: 2 } },
      {
        name: 'c',
        key: { word: 'text' },
        options: { weights: { word: 2 }, default_language: 'en', textIndexVersion: 3 },
      },
      { name: 'd', key: { place: '2d' }, options: { bits: 26, min: -1, max: 1.5, expireAfterSeconds: 5 } },
      { name: 'e', key: { 'ref.$id': 'hashed' }, options: null },
    ],
    test_data: 't.json',
    validation: { level: 'strict', action: 'error' },
    allow: [
      { code: 'LI', path: 'gone', reason: 'not used' },
      { code: 'BC', path: null, reason: 'agreed' },
    ],
    down: ['m.json'],
    _locked: true,
  },
  { version: '1.1.0', test_data: null },
]

/** Files that use every attribute, as values; nothing is reported for them that a schema could see. */
export const CORPUS: Readonly<Record<FolderKind, Json>> = {
  configurations: {
    file_name: 'thing.yaml',
    _locked: false,
    title: 'Things',
    description: null,
    name: 'x',
    versions: VERSIONS,
  },
  dictionaries: { file_name: 'thing.1.0.0.yaml', _locked: false, root: ROOT },
  types: { _locked: true, root: ROOT },
  enumerators: {
    file_name: 'e.yaml',
    _locked: null,
    version: 0,
    enumerators: [
      { name: 'state', values: [{ value: 'open', description: 'x', deprecated: true }, { value: 'shut' }] },
      { name: 'none', values: null },
    ],
  },
  test_data: [{ a: 1, b: { $oid: '660000000000000000000004' } }, {}],
  migrations: [{ $match: { a: 1 } }, { $set: { b: 2 } }, { $out: 'thing' }],
}
