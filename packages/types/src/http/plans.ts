import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { StepKind } from '../run-event.ts'

export const Scope = Type.Object(
  {
    collections: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'These collections alone',
      }),
    ),
    versions: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Target version per collection; the newest where none is named',
        maxProperties: 1000,
      }),
    ),
    load_test_data: Type.Optional(Type.Boolean({ description: 'LOAD_TEST_DATA decides where it is not said' })),
    resolve: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.Literal('done'), Type.Literal('repeat')]), {
        description: 'What a person found out about migrations that were cut off, by step id',
        maxProperties: 1000,
      }),
    ),
  },
  { additionalProperties: false, description: 'What it is about; without a field, all of it' },
)
export type Scope = Static<typeof Scope>

export const PlanRequest = Type.Object(
  { scope: Type.Optional(Scope) },
  { additionalProperties: false, $id: 'PlanRequest', description: 'What is to be planned' },
)
export type PlanRequest = Static<typeof PlanRequest>

export const RiskView = Type.Object({
  code: Type.String({ description: 'The kind of risk' }),
  label: Type.String({ description: 'breaking, data-dependent, under load, test data' }),
  path: Type.Optional(Type.String({ description: 'The place that it is about; absent where it is about none' })),
  what: Type.String({ description: 'What changes' }),
  why: Type.String({ description: 'What may go wrong' }),
  safer: Type.String({ description: 'How the same is had with less risk' }),
  accepted: Type.Optional(Type.String({ description: 'The reason given in the file' })),
})
export type RiskView = Static<typeof RiskView>

export const PlanStepView = Type.Object({
  id: Type.String({ description: 'Stable within a plan, for example "user/1.0.1.3/migrate/merge.json"' }),
  kind: StepKind,
  collection: Type.Optional(Type.String({ description: 'Absent where a step is for all of them' })),
  version: Type.String({ description: 'Four parts; of enumerators their number' }),
  name: Type.String({ description: 'The step in words, for people' }),
  details: Type.Array(
    Type.Object({
      mark: Type.Union([Type.Literal('+'), Type.Literal('-'), Type.Literal('~')], {
        description: 'Added, removed, changed',
      }),
      text: Type.String({ description: 'In words' }),
      risk: Type.Optional(Type.String({ description: 'BC or MF' })),
    }),
    { description: 'What it changes, one by one' },
  ),
  before: Type.Optional(
    Type.String({
      description:
        'The validator before it, as text in declared order, for steps that set one; absent where there is none',
    }),
  ),
  after: Type.Optional(
    Type.String({ description: 'The validator after it, as text in declared order, for steps that set one' }),
  ),
  risks: Type.Array(RiskView, { description: 'What may go wrong with it' }),
  recovery: Type.Union([Type.Literal('observe'), Type.Literal('journal')], {
    description:
      'How a run that was cut off in it goes on: `observe` looks at what the database has, `journal` reads what the run wrote down',
  }),
  undo: Type.String({ description: 'How it could be undone, in words' }),
})
export type PlanStepView = Static<typeof PlanStepView>

/** Something that was checked before the first change. */
export const PlanCheck = Type.Object({
  name: Type.String({ description: 'What was checked' }),
  status: Type.Union([Type.Literal('passed'), Type.Literal('warned'), Type.Literal('failed')], {
    description: 'What came of it',
  }),
  text: Type.String({ description: 'In words' }),
})

export const PlanView = Type.Object(
  {
    id: Type.String({ description: 'By which it is read again' }),
    hash: Type.String({ description: 'Names the plan by its content: what is agreed on is this' }),
    made_at: Type.String({ description: 'ISO 8601 UTC' }),
    scope: Scope,
    database: Type.String({ description: 'Its name' }),
    server: Type.String({ description: 'Version and kind of the server' }),
    environment: Type.String({ description: 'ENVIRONMENT_NAME' }),
    summary: Type.String({ description: 'All of it in a sentence' }),
    refused: Type.Boolean({ description: 'Errors among the problems: nothing can be applied' }),
    collections: Type.Array(
      Type.Object({
        name: Type.String({ description: 'Of the collection' }),
        state: Type.String({ description: 'How the database stands to the repository' }),
        recorded: Type.Optional(
          Type.String({ description: 'Version in the database, four parts; absent where it has none' }),
        ),
        newest: Type.Optional(
          Type.String({ description: 'Version in the repository, four parts; absent where it has none' }),
        ),
        pending: Type.Array(Type.String(), { description: 'Versions that an apply brings, oldest first' }),
        drift: Type.Array(Type.String(), {
          description: 'In words, what the database has otherwise than its version says',
        }),
        documents: Type.Optional(
          Type.Integer({ description: 'Estimated by the server; absent where that is not known' }),
        ),
        step_ids: Type.Array(Type.String(), { description: 'Its steps, in order' }),
      }),
      { description: 'Those that it is about' },
    ),
    steps: Type.Array(PlanStepView, { description: 'Everything that is done, in order' }),
    checks: Type.Array(PlanCheck, { description: 'What was checked before the first change' }),
    problems: Type.Array(Problem, { description: 'What speaks against it, and what is worth knowing' }),
    open_risks: Type.Integer({ minimum: 0, description: 'Risks that no file accepts' }),
  },
  { $id: 'PlanView', description: 'A plan for a review: what would be done, what speaks against it, what was checked' },
)
export type PlanView = Static<typeof PlanView>
