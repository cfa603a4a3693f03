import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'

export const FileKind = Type.Union(
  [
    Type.Literal('configurations'),
    Type.Literal('dictionaries'),
    Type.Literal('types'),
    Type.Literal('enumerators'),
    Type.Literal('test_data'),
    Type.Literal('migrations'),
  ],
  { description: 'The folder of the repository' },
)
export type FileKind = Static<typeof FileKind>

export const ProblemCounts = Type.Object(
  {
    errors: Type.Integer({ minimum: 0, description: 'They stop plan and apply' }),
    warnings: Type.Integer({ minimum: 0, description: 'They stop nothing' }),
  },
  { description: 'How many findings there are' },
)
export type ProblemCounts = Static<typeof ProblemCounts>

export const FileInfo = Type.Object(
  {
    kind: FileKind,
    file_name: Type.String({ description: 'Name with extension' }),
    path: Type.String({ description: 'Relative to the repository, with "/"' }),
    size: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes; absent where the file could not be read' })),
    hash: Type.Optional(
      Type.String({ description: 'SHA-256 of the bytes, hex; absent where the file could not be read' }),
    ),
    locked: Type.Boolean({ description: 'Whether it is locked against changes' }),
    broken: Type.Boolean({ description: 'It cannot be used; `problems` of the repository say why' }),
    problems: ProblemCounts,
    used_by: Type.Integer({ minimum: 0, description: 'How many places use it' }),
  },
  { $id: 'FileInfo', description: 'One file of the repository, also one that cannot be used' },
)
export type FileInfo = Static<typeof FileInfo>
export const FileList = Type.Array(FileInfo, { $id: 'FileList', description: 'Files of one folder' })

export const Place = Type.Object(
  {
    file: Type.String({ description: 'Relative to the repository, with "/"' }),
    pointer: Type.Optional(Type.String({ description: 'JSON pointer into the file' })),
    line: Type.Optional(Type.Integer({ minimum: 1, description: 'From 1' })),
    column: Type.Optional(Type.Integer({ minimum: 1, description: 'From 1, in UTF-16 code units' })),
  },
  { description: 'A place in a file' },
)
export type Place = Static<typeof Place>

export const UsageKind = Type.Union(
  [
    Type.Literal('ref'),
    Type.Literal('type'),
    Type.Literal('enumerator'),
    Type.Literal('dictionary'),
    Type.Literal('enumerators'),
    Type.Literal('test_data'),
    Type.Literal('migration'),
  ],
  { description: 'How one thing uses another' },
)
export type UsageKind = Static<typeof UsageKind>

export const Usage = Type.Object({
  how: UsageKind,
  used: Type.String({ description: 'What is used: "types/email.yaml", or for an enumerator "status"' }),
  place: Place,
  text: Type.String({ description: 'Who uses it, in words: "property /profile/email", "version 1.1.0.2"' }),
  collection: Type.Optional(
    Type.String({ description: 'Of the version that uses it; absent where a dictionary or a type does' }),
  ),
  version: Type.Optional(
    Type.String({ description: 'The version that uses it, four parts; absent where a dictionary or a type does' }),
  ),
})
export type Usage = Static<typeof Usage>
export const UsageList = Type.Array(Usage, { $id: 'UsageList', description: 'Every place that uses one thing' })

export const GraphNode = Type.Object({
  id: Type.String({ description: '"collection:user", "dictionaries/user.1.0.0.yaml", "enumerator:status@2" ...' }),
  kind: Type.Union([Type.Literal('collection'), FileKind, Type.Literal('enumerator')], { description: 'What it is' }),
  name: Type.String({ description: 'Of the collection or enumerator, else of the file' }),
  file: Type.Optional(Type.String({ description: 'Its path; absent where there is none' })),
  broken: Type.Boolean({ description: 'Whether it is missing or cannot be used' }),
})
export type GraphNode = Static<typeof GraphNode>
export const GraphEdge = Type.Object({
  from: Type.String({ description: '`id` of what uses' }),
  to: Type.String({ description: '`id` of what is used' }),
  how: UsageKind,
})
export type GraphEdge = Static<typeof GraphEdge>

export const Graph = Type.Object(
  {
    nodes: Type.Array(GraphNode, { description: 'By `id`' }),
    edges: Type.Array(GraphEdge, { description: 'Each use once' }),
  },
  { $id: 'Graph', description: 'The whole repository as nodes and the uses between them' },
)
export type Graph = Static<typeof Graph>

export const ProblemReport = Type.Object(
  {
    counts: Type.Object(
      {
        errors: Type.Integer({ minimum: 0, description: 'They stop plan and apply' }),
        warnings: Type.Integer({ minimum: 0, description: 'They stop nothing' }),
        notices: Type.Integer({ minimum: 0, description: 'Things worth knowing' }),
      },
      { description: 'Of the whole repository, whatever was asked for' },
    ),
    problems: Type.Array(Problem, { description: 'Those that were asked for' }),
  },
  { $id: 'ProblemReport', description: 'Everything that is wrong in the repository' },
)
export type ProblemReport = Static<typeof ProblemReport>
