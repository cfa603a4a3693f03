import { TYPE_NUMBERS, typeNumber, type TypeName } from '../types.ts'
import type { Value } from '../value.ts'

/*
 * What a server takes in `$jsonSchema`, as data. Source: manual, `$jsonSchema`; the server's messages for refused ones.
 */

export const SUPPORTED_KEYWORDS = [
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'bsonType',
  'dependencies',
  'description',
  'encrypt',
  'encryptMetadata',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'items',
  'maximum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minimum',
  'minItems',
  'minLength',
  'minProperties',
  'multipleOf',
  'not',
  'oneOf',
  'pattern',
  'patternProperties',
  'properties',
  'required',
  'title',
  'type',
  'uniqueItems',
] as const

/** Keywords of draft 4 that the server knows and refuses. All others are refused as unknown. */
export const REFUSED_KEYWORDS = ['$ref', '$schema', 'default', 'definitions', 'format', 'id'] as const

/** Names that `bsonType` takes: every BSON type, and `number` for the four numeric ones. */
export const BSON_TYPE_ALIASES: readonly string[] = [...Object.keys(TYPE_NUMBERS), 'number']

/** Names that `type` takes, with the BSON types they stand for. `integer` is refused. */
export const JSON_TYPES: Readonly<Record<string, readonly TypeName[]>> = {
  object: ['object'],
  array: ['array'],
  number: ['int', 'long', 'double', 'decimal'],
  boolean: ['bool'],
  string: ['string'],
  null: ['null'],
}

/** The bit of a type in a mask of types. */
const bitOf = (number: number): number => 1 << (number === -1 ? 20 : number === 127 ? 21 : number)

export const typeBit = (name: TypeName): number => bitOf(TYPE_NUMBERS[name])
export const NUMBER_BITS = typeBit('int') | typeBit('long') | typeBit('double') | typeBit('decimal')

/** The types of one name as a mask, `undefined` for an unknown one. */
export function typeMask(keyword: 'type' | 'bsonType', name: string): number | undefined {
  if (name === 'number') return NUMBER_BITS
  if (keyword === 'bsonType') return Object.hasOwn(TYPE_NUMBERS, name) ? typeBit(name as TypeName) : undefined
  return Object.hasOwn(JSON_TYPES, name)
    ? (JSON_TYPES[name] as readonly TypeName[]).reduce((mask, type) => mask | typeBit(type), 0)
    : undefined
}

export const inMask = (mask: number, value: Value): boolean => (mask & bitOf(typeNumber(value))) !== 0

/** As `inMask`, for the byte that stands before a value. */
export const typeByteInMask = (mask: number, byte: number): boolean => (mask & bitOf(byte === 0xff ? -1 : byte)) !== 0
