import { Type, type Static } from 'typebox'
import { Problem } from './problem.ts'

/** What went wrong in a step or a run; `code` is a key of the error catalogue. */
export const RunError = Type.Object(
  {
    code: Type.String({ description: 'A key of the error catalogue' }),
    message: Type.String({ description: 'What went wrong, in words' }),
    detail: Type.Optional(
      Type.Unknown({ description: 'More of it, by the code: for example the documents that were refused' }),
    ),
    hint: Type.Optional(Type.String({ description: 'What to do about it' })),
    file: Type.Optional(Type.String({ description: 'The file that it is about, relative to the repository' })),
    pointer: Type.Optional(Type.String({ description: 'JSON pointer into that file' })),
  },
  { description: 'What went wrong' },
)
export type RunError = Static<typeof RunError>

export const StepKind = Type.Union(
  [
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
  ],
  { description: 'What the step does' },
)
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
  run_id: Type.String({ description: 'The run' }),
  at: Type.String({ description: 'ISO 8601, UTC' }),
}
const Step = {
  step_id: Type.String({ description: 'Stable within a plan, for example "user/1.0.1.3/migrate/merge.json"' }),
  kind: Type.Union(StepKind.anyOf, { description: 'What the step does' }),
  collection: Type.Optional(Type.String({ description: 'Absent where a step is for all of them' })),
  version: Type.Optional(Type.String({ description: 'The version of the collection, four parts' })),
  name: Type.String({ description: 'The step in words, for people' }),
}

/** Documents that do not match the validator after a migration; there are none where this is absent. */
export const Leftovers = Type.Object(
  {
    count: Type.Integer({ minimum: 1, description: 'How many there are' }),
    samples: Type.Array(
      Type.Object({
        id: Type.String({ description: '`_id` as Extended JSON' }),
        why: Type.Optional(Type.String({ description: 'The first rule that the document breaks, in words' })),
      }),
      { description: 'The first of them in the order of their _id, at most 20' },
    ),
  },
  { description: 'Documents that do not match the validator; absent where there are none' },
)
export type Leftovers = Static<typeof Leftovers>

/** A numbered fact of a run: what is stored, streamed and shown. */
export const RunEvent = Type.Union([
  Type.Object({
    ...Base,
    type: Type.Literal('run.started'),
    plan_hash: Type.String({ description: 'Names the plan by its content' }),
    steps: Type.Integer({ description: 'How many steps it has' }),
    warnings: Type.Optional(Type.Array(Problem, { description: 'What the plan warns of, for example drift' })),
    resumes: Type.Optional(Type.String({ description: 'The interrupted run that this one finishes' })),
  }),
  Type.Object({ ...Base, ...Step, type: Type.Literal('step.started') }),
  Type.Object({
    ...Base,
    ...Step,
    type: Type.Literal('step.progress'),
    done: Type.Number({ description: 'How many are done' }),
    total: Type.Optional(Type.Number({ description: 'How many there are in all' })),
    unit: Type.String({ description: 'What is counted, for example "documents"' }),
    rate_per_s: Type.Optional(Type.Number({ description: 'Units per second, lately' })),
    remaining_s: Type.Optional(Type.Number({ description: 'Seconds that it will take on at this rate' })),
  }),
  Type.Object({
    ...Base,
    ...Step,
    type: Type.Literal('step.finished'),
    status: Type.Union(StepStatus.anyOf, {
      description: '`already`: the wanted state was found, so nothing was done',
    }),
    duration_ms: Type.Number({ description: 'Milliseconds that it took' }),
    detail: Type.Optional(Type.String({ description: 'What was done, in words' })),
    leftovers: Type.Optional(
      Type.Object(Leftovers.properties, { description: 'Documents that do not match the validator after a migration' }),
    ),
    error: Type.Optional(Type.Object(RunError.properties, { description: 'Why it failed' })),
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
    status: Type.Union(RunStatus.anyOf, { description: 'How it ended' }),
    duration_ms: Type.Number({ description: 'Milliseconds that it took' }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Steps per status' }),
    error: Type.Optional(Type.Object(RunError.properties, { description: 'Why it failed or was cancelled' })),
  }),
])
export type RunEvent = Static<typeof RunEvent>
