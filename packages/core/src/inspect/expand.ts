import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { EnumValue, SchemaNode } from '@stage0/types'
import type { Property, Repository } from '../model/model.ts'
import { sourcePlace, type SourcePlace } from '../model/source-place.ts'
import type { Renderer } from '../render/renderer.ts'
import { effectiveProperties } from '../render/render-property.ts'
import type { Unit, Use } from '../render/units.ts'
import { jsonPointer } from '../text/json-pointer.ts'
import { bsonTypeOf, constraintsOf } from './constraint-words.ts'
import { closedReasons } from './closed-reasons.ts'

/** Above this many nodes nothing more is expanded in place: nested in each other, types multiply without bound. */
export const MAX_NODES = 10_000

/** A node with what it was made from. */
export interface ExpandedNode {
  readonly node: SchemaNode
  readonly property: Property
  /** Position of the parent among the nodes; -1 for the root. */
  readonly parent: number
  /** Whether something stands in its place that is not shown: missing, circular, too deep or too much. */
  readonly isClosed: boolean
}

export interface Expansion {
  readonly nodes: readonly ExpandedNode[]
  /** Paths of the files whose content is shown. */
  readonly files: ReadonlySet<string>
}

/** A file in both schema languages; `undefined` where it cannot be rendered. */
export interface RenderedPair {
  readonly json: Doc | undefined
  readonly bson: Doc | undefined
}

/** A part of a rendered schema and where it stands in it. */
interface Part {
  readonly schema: Doc
  readonly pointer: string
}

interface Frame {
  readonly property: Property
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly parent: number
  readonly json: Part | undefined
  readonly bson: Part | undefined
}

/**
 * The properties of a file, flat, parents before their children, with references and types expanded in place.
 *
 * Never fails: what cannot be expanded is a node that says why. Without recursion, and linear in what is shown.
 *
 * @param enumerators Version of the enumerators that `values` are of.
 * @param rendered The whole schemas, for the pointers into them; where one cannot be rendered there are none.
 */
export function expand(
  repository: Repository,
  renderer: Renderer,
  unit: Unit,
  enumerators: number | undefined,
  rendered: RenderedPair,
): Expansion {
  const values = enumValues(repository, enumerators)
  const reasonOf = closedReasons(repository, renderer)
  const places = new Map<Property, SourcePlace>()
  const placeOf = (property: Property): SourcePlace => {
    let place = places.get(property)
    if (place === undefined) places.set(property, (place = sourcePlace(property.at)))
    return place
  }
  const nodes: ExpandedNode[] = []
  const files = new Set([unit.path])
  const root = { property: unit.root, path: '', name: '', depth: 0, parent: -1 }
  const json = partOf(rendered.json, '')
  const bson = partOf(rendered.bson, '')
  const stack: Frame[] = [{ ...root, json, bson }]
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { property, path, name, depth, parent } = frame
    const { chain, target, missing } = follow(property, renderer)
    const content = chain.at(-1) as Property
    const inner = missing === undefined ? childrenOf(content) : []
    const isTooMuch = target !== undefined && inner.length > 0 && nodes.length >= MAX_NODES
    const children = isTooMuch ? [] : inner
    if (!isTooMuch) for (const file of filesOf(chain, unit)) files.add(file)
    const enums = content.kind === 'enum' || content.kind === 'enum_array' ? content.enums : undefined
    const problem = isTooMuch
      ? `not shown in place: the schema has more than ${MAX_NODES} properties already`
      : missing
        ? reasonOf(missing)
        : enumProblem(enums, enumerators, values)
    const of = nameOf(property)
    const bson_type = bsonTypeOf(content)
    const list = enums === undefined ? undefined : values?.get(enums)
    const node: SchemaNode = {
      path,
      depth,
      children: children.length,
      name,
      kind: property.kind,
      ...(of !== undefined && { of }),
      ...(bson_type !== undefined && { bson_type }),
      description: property.description === '' ? content.description : property.description,
      required: property.required,
      nullable: chain.some((one) => one.nullable),
      constraints: missing === undefined ? constraintsOf(content) : [],
      ...(list !== undefined && { values: list }),
      source: placeOf(property),
      ...(target !== undefined && { expanded_from: target.path }),
      ...(frame.json !== undefined && { json_pointer: frame.json.pointer }),
      ...(frame.bson !== undefined && { bson_pointer: frame.bson.pointer }),
      ...(problem !== undefined && { problem }),
    }
    const self = nodes.push({ node, property, parent, isClosed: isTooMuch || missing !== undefined }) - 1
    const inJson = insideOf(frame.json, chain)
    const inBson = insideOf(frame.bson, chain)
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i] as Child
      stack.push({
        property: child.property,
        path: path + jsonPointer([child.step]),
        name: child.name,
        depth: depth + 1,
        parent: self,
        json: inJson && child.partIn(inJson),
        bson: inBson && child.partIn(inBson),
      })
    }
  }
  return { nodes, files }
}

/** A property, and what is shown in its place, file by file; the last one is no use of a file any more, unless that is missing. */
interface Followed {
  readonly chain: readonly Property[]
  /** The file that the property itself names. */
  readonly target: Unit | undefined
  readonly missing: Use | undefined
}

function follow(property: Property, renderer: Renderer): Followed {
  const chain: Property[] = [property]
  let first: Unit | undefined
  let current = property
  // Ends, since uses that close a circle have no target.
  while (current.kind === 'ref' || current.kind === 'custom') {
    const target = renderer.target(current)
    if (target === undefined) return { chain, target: first, missing: current }
    first ??= target
    current = target.root
    chain.push(current)
  }
  return { chain, target: first, missing: undefined }
}

const filesOf = (chain: readonly Property[], unit: Unit): readonly string[] =>
  chain.length === 1 ? [] : chain.map(({ at }) => at.file.path).filter((path) => path !== unit.path)

function nameOf(property: Property): string | undefined {
  if (property.kind === 'custom') return property.type
  if (property.kind === 'ref') return property.ref
  return property.kind === 'enum' || property.kind === 'enum_array' ? property.enums : undefined
}

interface Child {
  readonly property: Property
  readonly step: string
  readonly name: string
  readonly partIn: (part: Part) => Part | undefined
}

function childrenOf(property: Property): readonly Child[] {
  switch (property.kind) {
    case 'object':
      return effectiveProperties(property).map((child) => ({
        property: child,
        step: child.name,
        name: child.name,
        partIn: ({ schema, pointer }) => {
          const properties = schema.get('properties')
          return partOf(isDoc(properties) ? properties.get(child.name) : undefined, pointer, 'properties', child.name)
        },
      }))
    case 'array': {
      const partIn: Child['partIn'] = ({ schema, pointer }) => partOf(schema.get('items'), pointer, 'items')
      return [{ property: property.items, step: '[]', name: '[]', partIn }]
    }
    case 'one_of':
      return property.properties.map((child, i) => ({
        property: child,
        step: `<${i + 1}>`,
        name: child.name,
        partIn: ({ schema, pointer }) => {
          const alternatives = schema.get('oneOf')
          return partOf(isArray(alternatives) ? alternatives[i] : undefined, pointer, 'oneOf', i)
        },
      }))
    default:
      return []
  }
}

const partOf = (schema: Value | undefined, pointer: string, ...steps: (string | number)[]): Part | undefined =>
  isDoc(schema) ? { schema, pointer: pointer + jsonPointer(steps) } : undefined

/**
 * The part that holds the children. Where null could not be allowed by the type alone, rendering made the schema the first
 * of two alternatives: there is no type beside them then.
 */
function insideOf(part: Part | undefined, chain: readonly Property[]): Part | undefined {
  let inner = part
  for (const { nullable } of chain) {
    if (!nullable || inner === undefined || inner.schema.has('type') || inner.schema.has('bsonType')) continue
    const alternatives = inner.schema.get('anyOf')
    inner = partOf(isArray(alternatives) ? alternatives[0] : undefined, inner.pointer, 'anyOf', 0)
  }
  return inner
}

/** By name, in declared order, each value once; `undefined` where there is no such version. */
function enumValues(repository: Repository, version: number | undefined): ReadonlyMap<string, EnumValue[]> | undefined {
  const enumerators = version === undefined ? undefined : repository.enumerators.get(version)
  if (enumerators === undefined) return undefined
  const lists = firstOfEach(enumerators.enumerators, (one) => one.name)
  return new Map([...lists].map(({ name, values }) => [name, [...firstOfEach(values, (one) => one.value)]]))
}

/** Of several items with one key the first: so enumerators and their values are rendered. */
export function* firstOfEach<T>(items: Iterable<T>, keyOf: (item: T) => string): Iterable<T> {
  const seen = new Set<string>()
  for (const item of items) {
    const key = keyOf(item)
    if (!seen.has(key)) yield item
    seen.add(key)
  }
}

function enumProblem(
  name: string | undefined,
  version: number | undefined,
  values: ReadonlyMap<string, EnumValue[]> | undefined,
): string | undefined {
  if (name === undefined) return undefined
  if (values === undefined)
    return version === undefined ? 'there are no enumerators' : `there are no enumerators ${version}`
  const list = values.get(name)
  if (list === undefined) return `enumerators ${version} have no enumerator "${name}"`
  return list.length === 0 ? `the enumerator "${name}" has no values` : undefined
}
