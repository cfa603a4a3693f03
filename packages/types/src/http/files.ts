import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'

/** The folders of a repository. */
export const FileKind = Type.Union([
  Type.Literal('configurations'),
  Type.Literal('dictionaries'),
  Type.Literal('types'),
  Type.Literal('enumerators'),
  Type.Literal('test_data'),
  Type.Literal('migrations'),
])
export type FileKind = Static<typeof FileKind>

export const ProblemCounts = Type.Object({
  errors: Type.Integer({ minimum: 0 }),
  warnings: Type.Integer({ minimum: 0 }),
})
export type ProblemCounts = Static<typeof ProblemCounts>

/** One file of the repository, as lists show it; also files that cannot be used. */
export const FileInfo = Type.Object(
  {
    kind: FileKind,
    file_name: Type.String(),
    path: Type.String({ description: 'Relative to the repository, with "/"' }),
    size: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes; absent where the file could not be read' })),
    hash: Type.Optional(
      Type.String({ description: 'SHA-256 of the bytes, hex; absent where the file could not be read' }),
    ),
    locked: Type.Boolean(),
    broken: Type.Boolean({ description: 'It cannot be used; `problems` of the repository say why' }),
    problems: ProblemCounts,
    used_by: Type.Integer({ minimum: 0, description: 'How many places use it' }),
  },
  { $id: 'FileInfo' },
)
export type FileInfo = Static<typeof FileInfo>
export const FileList = Type.Array(FileInfo, { $id: 'FileList' })

/** A place in a file of the repository. */
export const Place = Type.Object({
  file: Type.String(),
  pointer: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  column: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type Place = Static<typeof Place>

/** How one thing uses another. */
export const UsageKind = Type.Union([
  Type.Literal('ref'),
  Type.Literal('type'),
  Type.Literal('enumerator'),
  Type.Literal('dictionary'),
  Type.Literal('enumerators'),
  Type.Literal('test_data'),
  Type.Literal('migration'),
])
export type UsageKind = Static<typeof UsageKind>

export const Usage = Type.Object({
  how: UsageKind,
  /** What is used: "types/email.yaml", or for an enumerator "status". */
  used: Type.String(),
  place: Place,
  /** In words: "property /profile/email", "version 1.1.0.2". */
  text: Type.String(),
  collection: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
})
export type Usage = Static<typeof Usage>
export const UsageList = Type.Array(Usage, { $id: 'UsageList' })

export const GraphNode = Type.Object({
  id: Type.String({ description: '"collection:user", "dictionaries/user.1.0.0.yaml", "enumerator:status@2" ...' }),
  kind: Type.Union([Type.Literal('collection'), FileKind, Type.Literal('enumerator')]),
  name: Type.String(),
  file: Type.Optional(Type.String()),
  broken: Type.Boolean(),
})
export type GraphNode = Static<typeof GraphNode>
export const GraphEdge = Type.Object({ from: Type.String(), to: Type.String(), how: UsageKind })
export type GraphEdge = Static<typeof GraphEdge>

/** The whole repository as nodes and the uses between them. */
export const Graph = Type.Object({ nodes: Type.Array(GraphNode), edges: Type.Array(GraphEdge) }, { $id: 'Graph' })
export type Graph = Static<typeof Graph>

/** Everything that is wrong in the repository. */
export const ProblemReport = Type.Object(
  {
    counts: Type.Object({
      errors: Type.Integer({ minimum: 0 }),
      warnings: Type.Integer({ minimum: 0 }),
      notices: Type.Integer({ minimum: 0 }),
    }),
    problems: Type.Array(Problem),
  },
  { $id: 'ProblemReport' },
)
export type ProblemReport = Static<typeof ProblemReport>
