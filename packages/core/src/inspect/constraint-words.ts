import { isArray, isDoc, isNumeric, type Doc, type Value } from '@stage0/bson-schema'
import type { Property } from '../model/model.ts'
import { plainText } from '../plan/index-form.ts'

/** A constraint is a line in a list; what is longer is cut, the file has the whole. */
const MAX_CHARACTERS = 160
/** Values of an `enum` inside a fragment that are named. */
const MAX_NAMED_VALUES = 8
/** Not constraints: what names the type, and what is told elsewhere or is for people alone. */
const SILENT = new Set(['type', 'bsonType', 'description', 'title', '$comment', 'examples', 'default', 'deprecated'])

/** What a property asks of a value, in words, one rule each. */
export function constraintsOf(property: Property): string[] {
  switch (property.kind) {
    case 'object': {
      const { additionalProperties: further } = property
      if (further === true) return ['further properties allowed']
      return isDoc(further) ? [short(`further properties must be ${plainText(further)}`)] : []
    }
    case 'array':
      return [
        ...countWords(property.minItems, property.maxItems, 'item'),
        ...(property.uniqueItems ? ['no two items equal'] : []),
      ]
    case 'simple':
      return wordsOf(property.schema)
    case 'complex':
      return inBoth(wordsOf(property.jsonType), wordsOf(property.bsonType))
    case 'constant':
      return [short(`always ${plainText(property.constant)}`)]
    case 'enum':
    case 'enum_array':
    case 'one_of':
    case 'ref':
    case 'custom':
      return []
  }
}

/** The two halves of a complex property: what only one of them asks is marked with its name. */
function inBoth(json: readonly string[], bson: readonly string[]): string[] {
  return [
    ...json.map((words) => (bson.includes(words) ? words : `${words} (JSON)`)),
    ...bson.filter((words) => !json.includes(words)).map((words) => `${words} (BSON)`),
  ]
}

function wordsOf(schema: Doc): string[] {
  const words = [
    ...countWords(schema.get('minLength'), schema.get('maxLength'), 'character'),
    ...boundWords(schema, 'minimum', 'exclusiveMinimum', ['at least', 'more than']),
    ...boundWords(schema, 'maximum', 'exclusiveMaximum', ['at most', 'less than']),
    ...countWords(schema.get('minItems'), schema.get('maxItems'), 'item'),
    ...countWords(schema.get('minProperties'), schema.get('maxProperties'), 'property'),
  ]
  for (const [keyword, value] of schema.entries())
    if (!COUNTED.has(keyword)) words.push(...keywordWords(keyword, value))
  return words.map(short)
}

const COUNTED = new Set(['Length', 'imum', 'Items', 'Properties'].flatMap((what) => [`min${what}`, `max${what}`]))
  .add('exclusiveMinimum')
  .add('exclusiveMaximum')

function keywordWords(keyword: string, value: Value): string[] {
  if (SILENT.has(keyword)) return []
  switch (keyword) {
    case 'pattern':
      return [`matches ${typeof value === 'string' ? value : plainText(value)}`]
    case 'format':
      return [`has the format ${typeof value === 'string' ? value : plainText(value)}`]
    case 'multipleOf':
      return [`a multiple of ${plainText(value)}`]
    case 'uniqueItems':
      return value === true ? ['no two items equal'] : []
    case 'additionalProperties':
      return value === false
        ? ['no further properties']
        : value === true
          ? []
          : [`further properties: ${plainText(value)}`]
    case 'const':
      return [`always ${plainText(value)}`]
    case 'enum':
      return isArray(value) ? [`one of ${listed(value)}`] : [`enum ${plainText(value)}`]
    case 'required':
      return isArray(value) ? [`must have ${listed(value)}`] : []
    default:
      return [`${keyword} ${plainText(value)}`]
  }
}

function listed(values: readonly Value[]): string {
  const named = values.slice(0, MAX_NAMED_VALUES).map(plainText).join(', ')
  const more = values.length - MAX_NAMED_VALUES
  return more > 0 ? `${named} and ${more} more` : named
}

const PLURALS: Readonly<Record<string, string>> = { property: 'properties' }

function countWords(least: Value | undefined, most: Value | undefined, noun: string): string[] {
  const counted = (value: Value): string => {
    const text = plainText(value)
    return `${text} ${text === '1' ? noun : (PLURALS[noun] ?? `${noun}s`)}`
  }
  if (least !== undefined && most !== undefined && plainText(least) === plainText(most))
    return [`exactly ${counted(least)}`]
  return [
    ...(least === undefined ? [] : [`at least ${counted(least)}`]),
    ...(most === undefined ? [] : [`at most ${counted(most)}`]),
  ]
}

/** `exclusive...` is a flag beside the bound in MongoDB and old drafts, a bound of its own in newer ones. */
function boundWords(
  schema: Doc,
  keyword: string,
  exclusive: string,
  [inclusiveWord, exclusiveWord]: readonly [string, string],
): string[] {
  const bound = schema.get(keyword)
  const flag = schema.get(exclusive)
  return [
    ...(bound === undefined ? [] : [`${flag === true ? exclusiveWord : inclusiveWord} ${plainText(bound)}`]),
    ...(isNumeric(flag) ? [`${exclusiveWord} ${plainText(flag)}`] : []),
  ]
}

const short = (words: string): string =>
  words.length <= MAX_CHARACTERS ? words : `${words.slice(0, MAX_CHARACTERS - 1)}…`

/** The type that a property is rendered to for MongoDB, in short; `undefined` where it has no single one. */
export function bsonTypeOf(property: Property): string | undefined {
  switch (property.kind) {
    case 'object':
    case 'array':
      return property.kind
    case 'enum_array':
      return 'array'
    case 'enum':
    case 'constant':
      return 'string'
    case 'simple':
      return typeText(property.schema.get('type'))
    case 'complex':
      return typeText(property.bsonType.get('bsonType') ?? property.bsonType.get('type'))
    case 'one_of':
    case 'ref':
    case 'custom':
      return undefined
  }
}

function typeText(type: Value | undefined): string | undefined {
  const names = isArray(type) ? type : [type]
  return names.every((name) => typeof name === 'string') && names.length > 0 ? names.join(' or ') : undefined
}
