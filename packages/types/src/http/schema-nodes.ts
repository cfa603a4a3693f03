import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { Place } from './files.ts'

export const PropertyKind = Type.Union(
  [
    Type.Literal('object'),
    Type.Literal('array'),
    Type.Literal('simple'),
    Type.Literal('complex'),
    Type.Literal('enum'),
    Type.Literal('enum_array'),
    Type.Literal('constant'),
    Type.Literal('one_of'),
    Type.Literal('ref'),
    Type.Literal('custom'),
  ],
  { description: 'What kind of property it is' },
)
export type PropertyKind = Static<typeof PropertyKind>

export const EnumValue = Type.Object({
  value: Type.String({ description: 'As it is stored' }),
  description: Type.String({ description: 'What it means' }),
  deprecated: Type.Boolean({ description: 'Whether new documents should do without it' }),
})
export type EnumValue = Static<typeof EnumValue>

/**
 * One property of a schema with its references and types expanded in place. Nodes come flat, parents before their
 * children, children in declared order: `depth` makes the tree.
 */
export const SchemaNode = Type.Object(
  {
    path: Type.String({
      description:
        'JSON-pointer-like path of properties; "" is the root, items are "[]", alternatives "<1>": "/tags/[]"',
    }),
    depth: Type.Integer({ minimum: 0, description: 'How deep it is: 0 is the root' }),
    children: Type.Integer({ minimum: 0, description: 'How many direct children follow' }),
    name: Type.String({ description: 'Property name; "" for the root, "[]" for items' }),
    kind: PropertyKind,
    of: Type.Optional(
      Type.String({ description: 'The custom type, the referenced dictionary, or the enumeration it names' }),
    ),
    bson_type: Type.Optional(
      Type.String({ description: 'What it is rendered to, in short: "string", "object", "date"' }),
    ),
    description: Type.String({ description: 'From the file; empty where it has none' }),
    required: Type.Boolean({ description: 'Whether it must be there' }),
    nullable: Type.Boolean({ description: 'Whether it may be null' }),
    constraints: Type.Array(Type.String(), { description: 'In words: "at most 40 characters", "matches ^\\\\S+$"' }),
    values: Type.Optional(
      Type.Array(EnumValue, { description: 'Of the enumerators version that the schema is pinned to' }),
    ),
    source: Type.Optional(Place),
    expanded_from: Type.Optional(
      Type.String({ description: 'The file whose content is shown in place from here on, for a ref or a custom type' }),
    ),
    json_pointer: Type.Optional(Type.String({ description: 'Where it is in the rendered JSON Schema' })),
    bson_pointer: Type.Optional(Type.String({ description: 'Where it is in the rendered BSON schema' })),
    change: Type.Optional(
      Type.Union([Type.Literal('added'), Type.Literal('changed')], { description: 'Against the version before' }),
    ),
    problem: Type.Optional(Type.String({ description: 'Why it could not be expanded, or the first finding about it' })),
  },
  { $id: 'SchemaNode', description: 'One property of a schema, its references and types expanded in place' },
)
export type SchemaNode = Static<typeof SchemaNode>

export const SchemaView = Type.Object(
  {
    title: Type.String({ description: 'What is shown, in words' }),
    file: Type.String({ description: 'Its path in the repository' }),
    nodes: Type.Array(SchemaNode, { description: 'Flat: parents before their children' }),
    removed: Type.Array(Type.String(), { description: 'Paths of the version before that are gone' }),
    json: Type.Optional(Type.String({ description: 'The rendered JSON Schema as text, in declared order' })),
    bson: Type.Optional(Type.String({ description: 'The rendered $jsonSchema as text, in declared order' })),
    problems: Type.Array(Problem, { description: 'Findings about it' }),
  },
  {
    $id: 'SchemaView',
    description: 'A schema to look at: a dictionary or a type by itself, or a version of a collection',
  },
)
export type SchemaView = Static<typeof SchemaView>

/** One enumeration in every enumerators version that has it. */
export const Enumeration = Type.Object({
  name: Type.String({ description: 'Of the enumeration' }),
  versions: Type.Array(
    Type.Object({
      version: Type.Integer({ description: 'Number of the enumerators' }),
      file: Type.String({ description: 'Their path' }),
      locked: Type.Boolean({ description: 'Whether they are locked against changes' }),
      values: Type.Array(EnumValue, { description: 'What it may be' }),
    }),
    { description: 'Each enumerators version that has it' },
  ),
  used_by: Type.Integer({ minimum: 0, description: 'How many places use it' }),
})
export type Enumeration = Static<typeof Enumeration>
export const EnumerationList = Type.Array(Enumeration, { $id: 'EnumerationList', description: 'Every enumeration' })
