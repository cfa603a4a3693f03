import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { Place, ProblemCounts, Usage } from './files.ts'
import { SchemaNode } from './schema-nodes.ts'
import { RunState } from './runs.ts'

/** `unknown`: the database could not be read. */
export const CollectionState = Type.Union([
  Type.Literal('in sync'),
  Type.Literal('behind'),
  Type.Literal('ahead'),
  Type.Literal('drifted'),
  Type.Literal('interrupted'),
  Type.Literal('invalid'),
  Type.Literal('unknown'),
])
export type CollectionState = Static<typeof CollectionState>

const LastRun = Type.Object({ run_id: Type.String(), status: RunState, at: Type.String() })

/** Documents that did not match the rules when a run looked last, and that run; every plan looks again until all match. */
const LeftBehind = Type.Object({ count: Type.Integer({ minimum: 1 }), run_id: Type.String() })

/** One collection in lists. A configuration that cannot be read is a row with the state `invalid`, named by its file. */
export const CollectionRow = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    description: Type.String(),
    file: Type.Optional(Type.String({ description: 'Absent for a collection that only the database knows' })),
    recorded: Type.Optional(Type.String({ description: 'Version in the database, four parts' })),
    newest: Type.Optional(Type.String({ description: 'Version in the repository, four parts' })),
    pending: Type.Array(Type.String()),
    state: CollectionState,
    drift: Type.Array(Type.String(), {
      description: 'In words, what the database has otherwise than its version says',
    }),
    leftovers: Type.Optional(LeftBehind),
    locked: Type.Boolean(),
    versions: Type.Integer({ minimum: 0 }),
    documents: Type.Optional(Type.Integer({ minimum: 0, description: 'Estimated by the server' })),
    problems: ProblemCounts,
    first_problem: Type.Optional(Problem),
    last_run: Type.Optional(LastRun),
  },
  { $id: 'CollectionRow' },
)
export type CollectionRow = Static<typeof CollectionRow>

export const CollectionList = Type.Object(
  {
    as_of: Type.String({ description: 'When the database was looked at, at most 2 s ago' }),
    /** Why the database could not be read, where it could not. */
    target_error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
    items: Type.Array(CollectionRow),
  },
  { $id: 'CollectionList' },
)
export type CollectionList = Static<typeof CollectionList>

export const VersionSummary = Type.Object({
  version: Type.String({ description: 'Four parts' }),
  written: Type.String({ description: 'As in the file' }),
  locked: Type.Boolean(),
  state: Type.Union([
    Type.Literal('applied'),
    Type.Literal('current'),
    Type.Literal('pending'),
    Type.Literal('unknown'),
  ]),
  applied_at: Type.Optional(Type.String()),
  run_id: Type.Optional(Type.String()),
})
export type VersionSummary = Static<typeof VersionSummary>

export const CollectionDetail = Type.Object(
  {
    row: CollectionRow,
    versions: Type.Array(VersionSummary, { description: 'Newest first' }),
    problems: Type.Array(Problem),
  },
  { $id: 'CollectionDetail' },
)
export type CollectionDetail = Static<typeof CollectionDetail>

/** What an apply does for a version, in the order and the words of the plan. */
export const VersionStep = Type.Object({ kind: Type.String(), text: Type.String(), place: Type.Optional(Place) })
export type VersionStep = Static<typeof VersionStep>

export const IndexView = Type.Object({
  name: Type.String(),
  keys: Type.Array(Type.Object({ field: Type.String(), direction: Type.String() })),
  options: Type.String({ description: 'As JSON, in declared order; "{}" where there are none' }),
  change: Type.Union([Type.Literal('added'), Type.Literal('dropped'), Type.Literal('kept')]),
  /** Whether the database has it. */
  live: Type.Union([
    Type.Literal('there'),
    Type.Literal('missing'),
    Type.Literal('different'),
    Type.Literal('unknown'),
  ]),
  place: Type.Optional(Place),
})
export type IndexView = Static<typeof IndexView>

/** A migration or test data file of a version, with its text. */
export const DataView = Type.Object({
  file_name: Type.String(),
  path: Type.String(),
  items: Type.Integer({ minimum: 0, description: 'Stages or documents' }),
  text: Type.Optional(Type.String({ description: 'Absent above 256 KiB: read the file itself' })),
  broken: Type.Boolean(),
  problems: Type.Array(Problem),
})
export type DataView = Static<typeof DataView>

/** Everything about one version of a collection, in one answer. */
export const VersionDetail = Type.Object(
  {
    collection: Type.String(),
    summary: VersionSummary,
    previous: Type.Optional(Type.String()),
    dictionary: Type.Optional(Type.String({ description: 'Path of the dictionary file' })),
    enumerators: Type.Optional(Type.Object({ version: Type.Integer(), file: Type.Optional(Type.String()) })),
    validation: Type.Object({ level: Type.String(), action: Type.String() }),
    nodes: Type.Array(SchemaNode),
    removed: Type.Array(Type.String(), { description: 'Paths of the version before that are gone' }),
    steps: Type.Array(VersionStep),
    indexes: Type.Array(IndexView),
    migrations: Type.Array(DataView),
    test_data: Type.Optional(DataView),
    uses: Type.Array(Usage),
    problems: Type.Array(Problem),
  },
  { $id: 'VersionDetail' },
)
export type VersionDetail = Static<typeof VersionDetail>
