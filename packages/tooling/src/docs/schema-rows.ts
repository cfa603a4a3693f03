import type { Json } from '@stage0/core'
import { code } from './markdown.ts'

export type Schema = { readonly [keyword: string]: Json }

export const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const listOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : []

/** How a reference to another schema is written. */
export type Link = (reference: string) => string

const json = (value: Json): string => code(JSON.stringify(value))

const INT32_MIN = -(2 ** 31)
const LONG_END = 2 ** 63

function bounds(schema: Schema): string {
  const { minimum, maxLength } = schema
  // The bounds of an int or a long are those of the value, not of what it is for.
  if (minimum === INT32_MIN) return ''
  const maximum = schema['maximum'] === LONG_END ? undefined : schema['maximum']
  if (minimum !== undefined && maximum !== undefined)
    return ` from ${JSON.stringify(minimum)} to ${JSON.stringify(maximum)}`
  if (minimum !== undefined) return ` of at least ${JSON.stringify(minimum)}`
  if (maximum !== undefined) return ` of at most ${JSON.stringify(maximum)}`
  return maxLength === undefined ? '' : ` of at most ${JSON.stringify(maxLength)} characters`
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'list',
  boolean: 'true or false',
  integer: 'whole number',
  null: 'nothing',
  number: 'number',
  object: 'mapping',
  string: 'text',
}

/** What a value may be, in a few words: "list of text", "`open` or `closed`", "whole number of at least 1". */
export function typeInWords(schema: Schema, link: Link): string {
  const { $ref, type, items } = schema
  if (typeof $ref === 'string') return link($ref)
  if (schema['const'] !== undefined) return json(schema['const'])
  if (Array.isArray(schema['enum'])) return listOf(schema['enum']).map(json).join(', ')
  const alternatives = [...listOf(schema['anyOf']), ...listOf(schema['allOf'])].filter(isSchema)
  if (alternatives.length > 0) {
    const words = [...new Set(alternatives.map((one) => typeInWords(one, link)))]
    return words.every((word) => word.startsWith('`')) ? words.join(', ') : words.join(' or ')
  }
  const all = Array.isArray(type) ? listOf(type) : type === undefined ? [] : [type]
  // Where a text is wanted, a number or a boolean of YAML is taken as it is written.
  const names = all.includes('string') ? all.filter((name) => name !== 'number' && name !== 'boolean') : all
  if (names.length === 0) return 'any value'
  return names
    .map((name) => {
      if (name === 'array' && isSchema(items)) return `list of ${plural(typeInWords(items, link))}`
      const words = NAMES[String(name)] ?? String(name)
      return name === 'null' ? words : `${words}${bounds(schema)}`
    })
    .filter((word, _, words) => word !== 'nothing' || words.length === 1)
    .join(' or ')
}

const plural = (words: string): string =>
  words.replace(/^(text|mapping|number)\b/, '$1s').replace(/^whole number\b/, 'whole numbers')

export interface Row {
  /** "steps[].kind" */
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
  readonly schema: Schema
}

/** The fields of a schema with all below them, up to references, in the order of the schema. */
export function rowsOf(schema: Schema, link: Link, path = ''): readonly Row[] {
  const { properties, items, required } = schema
  if (isSchema(items)) return rowsOf(items, link, `${path}[]`)
  if (!isSchema(properties)) return []
  return Object.entries(properties).flatMap(([name, value]) => {
    if (!isSchema(value)) return []
    const below = path === '' ? name : `${path}.${name}`
    const row: Row = {
      path: below,
      type: typeInWords(value, link),
      isRequired: listOf(required).includes(name),
      description: typeof value['description'] === 'string' ? value['description'] : '',
      schema: value,
    }
    return [row, ...rowsOf(value, link, below)]
  })
}
