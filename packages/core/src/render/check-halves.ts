import { equalValues, isArray, type Doc, type Value } from '@stage0/bson-schema'
import { quoted } from './quoted.ts'

/** Which BSON types can carry what a JSON type describes; dates, ids and decimals travel as texts or Extended JSON objects. */
const CARRIERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    string: ['string', 'objectId', 'date', 'symbol', 'binData', 'decimal', 'long', 'regex', 'javascript', 'timestamp'],
    number: ['int', 'long', 'double', 'decimal', 'number', 'date', 'timestamp'],
    integer: ['int', 'long', 'double', 'decimal', 'number', 'date', 'timestamp'],
    boolean: ['bool'],
    object: [
      'object',
      'objectId',
      'date',
      'decimal',
      'long',
      'binData',
      'regex',
      'timestamp',
      'dbPointer',
      'javascriptWithScope',
    ],
    array: ['array'],
    null: ['null', 'undefined'],
  }),
)

const SAME_IN_BOTH = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems']

/** In words, how the two halves of a `complex` property disagree; only what cannot be meant so. */
export function checkHalves(jsonType: Doc, bsonType: Doc): readonly string[] {
  const findings: string[] = []
  const jsonNames = names(jsonType.get('type'))
  const bsonNames =
    names(bsonType.get('bsonType')) ?? names(bsonType.get('type'))?.map((name) => (name === 'boolean' ? 'bool' : name))
  if (jsonNames !== undefined && bsonNames !== undefined) {
    const lonelyBson = bsonNames.filter((bson) => !jsonNames.some((json) => CARRIERS.get(json)?.includes(bson)))
    const lonelyJson = jsonNames.filter((json) => !bsonNames.some((bson) => CARRIERS.get(json)?.includes(bson)))
    if (lonelyBson.length > 0)
      findings.push(
        `bson_type accepts ${lonelyBson.join(', ')}, which no type of json_type (${jsonNames.join(', ')}) stands for`,
      )
    if (lonelyJson.length > 0)
      findings.push(
        `json_type accepts ${lonelyJson.join(', ')}, which no type of bson_type (${bsonNames.join(', ')}) can hold`,
      )
  }
  for (const keyword of SAME_IN_BOTH) {
    const json = jsonType.get(keyword)
    const bson = bsonType.get(keyword)
    if (json === undefined || bson === undefined || equalValues(json, bson)) continue
    findings.push(`${keyword} is ${quoted(json)} in json_type and ${quoted(bson)} in bson_type`)
  }
  const jsonValues = jsonType.get('enum')
  const bsonValues = bsonType.get('enum')
  if (isArray(jsonValues) && isArray(bsonValues) && !sameMembers(jsonValues, bsonValues)) {
    findings.push('enum lists other values in json_type than in bson_type')
  }
  return findings
}

function names(type: Value | undefined): readonly string[] | undefined {
  const list = isArray(type) ? type : type === undefined ? [] : [type]
  const texts = list.filter((name) => typeof name === 'string')
  return texts.length === 0 ? undefined : texts
}

const sameMembers = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.every((x) => b.some((y) => equalValues(x, y))) && b.every((x) => a.some((y) => equalValues(x, y)))
