import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { Leftovers, RunError, RunEvent, RunStatus, StepKind, StepStatus } from '../run-event.ts'
import { Scope } from './plans.ts'

/** `running` may also mean a run of another process; `interrupted`: it ended without an outcome; `superseded`: another run finished it. */
export const RunState = Type.Union([
  Type.Literal('running'),
  RunStatus,
  Type.Literal('interrupted'),
  Type.Literal('superseded'),
])
export type RunState = Static<typeof RunState>

/** Who holds the lock of the database. */
export const LockView = Type.Object({
  user: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  command: Type.String(),
  run_id: Type.String(),
  since: Type.String(),
  lease_end: Type.String(),
  step: Type.Optional(Type.String()),
})
export type LockView = Static<typeof LockView>

/** With `plan_hash` exactly the reviewed plan is applied or refused; without it whatever is planned now, for scripts. */
export const RunRequest = Type.Object(
  {
    scope: Type.Optional(Scope),
    plan_hash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    mode: Type.Optional(Type.Literal('apply')),
    confirm: Type.Optional(
      Type.String({ description: 'The name of the database, asked for where the environment is not local' }),
    ),
    fail_fast: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, $id: 'RunRequest' },
)
export type RunRequest = Static<typeof RunRequest>

export const RunSummary = Type.Object(
  {
    run_id: Type.String(),
    status: RunState,
    started_at: Type.String(),
    finished_at: Type.Optional(Type.String()),
    duration_ms: Type.Optional(Type.Number()),
    user: Type.String(),
    host: Type.String(),
    command: Type.String(),
    plan_hash: Type.String(),
    collections: Type.Array(Type.String()),
    steps: Type.Integer({ minimum: 0 }),
    counts: Type.Record(Type.String(), Type.Integer()),
    cancel_requested: Type.Boolean(),
    pause_requested: Type.Optional(Type.Boolean({ description: 'It waits, or will before its next range or step' })),
    paused: Type.Optional(Type.Boolean({ description: 'It waits; known of runs that are told by their events' })),
    unanswered_until: Type.Optional(
      Type.String({
        description:
          'The database does not answer; the run waits for it until its lock ends then. Known of runs that are told by their events',
      }),
    ),
    resumes: Type.Optional(Type.String()),
    error: Type.Optional(RunError),
  },
  { $id: 'RunSummary' },
)
export type RunSummary = Static<typeof RunSummary>

export const RunList = Type.Object({ items: Type.Array(RunSummary), lock: Type.Optional(LockView) }, { $id: 'RunList' })
export type RunList = Static<typeof RunList>

export const RunStepStatus = Type.Union([Type.Literal('pending'), Type.Literal('running'), StepStatus])
export type RunStepStatus = Static<typeof RunStepStatus>

export const RunStepView = Type.Object({
  id: Type.String(),
  kind: StepKind,
  collection: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  name: Type.String(),
  status: RunStepStatus,
  started_at: Type.Optional(Type.String()),
  duration_ms: Type.Optional(Type.Number()),
  done: Type.Optional(Type.Number()),
  total: Type.Optional(Type.Number()),
  unit: Type.Optional(Type.String()),
  rate_per_s: Type.Optional(Type.Number()),
  remaining_s: Type.Optional(Type.Number()),
  detail: Type.Optional(Type.String()),
  leftovers: Type.Optional(Leftovers),
  error: Type.Optional(RunError),
  seq: Type.Optional(Type.Integer({ description: 'Number of the event that said so last' })),
})
export type RunStepView = Static<typeof RunStepView>

/** A run as it stands after the event `last_seq`: all planned steps, those that have not begun included. */
export const RunSnapshot = Type.Object(
  {
    run: RunSummary,
    steps: Type.Array(RunStepView),
    warnings: Type.Array(Problem),
    last_seq: Type.Integer({ minimum: 0 }),
  },
  { $id: 'RunSnapshot' },
)
export type RunSnapshot = Static<typeof RunSnapshot>

/** What a stream of events sends: a snapshot first, then the numbered events after it. */
export const RunMessage = Type.Union(
  [Type.Object({ type: Type.Literal('snapshot'), snapshot: RunSnapshot }), ...RunEvent.anyOf],
  { $id: 'RunMessage' },
)
export type RunMessage = Static<typeof RunMessage>

export const RunEventPage = Type.Object(
  { events: Type.Array(RunEvent), last_seq: Type.Integer({ minimum: 0 }), finished: Type.Boolean() },
  { $id: 'RunEventPage' },
)
export type RunEventPage = Static<typeof RunEventPage>

export const RunStarted = Type.Object(
  { run_id: Type.String(), plan_hash: Type.String(), steps: Type.Integer() },
  { $id: 'RunStarted' },
)
export type RunStarted = Static<typeof RunStarted>

export const RunPause = Type.Object(
  { paused: Type.Boolean({ description: 'Whether it is to wait' }) },
  { additionalProperties: false, $id: 'RunPause' },
)
export type RunPause = Static<typeof RunPause>

export const DropRequest = Type.Object(
  { database: Type.String({ description: 'The name of the database, typed' }) },
  { additionalProperties: false, $id: 'DropRequest' },
)
export const DropResult = Type.Object(
  { database: Type.String(), dropped: Type.Boolean(), collections: Type.Array(Type.String()) },
  { $id: 'DropResult' },
)

/** The event tree of the first implementation, for its clients: `status` says the truth. */
export const LegacyEvent = Type.Cyclic(
  {
    LegacyEvent: Type.Object({
      id: Type.String(),
      type: Type.String(),
      status: Type.Union([Type.Literal('SUCCESS'), Type.Literal('FAILURE'), Type.Literal('PENDING')]),
      data: Type.Unknown(),
      starts: Type.String(),
      ends: Type.Union([Type.String(), Type.Null()]),
      sub_events: Type.Array(Type.Ref('LegacyEvent')),
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
