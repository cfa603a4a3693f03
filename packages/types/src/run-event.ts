import { Type, type Static } from 'typebox'
import { Problem } from './problem.ts'

/** What went wrong in a step or a run; `code` is a key of the error catalogue. */
export const RunError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  detail: Type.Optional(Type.Unknown()),
  hint: Type.Optional(Type.String()),
  file: Type.Optional(Type.String()),
  pointer: Type.Optional(Type.String()),
})
export type RunError = Static<typeof RunError>

export const StepKind = Type.Union([
  Type.Literal('recordEnumerators'),
  Type.Literal('createCollection'),
  Type.Literal('dropIndex'),
  Type.Literal('migrate'),
  Type.Literal('buildIndexes'),
  Type.Literal('changeIndex'),
  Type.Literal('setValidator'),
  Type.Literal('findLeftovers'),
  Type.Literal('loadData'),
  Type.Literal('recordVersion'),
])
export type StepKind = Static<typeof StepKind>

/** `already` means that observation found the wanted state, so nothing was done. */
export const StepStatus = Type.Union([
  Type.Literal('succeeded'),
  Type.Literal('already'),
  Type.Literal('failed'),
  Type.Literal('skipped'),
  Type.Literal('cancelled'),
])
export type StepStatus = Static<typeof StepStatus>

export const RunStatus = Type.Union([
  Type.Literal('succeeded'),
  Type.Literal('succeeded_with_leftovers'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type RunStatus = Static<typeof RunStatus>

const Base = {
  seq: Type.Integer({ minimum: 1, description: 'Position in the run, without gaps' }),
  run_id: Type.String(),
  at: Type.String({ description: 'ISO 8601, UTC' }),
}
const Step = {
  step_id: Type.String({ description: 'Stable within a plan, for example "user/1.0.1.3/migrate/merge.json"' }),
  kind: StepKind,
  collection: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  name: Type.String({ description: 'The step in words, for people' }),
}

/** Documents that do not match the validator after a migration; there are none where this is absent. */
export const Leftovers = Type.Object({
  count: Type.Integer({ minimum: 1 }),
  samples: Type.Array(
    Type.Object({
      id: Type.String({ description: '`_id` as Extended JSON' }),
      why: Type.Optional(Type.String({ description: 'The first rule that the document breaks, in words' })),
    }),
    { description: 'The first of them in the order of their _id, at most 20' },
  ),
})
export type Leftovers = Static<typeof Leftovers>

/** A numbered fact of a run: what is stored, streamed and shown. */
export const RunEvent = Type.Union([
  Type.Object({
    ...Base,
    type: Type.Literal('run.started'),
    plan_hash: Type.String(),
    steps: Type.Integer(),
    warnings: Type.Optional(Type.Array(Problem, { description: 'What the plan warns of, for example drift' })),
    resumes: Type.Optional(Type.String({ description: 'The interrupted run that this one finishes' })),
  }),
  Type.Object({ ...Base, ...Step, type: Type.Literal('step.started') }),
  Type.Object({
    ...Base,
    ...Step,
    type: Type.Literal('step.progress'),
    done: Type.Number(),
    total: Type.Optional(Type.Number()),
    unit: Type.String({ description: 'What is counted, for example "documents"' }),
    rate_per_s: Type.Optional(Type.Number({ description: 'Units per second, lately' })),
    remaining_s: Type.Optional(Type.Number({ description: 'Seconds that it will take on at this rate' })),
  }),
  Type.Object({
    ...Base,
    ...Step,
    type: Type.Literal('step.finished'),
    status: StepStatus,
    duration_ms: Type.Number(),
    detail: Type.Optional(Type.String({ description: 'What was done, in words' })),
    leftovers: Type.Optional(Leftovers),
    error: Type.Optional(RunError),
  }),
  Type.Object({
    ...Base,
    type: Type.Literal('run.paused'),
    paused: Type.Boolean({ description: 'Whether the run waits from now on; the lock is kept meanwhile' }),
  }),
  Type.Object({
    ...Base,
    type: Type.Literal('run.contact'),
    answers: Type.Boolean({
      description: 'Whether the database answers from now on; the run waits while it does not, until its lease ends',
    }),
    lease_left_ms: Type.Integer({ minimum: 0, description: 'Milliseconds until the lease ends if it is not extended' }),
  }),
  Type.Object({
    ...Base,
    type: Type.Literal('run.finished'),
    status: RunStatus,
    duration_ms: Type.Number(),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Steps per status' }),
    error: Type.Optional(RunError),
  }),
])
export type RunEvent = Static<typeof RunEvent>
