import { compilePcre } from '../pcre.ts'
import { isArray, isDoc, type Doc, type Value } from '../value.ts'
import { compareStrings } from '../compare.ts'
import { BAD_REGEX, TYPE_MISMATCH, type SchemaContext } from './context.ts'
import { fields, leaf, type RawTest, type Rule, type SchemaNode } from './node.ts'
import { rawFields, TYPE_DOCUMENT, unlessType } from './raw-match.ts'

type Parse = (child: SchemaContext) => SchemaNode

interface PatternProperty {
  readonly source: string
  readonly regex: RegExp
  readonly node: SchemaNode
}

type Dependency =
  | { readonly property: string; readonly names: readonly string[] }
  | { readonly property: string; readonly node: SchemaNode }

/** Everything that a schema says about the fields of a document. */
interface ObjectSchema {
  readonly properties: ReadonlyMap<string, SchemaNode> | undefined
  readonly patterns: readonly PatternProperty[] | undefined
  readonly additional: false | SchemaNode | undefined
  readonly required: readonly string[]
  readonly minProperties: number | undefined
  readonly maxProperties: number | undefined
  readonly dependencies: readonly Dependency[] | undefined
}

/** The rule for documents; it explains itself in the server's order. */
export function objectRule(context: SchemaContext, parse: Parse): Rule {
  const schema = readObjectSchema(context, parse)
  const specified = (key: string): Value => context.schema.get(key) as Value
  const explainers: ((value: Doc) => Doc | undefined)[] = [
    (value) => explainProperties(schema, value),
    (value) => explainAdditional(schema, value),
    (value) => explainPatterns(schema, value),
    (value) => explainRequired(schema, value, () => specified('required')),
    (value) => explainCount(value, 'minProperties', specified, value.size >= (schema.minProperties ?? 0)),
    (value) => explainCount(value, 'maxProperties', specified, value.size <= (schema.maxProperties ?? Infinity)),
    (value) => explainDependencies(schema, value),
  ]
  const matches = matcher(schema)
  return {
    matches: (value) => !isDoc(value) || matches(value),
    sure: rawObject(schema),
    explain: (value) => (isDoc(value) ? explainers.flatMap((explain) => explain(value) ?? []) : undefined),
  }
}

/** Patterns, counts and dependencies ask for the whole document. */
function rawObject(schema: ObjectSchema): RawTest {
  const { properties, patterns, additional, required, minProperties, maxProperties, dependencies } = schema
  const isPlain = (patterns ?? minProperties ?? maxProperties ?? dependencies) === undefined
  if (!isPlain) return unlessType(TYPE_DOCUMENT)
  return rawFields({ properties: properties ?? new Map(), additional, required: new Set(required) })
}

function readObjectSchema(context: SchemaContext, parse: Parse): ObjectSchema {
  const properties = context.object('properties')
  const nodes = new Map<string, SchemaNode>()
  for (const [key, value] of properties?.entries() ?? []) {
    const child = context.child(value, false, 'properties', key)
    if (child) nodes.set(key, parse(child))
  }
  const required = context.array('required')
  return {
    properties: properties ? nodes : undefined,
    patterns: readPatterns(context, parse),
    additional: readAdditional(context, parse),
    required: (required && context.names(required, 'required')) ?? [],
    minProperties: context.count('minProperties'),
    maxProperties: context.count('maxProperties'),
    dependencies: readDependencies(context, parse),
  }
}

function readPatterns(context: SchemaContext, parse: Parse): readonly PatternProperty[] | undefined {
  const patterns = context.object('patternProperties')
  if (patterns === undefined) return undefined
  return [...patterns.entries()].flatMap(([source, value]) => {
    const child = context.child(value, false, 'patternProperties', source)
    const node = child && parse(child)
    const compiled = compilePcre(source)
    if (!compiled.ok) {
      context.report(BAD_REGEX, `Regular expression is invalid: ${compiled.error}`, 'patternProperties', source)
      return []
    }
    return node ? [{ source, regex: compiled.value.regex, node }] : []
  })
}

function readAdditional(context: SchemaContext, parse: Parse): false | SchemaNode | undefined {
  const value = context.schema.get('additionalProperties')
  if (value === undefined || value === true) return undefined
  if (value === false) return false
  if (!isDoc(value)) {
    const text = "$jsonSchema keyword 'additionalProperties' must be an object or a boolean"
    return context.report(TYPE_MISMATCH, text, 'additionalProperties')
  }
  return parse(context.child(value, false, 'additionalProperties') as SchemaContext)
}

function readDependencies(context: SchemaContext, parse: Parse): readonly Dependency[] | undefined {
  const dependencies = context.object('dependencies')
  if (dependencies === undefined) return undefined
  const result: Dependency[] = []
  for (const [property, value] of dependencies.entries()) {
    if (isArray(value)) {
      const names = context.names(value, 'dependencies', property)
      if (names) result.push({ property, names })
    } else if (isDoc(value)) {
      const child = context.child(value, context.top, 'dependencies', property) as SchemaContext
      result.push({ property, node: parse(child) })
    } else {
      const text = "$jsonSchema keyword 'dependencies' must hold objects or arrays"
      context.report(TYPE_MISMATCH, text, 'dependencies', property)
    }
  }
  return result
}

/** One pass over the fields of the document, without allocating. */
function matcher(schema: ObjectSchema): (value: Doc) => boolean {
  const { patterns, additional, minProperties = 0, maxProperties = Infinity } = schema
  const required = new Set(schema.required)
  const properties = schema.properties ?? new Map<string, SchemaNode>()
  const dependencies = schema.dependencies ?? []
  return (value) => {
    const { keys, values } = value
    if (keys.length < minProperties || keys.length > maxProperties) return false
    let missing = required.size
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (missing > 0 && required.has(key)) missing--
      const node = properties.get(key)
      let declared = node !== undefined
      if (node !== undefined && !node.matches(values[i])) return false
      if (patterns !== undefined) {
        for (const pattern of patterns) {
          if (!pattern.regex.test(key)) continue
          declared = true
          if (!pattern.node.matches(values[i])) return false
        }
      }
      if (declared || additional === undefined) continue
      if (additional === false || !additional.matches(values[i])) return false
    }
    if (missing > 0) return false
    for (const dependency of dependencies) if (!dependencyHolds(dependency, value)) return false
    return true
  }
}

function dependencyHolds(dependency: Dependency, value: Doc): boolean {
  if (!value.keys.includes(dependency.property)) return true
  if ('node' in dependency) return dependency.node.matches(value)
  for (const name of dependency.names) if (!value.keys.includes(name)) return false
  return true
}

/** A property that is required and missing is looked at too: its `not` may have something to say. */
function explainProperties(schema: ObjectSchema, value: Doc): Doc | undefined {
  const entries: Doc[] = []
  for (const [key, node] of schema.properties ?? []) {
    const present = value.has(key)
    if (!present && !schema.required.includes(key)) continue
    if (node.matches(value.get(key))) continue
    const details = node.explain(value.get(key))
    if (present || details.length > 0)
      entries.push(fields(['propertyName', key], ...node.annotations, ['details', details]))
  }
  return entries.length === 0 ? undefined : fields(['operatorName', 'properties'], ['propertiesNotSatisfied', entries])
}

const isDeclared = (schema: ObjectSchema, key: string): boolean =>
  schema.properties?.has(key) === true || schema.patterns?.some(({ regex }) => regex.test(key)) === true

function explainAdditional({ additional, ...schema }: ObjectSchema, value: Doc): Doc | undefined {
  if (additional === undefined) return undefined
  const others = value.keys.filter((key) => !isDeclared({ additional, ...schema }, key))
  if (additional === false) {
    if (others.length === 0) return undefined
    return fields(
      ['operatorName', 'additionalProperties'],
      ['specifiedAs', fields(['additionalProperties', false])],
      ['additionalProperties', others],
    )
  }
  const failing = others.find((key) => !additional.matches(value.get(key)))
  if (failing === undefined) return undefined
  return fields(
    ['operatorName', 'additionalProperties'],
    ...additional.annotations,
    ['reason', 'at least one additional property did not match the subschema'],
    ['failingProperty', failing],
    ['details', additional.explain(value.get(failing))],
  )
}

function explainPatterns(schema: ObjectSchema, value: Doc): Doc | undefined {
  const details = (schema.patterns ?? []).flatMap(({ source, regex, node }) => {
    const failing = value.keys.find((key) => regex.test(key) && !node.matches(value.get(key)))
    if (failing === undefined) return []
    return [
      fields(
        ['propertyName', failing],
        ...node.annotations,
        ['regexMatched', source],
        ['details', node.explain(value.get(failing))],
      ),
    ]
  })
  return details.length === 0 ? undefined : fields(['operatorName', 'patternProperties'], ['details', details])
}

function explainRequired(schema: ObjectSchema, value: Doc, specified: () => Value): Doc | undefined {
  const missing = schema.required.filter((key) => !value.has(key)).sort(compareStrings)
  return missing.length === 0
    ? undefined
    : fields(
        ['operatorName', 'required'],
        ['specifiedAs', fields(['required', specified()])],
        ['missingProperties', missing],
      )
}

function explainCount(value: Doc, name: string, specified: (key: string) => Value, holds: boolean): Doc | undefined {
  const reason = 'specified number of properties was not satisfied'
  return holds ? undefined : leaf(name, [[name, specified(name)]], reason, ['numberOfProperties', value.size])
}

function explainDependencies(schema: ObjectSchema, value: Doc): Doc | undefined {
  const failing = (schema.dependencies ?? []).filter((dependency) => !dependencyHolds(dependency, value))
  if (failing.length === 0) return undefined
  const entries = failing.map((dependency) =>
    'node' in dependency
      ? fields(['conditionalProperty', dependency.property], ...dependency.node.annotations, [
          'details',
          dependency.node.explain(value),
        ])
      : fields(
          ['conditionalProperty', dependency.property],
          ['missingProperties', dependency.names.filter((name) => !value.has(name))],
        ),
  )
  return fields(['operatorName', 'dependencies'], ['failingDependencies', entries])
}
