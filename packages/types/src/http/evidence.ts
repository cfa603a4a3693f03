import { Type, type Static } from 'typebox'
import { RunError } from '../run-event.ts'

/** Which documents a question was asked of, and whether it came to its end. */
const EvidenceScan = Type.Object({
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
})
export type EvidenceScan = Static<typeof EvidenceScan>

const EvidenceViolation = Type.Object({
  path: Type.String({ description: 'The place in the document, with array positions; empty for the document itself' }),
  rule: Type.String({ description: 'The keyword that is not satisfied' }),
  expected: Type.Optional(Type.String()),
  actual: Type.Optional(Type.String({ description: 'The value with its BSON type, cut to a bounded length' })),
  description: Type.Optional(Type.String({ description: 'From the schema' })),
})
export type EvidenceViolation = Static<typeof EvidenceViolation>

const EvidenceSample = Type.Object({
  id: Type.String({ description: 'The `_id` as Extended JSON, cut to a bounded length' }),
  violations: Type.Array(EvidenceViolation),
  more: Type.Integer({ minimum: 0, description: 'Violations that are not listed' }),
})
export type EvidenceSample = Static<typeof EvidenceSample>

const EvidenceRule = Type.Object({
  path: Type.String({ description: 'As in the changes of a plan: "profile.name", "tags[]"' }),
  keyword: Type.String(),
  expected: Type.String(),
  documents: Type.Integer({ minimum: 1, description: 'Failing documents that do not satisfy this rule' }),
})
export type EvidenceRule = Static<typeof EvidenceRule>

const ValidatorEvidence = Type.Object({
  step_id: Type.String(),
  version: Type.String(),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  failing: Type.Integer({ minimum: 0 }),
  rules: Type.Array(EvidenceRule, {
    description: 'Most documents first. A document may be counted under several rules',
  }),
  samples: Type.Array(EvidenceSample),
})
export type ValidatorEvidence = Static<typeof ValidatorEvidence>

const DuplicateSample = Type.Object({
  key: Type.Array(Type.Object({ path: Type.String(), value: Type.String() })),
  documents: Type.Integer({ minimum: 2 }),
  ids: Type.Array(Type.String(), {
    description: 'The least and the greatest `_id` of the documents that share the key',
  }),
})
export type DuplicateSample = Static<typeof DuplicateSample>

const UniqueEvidence = Type.Object({
  step_id: Type.String(),
  version: Type.String(),
  index: Type.String(),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  keys: Type.Integer({ minimum: 0, description: 'Keys that several documents have' }),
  documents: Type.Integer({
    minimum: 0,
    description: 'Documents under these keys; one with several of them (arrays) counts once for each',
  }),
  samples: Type.Array(DuplicateSample),
})
export type UniqueEvidence = Static<typeof UniqueEvidence>

const ExpiryEvidence = Type.Object({
  step_id: Type.String(),
  version: Type.String(),
  index: Type.String(),
  text: Type.String({ description: 'The result as a sentence' }),
  scan: EvidenceScan,
  path: Type.String({ description: 'The field whose date counts' }),
  seconds: Type.Number({ minimum: 0, description: 'Time to live' }),
  documents: Type.Integer({ minimum: 0, description: 'Documents that the index would delete as soon as it is there' }),
})
export type ExpiryEvidence = Static<typeof ExpiryEvidence>

const CollectionSize = Type.Object({
  documents: Type.Integer({ minimum: 0, description: "By the server's statistics, which may lag behind" }),
  bytes: Type.Integer({ minimum: 0, description: 'Of the documents, not compressed' }),
  storage_bytes: Type.Integer({ minimum: 0 }),
  index_bytes: Type.Integer({ minimum: 0 }),
})
export type CollectionSize = Static<typeof CollectionSize>

const CollectionEvidence = Type.Object({
  name: Type.String(),
  size: Type.Optional(CollectionSize),
  validators: Type.Array(ValidatorEvidence),
  uniques: Type.Array(UniqueEvidence),
  expiries: Type.Array(ExpiryEvidence),
  work: Type.Array(Type.Object({ step_id: Type.String(), text: Type.String() })),
  risks: Type.Array(
    Type.Object({
      step_id: Type.String(),
      risk: Type.Integer({ minimum: 0, description: 'Position among the risks of the step' }),
      what: Type.String({ description: 'The risk' }),
      text: Type.String({ description: 'What it amounts to: "MF: 312 documents"' }),
    }),
  ),
  errors: Type.Array(RunError, { description: 'What could not be found out, and why' }),
})
export type CollectionEvidence = Static<typeof CollectionEvidence>

/** What the real data says about a plan, as of a moment. Outside of the plan and its hash. */
export const PlanEvidence = Type.Object(
  {
    plan_hash: Type.String(),
    at: Type.String({ description: 'When it was gathered: ISO 8601 UTC' }),
    took_ms: Type.Integer({ minimum: 0 }),
    limits: Type.Object({
      ms: Type.Integer({ minimum: 1 }),
      documents: Type.Integer({ minimum: 1 }),
      samples: Type.Integer({ minimum: 0 }),
    }),
    collections: Type.Array(CollectionEvidence, { description: 'Those that exist and that the plan has steps for' }),
  },
  { $id: 'PlanEvidence' },
)
export type PlanEvidence = Static<typeof PlanEvidence>

/** The documents are still being looked at: ask again. */
export const EvidencePending = Type.Object(
  { plan_hash: Type.String(), gathering: Type.Literal(true) },
  { $id: 'EvidencePending' },
)
export type EvidencePending = Static<typeof EvidencePending>
