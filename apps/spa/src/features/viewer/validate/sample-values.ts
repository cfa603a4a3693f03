import { readExtendedJson, type Value } from '@stage0/bson-schema'

/** An example of each BSON type as Extended JSON; fixed, so that the same schema gives the same document. */
const SAMPLES: Readonly<Record<string, string>> = {
  double: '0.0',
  string: '"text"',
  object: '{}',
  array: '[]',
  binData: '{"$binary": {"base64": "", "subType": "00"}}',
  undefined: '{"$undefined": true}',
  objectId: '{"$oid": "000000000000000000000000"}',
  bool: 'false',
  boolean: 'false',
  date: '{"$date": "2000-01-01T00:00:00Z"}',
  null: 'null',
  regex: '{"$regularExpression": {"pattern": "text", "options": ""}}',
  dbPointer: '{"$dbPointer": {"$ref": "collection", "$id": {"$oid": "000000000000000000000000"}}}',
  javascript: '{"$code": ""}',
  symbol: '{"$symbol": "text"}',
  javascriptWithScope: '{"$code": "", "$scope": {}}',
  int: '0',
  integer: '0',
  timestamp: '{"$timestamp": {"t": 0, "i": 0}}',
  long: '{"$numberLong": "0"}',
  decimal: '{"$numberDecimal": "0"}',
  number: '0',
  minKey: '{"$minKey": 1}',
  maxKey: '{"$maxKey": 1}',
}

/**
 * An example value of a type named as in `bsonType` or `type`; null for a name that is none.
 *
 * @param digits Stands in place of the 0 of a number that is written in a wrapper.
 */
export function sampleOf(type: string, digits = '0'): Value {
  const read = readExtendedJson((SAMPLES[type] ?? 'null').replace('"0"', JSON.stringify(digits)))
  if (!read.ok) throw new Error(`the example of ${type} cannot be read: ${read.error.message}`)
  return read.value
}

/** The types that have an example. */
export const SAMPLE_TYPES = Object.keys(SAMPLES)
