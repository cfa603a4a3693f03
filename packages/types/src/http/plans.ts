import { Type, type Static } from 'typebox'
import { Problem } from '../problem.ts'
import { StepKind } from '../run-event.ts'

/** What a plan or a run is about. Everything is optional: without a field, all of it. */
export const Scope = Type.Object(
  {
    collections: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 1000, uniqueItems: true }),
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
  { additionalProperties: false },
)
export type Scope = Static<typeof Scope>

export const PlanRequest = Type.Object(
  { scope: Type.Optional(Scope) },
  { additionalProperties: false, $id: 'PlanRequest' },
)
export type PlanRequest = Static<typeof PlanRequest>

export const RiskView = Type.Object({
  code: Type.String(),
  label: Type.String({ description: 'breaking, data-dependent, under load, test data' }),
  path: Type.Optional(Type.String()),
  what: Type.String(),
  why: Type.String(),
  safer: Type.String(),
  accepted: Type.Optional(Type.String({ description: 'The reason given in the file' })),
})
export type RiskView = Static<typeof RiskView>

export const PlanStepView = Type.Object({
  id: Type.String(),
  kind: StepKind,
  collection: Type.Optional(Type.String()),
  version: Type.String(),
  name: Type.String(),
  details: Type.Array(
    Type.Object({
      mark: Type.Union([Type.Literal('+'), Type.Literal('-'), Type.Literal('~')]),
      text: Type.String(),
      risk: Type.Optional(Type.String({ description: 'BC or MF' })),
    }),
  ),
  /** The validator before and after, as text in declared order, for `setValidator`. */
  before: Type.Optional(Type.String()),
  after: Type.Optional(Type.String()),
  risks: Type.Array(RiskView),
  recovery: Type.Union([Type.Literal('observe'), Type.Literal('journal')]),
  undo: Type.String(),
})
export type PlanStepView = Static<typeof PlanStepView>

/** Something that was checked before the first change. */
export const PlanCheck = Type.Object({
  name: Type.String(),
  status: Type.Union([Type.Literal('passed'), Type.Literal('warned'), Type.Literal('failed')]),
  text: Type.String(),
})

export const PlanView = Type.Object(
  {
    id: Type.String(),
    hash: Type.String(),
    made_at: Type.String(),
    scope: Scope,
    database: Type.String(),
    server: Type.String(),
    environment: Type.String(),
    summary: Type.String(),
    refused: Type.Boolean({ description: 'Errors among the problems: nothing can be applied' }),
    collections: Type.Array(
      Type.Object({
        name: Type.String(),
        state: Type.String(),
        recorded: Type.Optional(Type.String()),
        newest: Type.Optional(Type.String()),
        pending: Type.Array(Type.String()),
        drift: Type.Array(Type.String()),
        documents: Type.Optional(Type.Integer()),
        step_ids: Type.Array(Type.String()),
      }),
    ),
    steps: Type.Array(PlanStepView),
    checks: Type.Array(PlanCheck),
    problems: Type.Array(Problem),
    open_risks: Type.Integer({ minimum: 0 }),
  },
  { $id: 'PlanView' },
)
export type PlanView = Static<typeof PlanView>
