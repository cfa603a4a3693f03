import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { Leftovers, RunError, RunEvent, RunStatus, StepKind, StepStatus } from '../run-event.ts'
import { Scope } from './plans.ts'

export const RunState = Type.Union(
  [Type.Literal('running'), RunStatus, Type.Literal('interrupted'), Type.Literal('superseded')],
  {
    description:
      '`running` may also be a run of another process; `interrupted`: it ended without an outcome; `superseded`: another run finished it',
  },
)
export type RunState = Static<typeof RunState>

export const LockView = Type.Object(
  {
    user: Type.String({ description: 'Who' }),
    host: Type.String({ description: 'On which machine' }),
    pid: Type.Integer({ description: 'In which process' }),
    command: Type.String({ description: 'With which command' }),
    run_id: Type.String({ description: 'For which run' }),
    since: Type.String({ description: 'Since when: ISO 8601 UTC' }),
    lease_end: Type.String({ description: 'When it ends unless it is extended: ISO 8601 UTC' }),
    step: Type.Optional(Type.String({ description: 'The step that runs; absent between steps' })),
  },
  { description: 'Who holds the lock of the database' },
)
export type LockView = Static<typeof LockView>

export const RunRequest = Type.Object(
  {
    scope: Type.Optional(Scope),
    plan_hash: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The plan that was agreed on; `hash` of a plan' }),
    ),
    mode: Type.Optional(Type.Literal('apply', { description: 'There is one' })),
    confirm: Type.Optional(
      Type.String({ description: 'The name of the database, asked for where the environment is not local' }),
    ),
    fail_fast: Type.Optional(
      Type.Boolean({ description: 'Whether the first failure ends all of the run; otherwise only its collection' }),
    ),
  },
  {
    additionalProperties: false,
    $id: 'RunRequest',
    description:
      'With `plan_hash` exactly the reviewed plan is applied or refused; without it whatever is planned now, for scripts',
  },
)
export type RunRequest = Static<typeof RunRequest>

export const RunSummary = Type.Object(
  {
    run_id: Type.String({ description: 'By which it is read' }),
    status: RunState,
    started_at: Type.String({ description: 'ISO 8601 UTC' }),
    finished_at: Type.Optional(Type.String({ description: 'ISO 8601 UTC; absent while it runs' })),
    duration_ms: Type.Optional(Type.Number({ description: 'Milliseconds that it took; absent while it runs' })),
    user: Type.String({ description: 'Who began it' }),
    host: Type.String({ description: 'On which machine' }),
    command: Type.String({ description: 'With which command' }),
    plan_hash: Type.String({ description: 'Names the plan that is applied by its content' }),
    collections: Type.Array(Type.String(), { description: 'Those that it is about' }),
    steps: Type.Integer({ minimum: 0, description: 'How many steps it has' }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Steps per status' }),
    cancel_requested: Type.Boolean({ description: 'Whether somebody asked it to end early' }),
    pause_requested: Type.Optional(Type.Boolean({ description: 'It waits, or will before its next range or step' })),
    paused: Type.Optional(Type.Boolean({ description: 'It waits; known of runs that are told by their events' })),
    unanswered_until: Type.Optional(
      Type.String({
        description:
          'The database does not answer; the run waits for it until its lock ends then. Known of runs that are told by their events',
      }),
    ),
    resumes: Type.Optional(
      Type.String({ description: 'The interrupted run that it finishes; absent where there is none' }),
    ),
    error: Type.Optional(RunError),
  },
  { $id: 'RunSummary', description: 'One run' },
)
export type RunSummary = Static<typeof RunSummary>

export const RunList = Type.Object(
  { items: Type.Array(RunSummary, { description: 'Newest first' }), lock: Type.Optional(LockView) },
  { $id: 'RunList', description: 'The runs that were asked for' },
)
export type RunList = Static<typeof RunList>

export const RunStepStatus = Type.Union([Type.Literal('pending'), Type.Literal('running'), StepStatus], {
  description: '`already`: the wanted state was found, so nothing was done',
})
export type RunStepStatus = Static<typeof RunStepStatus>

export const RunStepView = Type.Object({
  id: Type.String({ description: 'Stable within a plan, for example "user/1.0.1.3/migrate/merge.json"' }),
  kind: StepKind,
  collection: Type.Optional(Type.String({ description: 'Absent where a step is for all of them' })),
  version: Type.Optional(Type.String({ description: 'The version of the collection, four parts' })),
  name: Type.String({ description: 'The step in words, for people' }),
  status: RunStepStatus,
  started_at: Type.Optional(Type.String({ description: 'ISO 8601 UTC; absent where it has not begun' })),
  duration_ms: Type.Optional(Type.Number({ description: 'Milliseconds that it took' })),
  done: Type.Optional(Type.Number({ description: 'How many are done' })),
  total: Type.Optional(Type.Number({ description: 'How many there are in all' })),
  unit: Type.Optional(Type.String({ description: 'What is counted, for example "documents"' })),
  rate_per_s: Type.Optional(Type.Number({ description: 'Units per second, lately' })),
  remaining_s: Type.Optional(Type.Number({ description: 'Seconds that it will take on at this rate' })),
  detail: Type.Optional(Type.String({ description: 'What was done, in words' })),
  leftovers: Type.Optional(Leftovers),
  error: Type.Optional(RunError),
  seq: Type.Optional(Type.Integer({ description: 'Number of the event that said so last' })),
})
export type RunStepView = Static<typeof RunStepView>

export const RunSnapshot = Type.Object(
  {
    run: RunSummary,
    steps: Type.Array(RunStepView, { description: 'All that are planned, those that have not begun included' }),
    warnings: Type.Array(Problem, { description: 'What is worth knowing of it' }),
    last_seq: Type.Integer({ minimum: 0, description: 'Number of the last event that counts here' }),
  },
  { $id: 'RunSnapshot', description: 'A run as it stands after the event `last_seq`' },
)
export type RunSnapshot = Static<typeof RunSnapshot>

export const RunMessage = Type.Union(
  [Type.Object({ type: Type.Literal('snapshot'), snapshot: RunSnapshot }), ...RunEvent.anyOf],
  { $id: 'RunMessage', description: 'What a stream sends: a snapshot first, then the numbered events after it' },
)
export type RunMessage = Static<typeof RunMessage>

export const RunEventPage = Type.Object(
  {
    events: Type.Array(RunEvent, { description: 'In order' }),
    last_seq: Type.Integer({ minimum: 0, description: 'Number of the last event of the page' }),
    finished: Type.Boolean({ description: 'Whether the run has ended, and there are no more' }),
  },
  { $id: 'RunEventPage', description: 'Events of a run after the one that was named' },
)
export type RunEventPage = Static<typeof RunEventPage>

export const RunStarted = Type.Object(
  {
    run_id: Type.String({ description: 'By which it is read' }),
    plan_hash: Type.String({ description: 'Names the plan that is applied by its content' }),
    steps: Type.Integer({ description: 'How many steps it has' }),
  },
  { $id: 'RunStarted', description: 'A run that has begun' },
)
export type RunStarted = Static<typeof RunStarted>

export const RunPause = Type.Object(
  { paused: Type.Boolean({ description: 'Whether it is to wait' }) },
  { additionalProperties: false, $id: 'RunPause', description: 'Whether a run is to wait' },
)
export type RunPause = Static<typeof RunPause>

export const DropRequest = Type.Object(
  { database: Type.String({ description: 'The name of the database, typed' }) },
  { additionalProperties: false, $id: 'DropRequest', description: 'What is to be dropped' },
)
export const DropResult = Type.Object(
  {
    database: Type.String({ description: 'Its name' }),
    dropped: Type.Boolean({ description: 'Always true: what is not dropped is an error' }),
    collections: Type.Array(Type.String(), { description: 'Those that it had' }),
  },
  { $id: 'DropResult', description: 'What is gone' },
)

/** The event tree of the first implementation, for its clients: `status` says the truth. */
export const LegacyEvent = Type.Cyclic(
  {
    LegacyEvent: Type.Object({
      id: Type.String({ description: 'Unique in the tree' }),
      type: Type.String({
        description: 'PROCESS, ENUMERATORS, CONFIGURATION, VERSION, OUTCOME, or the kind of a step: BUILD_INDEXES',
      }),
      status: Type.Union([Type.Literal('SUCCESS'), Type.Literal('FAILURE'), Type.Literal('PENDING')], {
        description: 'SUCCESS only where all below it is',
      }),
      data: Type.Unknown({ description: 'What it is about, by its type' }),
      starts: Type.String({ description: 'ISO 8601 UTC' }),
      ends: Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601 UTC' }),
      sub_events: Type.Array(Type.Ref('LegacyEvent'), { description: 'What it consists of' }),
    }),
  },
  'LegacyEvent',
)
export interface LegacyEventTree {
  readonly id: string
  readonly type: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'PENDING'
  readonly data: unknown
  readonly starts: string
  readonly ends: string | null
  readonly sub_events: readonly LegacyEventTree[]
}
