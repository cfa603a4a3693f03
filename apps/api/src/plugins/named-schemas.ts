import type { FastifySchema } from 'fastify'

type Json = Readonly<Record<string, unknown>>

/** Stands for a reference until the document is put together: the generator would resolve a real one. */
const PLACE = 'x-named-schema'

/**
 * Collects the schemas that have a name (`$id`), so that the document holds each once, under `components`, and refers to it elsewhere:
 * clients that are made from the document then know them by these names.
 */
export class NamedSchemas {
  readonly #schemas = new Map<string, Json>()

  /** The schema of a route with places in it where a named one was. */
  takeFrom(schema: FastifySchema): FastifySchema {
    const { body, response } = schema
    return {
      ...schema,
      ...(body === undefined ? {} : { body: this.#replace(body) }),
      ...(response === undefined ? {} : { response: this.#replace(response) }),
    }
  }

  /** The document with a reference at each place, and everything that is referred to. */
  resolve(document: Json): Json {
    const referred = withReferences(document) as { components?: { schemas?: Json } } & Json
    const named = [...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1))
    const schemas = Object.fromEntries(named.map(([name, schema]) => [name, withReferences(schema)]))
    return { ...referred, components: { ...referred.components, schemas } }
  }

  #replace(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#replace(item))
    if (!isObject(value)) return value
    const { $id: name, $defs: definitions, ...rest } = value
    if (isObject(definitions)) for (const each of Object.values(definitions)) this.#replace(each)
    if (typeof value['$ref'] === 'string') return { [PLACE]: value['$ref'].replace(/#$/, '') }
    if (typeof name !== 'string') return this.#inside(value)
    if (!this.#schemas.has(name)) {
      // Known before its inside is looked at, which may refer to it.
      this.#schemas.set(name, rest)
      this.#schemas.set(name, this.#inside(rest))
    }
    return { [PLACE]: name }
  }

  #inside(schema: Json): Json {
    return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, this.#replace(inner)]))
  }
}

function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences)
  if (!isObject(value)) return value
  const name = value[PLACE]
  if (typeof name === 'string') return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withReferences(inner)]))
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
