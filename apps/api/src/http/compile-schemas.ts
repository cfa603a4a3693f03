import { Ajv, type ErrorObject, type Options } from 'ajv'
import ajvFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

type Judge = ReturnType<FastifySchemaCompiler<unknown>>
type Schema = Readonly<Record<string, unknown>>

// The module is CommonJS: under NodeNext its function is a property of the default import.
const addFormats = ajvFormats.default

// Schemas are made by a library that makes no wrong ones: the schema about schemas is not compiled at each start.
const SHARED: Options = {
  ...{ removeAdditional: false, useDefaults: true, allErrors: true },
  ...{ strict: false, validateSchema: false },
}

/**
 * Compiles what requests are judged by. Text from an address or a header is read as the number or boolean that the schema asks for; in a
 * body `"5"` is not `5`. A property that the schema does not name is refused, never dropped: a misspelled option must not be ignored.
 */
export function schemaCompiler(): FastifySchemaCompiler<unknown> {
  const coercing = addFormats(new Ajv({ ...SHARED, coerceTypes: 'array' }))
  const exact = addFormats(new Ajv(SHARED))
  return ({ schema, httpPart }) => {
    const plain = withoutIds(schema)
    const judged = httpPart === 'headers' ? plain : closed(plain)
    return atFirstUse(() => (httpPart === 'body' ? exact : coercing).compile(judged))
  }
}

/** Most routes are not asked in the first seconds, and many never: a start does not wait for what judges their requests. */
function atFirstUse(compile: () => Judge): Judge {
  let compiled: Judge | undefined
  const judge: Judge = (data) => {
    compiled ??= compile()
    const verdict = compiled(data)
    judge.errors = compiled.errors ?? null
    return verdict
  }
  return judge
}

/** One schema is compiled in several routes, which Ajv takes for a clash of its `$id`; inside of `$defs` references need it. */
function withoutIds(schema: unknown): Schema {
  const copy = (value: unknown, isKept: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => copy(item, isKept))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, inner]) => isKept || key !== '$id' || typeof inner !== 'string')
        .map(([key, inner]) => [key, copy(inner, isKept || key === '$defs')]),
    )
  }
  return copy(schema, false) as Schema
}

/** The same schema, which refuses what it does not name. Parts of an `allOf` do not know what the others name, and stay. */
export function closed(schema: Schema): Schema {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (typeof value !== 'object' || value === null) return value
    const node = value as Record<string, unknown>
    if ('allOf' in node) return node
    const inner = Object.fromEntries(Object.entries(node).map(([key, each]) => [key, copy(each)]))
    const isObject = node['type'] === 'object' && typeof node['properties'] === 'object'
    const isOpen = 'additionalProperties' in node || 'patternProperties' in node
    return isObject && !isOpen ? { ...inner, additionalProperties: false } : inner
  }
  return copy(schema) as Schema
}

/** Where in the request something is wrong, as a JSON pointer, and what. */
export function toFieldError(part: string, error: ErrorObject): { pointer: string; text: string } {
  const { params, instancePath, message = 'is not valid' } = error
  const named = params as { additionalProperty?: unknown; missingProperty?: unknown; allowedValue?: unknown }
  const pointer = `/${part}${instancePath}`
  const at = (name: string) => `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  if (typeof named.additionalProperty === 'string')
    return { pointer: at(named.additionalProperty), text: 'is not known here' }
  if (typeof named.missingProperty === 'string') return { pointer: at(named.missingProperty), text: 'is missing' }
  if ('allowedValue' in named) return { pointer, text: `must be ${JSON.stringify(named.allowedValue)}` }
  return { pointer, text: message }
}
