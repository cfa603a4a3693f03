import { Doc, isArray, isDoc, type Value } from '@stage0/bson-schema'
import type { Property } from '../model/model.ts'
import { roughSize } from './rough-size.ts'

/** The two schemas that a property becomes: JSON Schema, or the `$jsonSchema` dialect of MongoDB. */
export type SchemaFormat = 'json' | 'bson'

/** What rendering needs to know of the world around a property; made by `Renderer` for one file. */
export interface RenderScope {
  readonly format: SchemaFormat
  /** The rendered root of a referenced file, or `undefined` where it is missing or cannot be rendered. */
  readonly resolve: (property: Property & { readonly kind: 'ref' | 'custom' }) => Doc | undefined
  /** Values as rendered: sorted by code point, each once. `undefined` where there is no such enumerator. */
  readonly enumValues: (name: string) => readonly string[] | undefined
  /** Counts the rough size of what is made, in bytes of JSON. */
  readonly grow: (bytes: number) => void
}

const OBJECT_KEYS = ['bsonType', 'additionalProperties', 'properties']
const OBJECT_KEYS_REQUIRED = [...OBJECT_KEYS, 'required']
const OBJECT_KEYS_JSON = ['description', 'type', 'additionalProperties', 'properties']
const OBJECT_KEYS_JSON_REQUIRED = [...OBJECT_KEYS_JSON, 'required']
const ENUM_KEYS = ['bsonType', 'enum']
const ENUM_KEYS_JSON = ['description', 'type', 'enum']
/** Braces, quotes and the fixed keys of one rendered property: a rough figure, generous on purpose. */
const FRAME_BYTES = 60

/**
 * Renders one property and everything inside it. Silent: what cannot be rendered gives `undefined`,
 * and the checks of the file say why.
 */
export function renderProperty(property: Property, scope: RenderScope): Doc | undefined {
  const rendered = renderKind(property, scope)
  scope.grow(FRAME_BYTES + property.name.length * 2 + (scope.format === 'json' ? property.description.length : 0))
  return rendered !== undefined && property.nullable ? nullable(rendered, scope.format) : rendered
}

function renderKind(property: Property, scope: RenderScope): Doc | undefined {
  const json = scope.format === 'json'
  switch (property.kind) {
    case 'object':
      return renderObject(property, scope)
    case 'array': {
      const items = renderProperty(property.items, scope)
      if (items === undefined) return undefined
      const keys = json ? ['description', 'type', 'items'] : ['bsonType', 'items']
      const values: Value[] = json ? [property.description, 'array', items] : ['array', items]
      const bounds = {
        minItems: property.minItems,
        maxItems: property.maxItems,
        uniqueItems: property.uniqueItems || undefined,
      }
      for (const [key, value] of Object.entries(bounds)) {
        if (value === undefined) continue
        keys.push(key)
        values.push(value)
      }
      return new Doc(keys, values)
    }
    case 'simple': {
      const type = property.schema.get('type')
      if (type === undefined) return undefined
      scope.grow(roughSize(property.schema))
      if (json) return merge(['description', 'type'], [property.description, 'simple'], property.schema)
      return merge(['bsonType'], [type], property.schema.without('type')).with('bsonType', type)
    }
    case 'complex': {
      const fragment = json ? property.jsonType : property.bsonType
      if (fragment.size === 0) return undefined
      scope.grow(roughSize(fragment))
      // The fixed keys keep their place in front, wherever the fragment names them.
      const typeKey = json ? 'type' : 'bsonType'
      const type = fragment.get(typeKey)
      const keys = json ? ['description'] : []
      const values: Value[] = json ? [property.description] : []
      return type === undefined ? merge(keys, values, fragment) : merge([...keys, typeKey], [...values, type], fragment)
    }
    case 'enum':
    case 'enum_array': {
      const values = scope.enumValues(property.enums)
      if (values === undefined || values.length === 0) return undefined
      for (const value of values) scope.grow(value.length + 3)
      if (property.kind === 'enum') {
        return json
          ? new Doc(ENUM_KEYS_JSON, [property.description, 'string', values])
          : new Doc(ENUM_KEYS, ['string', values])
      }
      return json
        ? new Doc(
            ['description', 'type', 'items'],
            [property.description, 'array', new Doc(['type', 'enum'], ['string', values])],
          )
        : new Doc(['bsonType', 'items'], ['array', new Doc(ENUM_KEYS, ['string', values])])
    }
    case 'constant':
      scope.grow(roughSize(property.constant))
      return json
        ? new Doc(['description', 'type', 'const'], [property.description, 'string', property.constant])
        : new Doc(ENUM_KEYS, ['string', [property.constant]])
    case 'one_of': {
      const alternatives: Doc[] = []
      for (const alternative of property.properties) {
        const rendered = renderProperty(alternative, scope)
        if (rendered === undefined) return undefined
        alternatives.push(rendered)
      }
      if (alternatives.length === 0) return undefined
      return json
        ? new Doc(['description', 'oneOf'], [property.description, alternatives])
        : new Doc(['oneOf'], [alternatives])
    }
    case 'ref':
      return scope.resolve(property)
    case 'custom': {
      const rendered = scope.resolve(property)
      return rendered !== undefined && json ? rendered.with('description', property.description) : rendered
    }
  }
}

/**
 * The properties of an object that count: of two of one name the last, in the place of the first. The others are reported
 * as `PROPERTY_DUPLICATE`.
 */
export function effectiveProperties(property: Property & { readonly kind: 'object' }): readonly Property[] {
  const properties = new Map<string, Property>()
  for (const child of property.properties) properties.set(child.name, child)
  return properties.size === property.properties.length ? property.properties : [...properties.values()]
}

function renderObject(property: Property & { readonly kind: 'object' }, scope: RenderScope): Doc | undefined {
  // A Map, so that of two properties of one name the last wins in the place of the first.
  const properties = new Map<string, Doc>()
  const required = new Set<string>()
  for (const child of property.properties) {
    const rendered = renderProperty(child, scope)
    if (rendered === undefined) return undefined
    properties.set(child.name, rendered)
    if (child.required) {
      required.add(child.name)
      scope.grow(child.name.length + 3)
    } else required.delete(child.name)
  }
  const { additionalProperties } = property
  if (isDoc(additionalProperties)) scope.grow(roughSize(additionalProperties))
  const values: Value[] = ['object', additionalProperties, new Doc([...properties.keys()], [...properties.values()])]
  if (scope.format === 'json') values.unshift(property.description)
  // MongoDB refuses an empty `required`.
  if (required.size > 0) values.push(inOrder(required, properties))
  const keys =
    scope.format === 'json' ? [OBJECT_KEYS_JSON, OBJECT_KEYS_JSON_REQUIRED] : [OBJECT_KEYS, OBJECT_KEYS_REQUIRED]
  return new Doc(keys[required.size > 0 ? 1 : 0] as string[], values)
}

const inOrder = (names: ReadonlySet<string>, all: ReadonlyMap<string, Doc>): string[] =>
  names.size === all.size ? [...all.keys()] : [...all.keys()].filter((name) => names.has(name))

/** The fixed keys first, then those of the fragment, which win in the place where a fixed one stands. */
function merge(keys: readonly string[], values: readonly Value[], fragment: Doc): Doc {
  const mergedKeys = [...keys]
  const mergedValues = [...values]
  for (const [key, value] of fragment.entries()) {
    const at = keys.indexOf(key)
    if (at >= 0) mergedValues[at] = value
    else {
      mergedKeys.push(key)
      mergedValues.push(value)
    }
  }
  return new Doc(mergedKeys, mergedValues)
}

/** Keywords that would still refuse null if only the type allowed it. */
const COMBINING = ['allOf', 'anyOf', 'oneOf', 'not', 'const', '$ref', 'if']

/** The same schema, accepting null too: in `type` (and `enum`) where that is enough, else as an alternative. */
function nullable(schema: Doc, format: SchemaFormat): Doc {
  const typeKey = format === 'json' || !schema.has('bsonType') ? 'type' : 'bsonType'
  const type = schema.get(typeKey)
  if (type === undefined || COMBINING.some((key) => schema.has(key))) {
    const description = schema.get('description')
    const inner = schema.without('description')
    const anyOf = new Doc(['anyOf'], [[inner, new Doc([format === 'json' ? 'type' : 'bsonType'], ['null'])]])
    return description === undefined
      ? anyOf
      : new Doc(['description', 'anyOf'], [description, anyOf.get('anyOf') as Value])
  }
  const types = isArray(type) ? type : [type]
  const widened = types.includes('null') ? schema : schema.with(typeKey, [...types, 'null'])
  const values = schema.get('enum')
  return isArray(values) && !values.includes(null) ? widened.with('enum', [...values, null]) : widened
}
