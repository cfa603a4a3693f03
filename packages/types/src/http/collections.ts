import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { Place, ProblemCounts, Usage } from './files.ts'
import { SchemaNode } from './schema-nodes.ts'
import { RunState } from './runs.ts'

export const CollectionState = Type.Union(
  [
    Type.Literal('in sync'),
    Type.Literal('behind'),
    Type.Literal('ahead'),
    Type.Literal('drifted'),
    Type.Literal('interrupted'),
    Type.Literal('invalid'),
    Type.Literal('unknown'),
  ],
  { description: 'How the database stands to the repository; `unknown`: it could not be read' },
)
export type CollectionState = Static<typeof CollectionState>

const LastRun = Type.Object(
  {
    run_id: Type.String({ description: 'The run' }),
    status: RunState,
    at: Type.String({ description: 'When it ended, or began where it has not: ISO 8601 UTC' }),
  },
  { description: 'The latest run that was about it' },
)

const LeftBehind = Type.Object(
  {
    count: Type.Integer({ minimum: 1, description: 'How many there were' }),
    run_id: Type.String({ description: 'The run that looked' }),
  },
  {
    description:
      'Documents that did not match the rules when a run looked last; every plan looks again until all match',
  },
)

export const CollectionRow = Type.Object(
  {
    name: Type.String({ description: 'Of the collection' }),
    title: Type.String({ description: 'From its configuration; empty where it has none' }),
    description: Type.String({ description: 'From its configuration; empty where it has none' }),
    file: Type.Optional(Type.String({ description: 'Absent for a collection that only the database knows' })),
    recorded: Type.Optional(Type.String({ description: 'Version in the database, four parts' })),
    newest: Type.Optional(Type.String({ description: 'Version in the repository, four parts' })),
    pending: Type.Array(Type.String(), { description: 'Versions that an apply would bring, oldest first' }),
    state: CollectionState,
    drift: Type.Array(Type.String(), {
      description: 'In words, what the database has otherwise than its version says',
    }),
    leftovers: Type.Optional(LeftBehind),
    locked: Type.Boolean({ description: 'Whether its configuration is locked against changes' }),
    versions: Type.Integer({ minimum: 0, description: 'How many versions its configuration has' }),
    documents: Type.Optional(Type.Integer({ minimum: 0, description: 'Estimated by the server' })),
    problems: ProblemCounts,
    first_problem: Type.Optional(Problem),
    last_run: Type.Optional(LastRun),
  },
  {
    $id: 'CollectionRow',
    description:
      'One collection; a configuration that cannot be read is one with the state `invalid`, named by its file',
  },
)
export type CollectionRow = Static<typeof CollectionRow>

export const CollectionList = Type.Object(
  {
    as_of: Type.String({ description: 'When the database was looked at, at most 2 s ago' }),
    target_error: Type.Optional(
      Type.Object(
        {
          code: Type.String({ description: 'A key of the error catalogue' }),
          message: Type.String({ description: 'What went wrong, in words' }),
        },
        { description: 'Why the database could not be read; absent where it could' },
      ),
    ),
    items: Type.Array(CollectionRow, { description: 'By the order that was asked for' }),
  },
  { $id: 'CollectionList', description: 'All collections, of the repository and of the database' },
)
export type CollectionList = Static<typeof CollectionList>

export const VersionSummary = Type.Object(
  {
    version: Type.String({ description: 'Four parts' }),
    written: Type.String({ description: 'As in the file' }),
    locked: Type.Boolean({ description: 'Whether the version is locked against changes' }),
    state: Type.Union(
      [Type.Literal('applied'), Type.Literal('current'), Type.Literal('pending'), Type.Literal('unknown')],
      { description: '`current`: the database is at it; `unknown`: the database could not be read' },
    ),
    applied_at: Type.Optional(Type.String({ description: 'When it was applied, where that is known: ISO 8601 UTC' })),
    run_id: Type.Optional(Type.String({ description: 'The run that applied it, where that is known' })),
  },
  { description: 'The version itself, and what the database knows of it' },
)
export type VersionSummary = Static<typeof VersionSummary>

export const CollectionDetail = Type.Object(
  {
    row: CollectionRow,
    versions: Type.Array(VersionSummary, { description: 'Newest first' }),
    problems: Type.Array(Problem, { description: 'Findings about the files that it is made of' }),
  },
  { $id: 'CollectionDetail', description: 'One collection with its versions' },
)
export type CollectionDetail = Static<typeof CollectionDetail>

export const VersionStep = Type.Object(
  {
    kind: Type.String({ description: 'As of the steps of a plan' }),
    text: Type.String({ description: 'In words' }),
    place: Type.Optional(Place),
  },
  { description: 'What an apply does for the version, in the order and the words of the plan' },
)
export type VersionStep = Static<typeof VersionStep>

export const IndexView = Type.Object({
  name: Type.String({ description: 'Of the index' }),
  keys: Type.Array(
    Type.Object({
      field: Type.String({ description: 'Path of the field' }),
      direction: Type.String({ description: '`1`, `-1`, or what kind of index it is: "text", "2dsphere"' }),
    }),
    { description: 'What it is of, in order' },
  ),
  options: Type.String({ description: 'As JSON, in declared order; "{}" where there are none' }),
  change: Type.Union([Type.Literal('added'), Type.Literal('dropped'), Type.Literal('kept')], {
    description: 'Against the version before',
  }),
  live: Type.Union(
    [Type.Literal('there'), Type.Literal('missing'), Type.Literal('different'), Type.Literal('unknown')],
    { description: 'Whether the database has it; `unknown`: it could not be read' },
  ),
  place: Type.Optional(Place),
})
export type IndexView = Static<typeof IndexView>

export const DataView = Type.Object(
  {
    file_name: Type.String({ description: 'Name with extension' }),
    path: Type.String({ description: 'Relative to the repository, with "/"' }),
    items: Type.Integer({ minimum: 0, description: 'Stages or documents' }),
    text: Type.Optional(Type.String({ description: 'Absent above 256 KiB: read the file itself' })),
    broken: Type.Boolean({ description: 'Whether it cannot be used' }),
    problems: Type.Array(Problem, { description: 'Findings about it' }),
  },
  { description: 'A migration or test data file of the version' },
)
export type DataView = Static<typeof DataView>

export const VersionDetail = Type.Object(
  {
    collection: Type.String({ description: 'Its name' }),
    summary: VersionSummary,
    previous: Type.Optional(Type.String({ description: 'The version before, four parts; absent for the first' })),
    dictionary: Type.Optional(Type.String({ description: 'Path of the dictionary file' })),
    enumerators: Type.Optional(
      Type.Object(
        {
          version: Type.Integer({ description: 'Their number' }),
          file: Type.Optional(Type.String({ description: 'Their path; absent where there is no such file' })),
        },
        { description: 'The enumerators that the version is pinned to' },
      ),
    ),
    validation: Type.Object(
      {
        level: Type.String({ description: '`validationLevel` of the collection' }),
        action: Type.String({ description: '`validationAction` of the collection' }),
      },
      { description: 'How the server applies the schema' },
    ),
    nodes: Type.Array(SchemaNode, { description: 'The schema, flat: parents before their children' }),
    removed: Type.Array(Type.String(), { description: 'Paths of the version before that are gone' }),
    steps: Type.Array(VersionStep, { description: 'What an apply does for it, in order' }),
    indexes: Type.Array(IndexView, { description: 'Those of this version, and those that it drops' }),
    migrations: Type.Array(DataView, { description: 'In the order in which they run' }),
    test_data: Type.Optional(DataView),
    uses: Type.Array(Usage, { description: 'What the version uses' }),
    problems: Type.Array(Problem, { description: 'Findings about its files' }),
  },
  { $id: 'VersionDetail', description: 'Everything about one version of a collection' },
)
export type VersionDetail = Static<typeof VersionDetail>
