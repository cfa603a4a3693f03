import { Type, type Static } from 'typebox'
import { RunError } from '../run-event.ts'

const EvidenceScan = Type.Object(
  {
    ended: Type.Union([Type.Literal('all'), Type.Literal('limit'), Type.Literal('time')], {
      description:
        'all: every document was looked at; limit: only as many as the limit allows; time: it was cut off, the figures are what was found until then',
    }),
    checked: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Documents that were looked at; absent where the time ran out' }),
    ),
    total: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Documents of the collection; absent beyond the limit' }),
    ),
    basis: Type.String({
      description: 'In words: as stored, after which migrations, or before one that is not foreseen',
    }),
    foreseen: Type.Boolean({
      description:
        'Whether the documents are as they will be when the step runs; false: before a migration whose effect is not known',
    }),
  },
  { description: 'Which documents were looked at, and how far' },
)
export type EvidenceScan = Static<typeof EvidenceScan>

const EvidenceViolation = Type.Object({
  path: Type.String({ description: 'The place in the document, with array positions; empty for the document itself' }),
  rule: Type.String({ description: 'The keyword that is not satisfied' }),
  expected: Type.Optional(Type.String({ description: 'What the rule asks for' })),
  actual: Type.Optional(Type.String({ description: 'The value with its BSON type, cut to a bounded length' })),
  description: Type.Optional(Type.String({ description: 'From the schema' })),
})
export type EvidenceViolation = Static<typeof EvidenceViolation>

const EvidenceSample = Type.Object({
  id: Type.String({ description: 'The `_id` as Extended JSON, cut to a bounded length' }),
  violations: Type.Array(EvidenceViolation, { description: 'The rules that it does not satisfy' }),
  more: Type.Integer({ minimum: 0, description: 'Violations that are not listed' }),
})
export type EvidenceSample = Static<typeof EvidenceSample>

const EvidenceRule = Type.Object({
  path: Type.String({ description: 'As in the changes of a plan: "profile.name", "tags[]"' }),
  keyword: Type.String({ description: 'The keyword of the schema' }),
  expected: Type.String({ description: 'What the rule asks for' }),
  documents: Type.Integer({ minimum: 1, description: 'Failing documents that do not satisfy this rule' }),
})
export type EvidenceRule = Static<typeof EvidenceRule>

const ValidatorEvidence = Type.Object({
  step_id: Type.String({ description: 'The step that sets the validator' }),
  version: Type.String({ description: 'Four parts' }),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  failing: Type.Integer({ minimum: 0, description: 'Documents that the validator would refuse' }),
  rules: Type.Array(EvidenceRule, {
    description: 'Most documents first. A document may be counted under several rules',
  }),
  samples: Type.Array(EvidenceSample, { description: 'Some of them' }),
})
export type ValidatorEvidence = Static<typeof ValidatorEvidence>

const DuplicateSample = Type.Object({
  key: Type.Array(
    Type.Object({
      path: Type.String({ description: 'The field' }),
      value: Type.String({ description: 'Its value as Extended JSON, cut to a bounded length' }),
    }),
    { description: 'The key that they share' },
  ),
  documents: Type.Integer({ minimum: 2, description: 'How many share it' }),
  ids: Type.Array(Type.String(), {
    description: 'The least and the greatest `_id` of the documents that share the key',
  }),
})
export type DuplicateSample = Static<typeof DuplicateSample>

const UniqueEvidence = Type.Object({
  step_id: Type.String({ description: 'The step that builds the index' }),
  version: Type.String({ description: 'Four parts' }),
  index: Type.String({ description: 'Its name' }),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  keys: Type.Integer({ minimum: 0, description: 'Keys that several documents have' }),
  documents: Type.Integer({
    minimum: 0,
    description: 'Documents under these keys; one with several of them (arrays) counts once for each',
  }),
  samples: Type.Array(DuplicateSample, { description: 'Some of the keys' }),
})
export type UniqueEvidence = Static<typeof UniqueEvidence>

const ExpiryEvidence = Type.Object({
  step_id: Type.String({ description: 'The step that builds the index' }),
  version: Type.String({ description: 'Four parts' }),
  index: Type.String({ description: 'Its name' }),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  path: Type.String({ description: 'The field whose date counts' }),
  seconds: Type.Number({ minimum: 0, description: 'Time to live' }),
  documents: Type.Integer({ minimum: 0, description: 'Documents that the index would delete as soon as it is there' }),
})
export type ExpiryEvidence = Static<typeof ExpiryEvidence>

const CollectionSize = Type.Object(
  {
    documents: Type.Integer({ minimum: 0, description: "By the server's statistics, which may lag behind" }),
    bytes: Type.Integer({ minimum: 0, description: 'Of the documents, not compressed' }),
    storage_bytes: Type.Integer({ minimum: 0, description: 'Of the documents, as stored' }),
    index_bytes: Type.Integer({ minimum: 0, description: 'Of all its indexes' }),
  },
  { description: 'How large it is' },
)
export type CollectionSize = Static<typeof CollectionSize>

const CollectionEvidence = Type.Object({
  name: Type.String({ description: 'Of the collection' }),
  size: Type.Optional(CollectionSize),
  validators: Type.Array(ValidatorEvidence, { description: 'What validators would refuse' }),
  uniques: Type.Array(UniqueEvidence, {
    description: 'Keys that several documents share, where an index is to be unique',
  }),
  expiries: Type.Array(ExpiryEvidence, { description: 'What indexes with a time to live would delete' }),
  work: Type.Array(
    Type.Object({ step_id: Type.String({ description: 'The step' }), text: Type.String({ description: 'In words' }) }),
    { description: 'How much there is to do' },
  ),
  risks: Type.Array(
    Type.Object({
      step_id: Type.String({ description: 'The step that has it' }),
      risk: Type.Integer({ minimum: 0, description: 'Position among the risks of the step' }),
      what: Type.String({ description: 'The risk' }),
      text: Type.String({ description: 'What it amounts to: "MF: 312 documents"' }),
    }),
    { description: 'What the risks of its steps amount to' },
  ),
  errors: Type.Array(RunError, { description: 'What could not be found out, and why' }),
})
export type CollectionEvidence = Static<typeof CollectionEvidence>

export const PlanEvidence = Type.Object(
  {
    plan_hash: Type.String({ description: 'Names the plan by its content' }),
    at: Type.String({ description: 'When it was gathered: ISO 8601 UTC' }),
    took_ms: Type.Integer({ minimum: 0, description: 'Milliseconds that it took' }),
    limits: Type.Object(
      {
        ms: Type.Integer({ minimum: 1, description: 'Milliseconds for all of it' }),
        documents: Type.Integer({ minimum: 1, description: 'Documents of each collection' }),
        samples: Type.Integer({ minimum: 0, description: 'Samples of each finding' }),
      },
      { description: 'How far it was to look' },
    ),
    collections: Type.Array(CollectionEvidence, { description: 'Those that exist and that the plan has steps for' }),
  },
  {
    $id: 'PlanEvidence',
    description: 'What the stored documents say about a plan, as of a moment; not part of the plan and its hash',
  },
)
export type PlanEvidence = Static<typeof PlanEvidence>

export const EvidencePending = Type.Object(
  {
    plan_hash: Type.String({ description: 'Names the plan by its content' }),
    gathering: Type.Literal(true, { description: 'It is not done yet' }),
  },
  { $id: 'EvidencePending', description: 'The documents are still being looked at: ask again' },
)
export type EvidencePending = Static<typeof EvidencePending>
