import type { Doc } from '@stage0/bson-schema'
import type { Observed } from '../plan/observed.ts'
import { secondsOf } from '../plan/index-form-in-place.ts'
import type { Plan, RiskCode, Step } from '../plan/plan.ts'
import type { IndexSpec } from '../plan/wanted.ts'
import { foresee, type Foreseen } from './foresee.ts'
import { rulesBehind } from './risk-rules.ts'
import type { SchemaRule } from './rules.ts'

interface QuestionBase {
  readonly collection: string
  readonly stepId: string
  readonly version: string
  readonly foreseen: Foreseen
  /** By the server's statistics: the smaller ones are asked first. */
  readonly documents: number
}

/** Which documents would not match a validator? */
export interface ValidatorQuestion extends QuestionBase {
  readonly kind: 'validator'
  readonly schema: Doc
  /** Risks of the step that depend on the data, with the rules that documents would break. */
  readonly risks: readonly {
    readonly at: number
    readonly code: string
    readonly what: string
    readonly rules: (rule: SchemaRule) => boolean
  }[]
}

/** Which documents share a key of a unique index? */
export interface UniqueQuestion extends QuestionBase {
  readonly kind: 'unique'
  readonly index: IndexSpec
  /** Positions of the risks of the step that the answer belongs to. */
  readonly risks: readonly { readonly at: number; readonly what: string }[]
}

/** Which documents would an index delete as soon as it is there? */
export interface ExpiryQuestion extends QuestionBase {
  readonly kind: 'expiry'
  readonly index: IndexSpec
  /** The field that holds the date. */
  readonly path: string
  /** A document is deleted so long after its date. */
  readonly seconds: number
  /** Positions of the risks of the step that the answer belongs to. */
  readonly risks: readonly { readonly at: number; readonly what: string }[]
}

export type EvidenceQuestion = ValidatorQuestion | UniqueQuestion | ExpiryQuestion

/**
 * What a plan should be told about the data that is there: one question per validator, unique index and index that deletes, in the
 * order of the steps.
 */
export function evidenceQuestions(plan: Plan, observed: Observed): readonly EvidenceQuestion[] {
  const existing = new Map(
    observed.collections.filter(({ type }) => type === 'collection').map((one) => [one.name, one.estimatedDocuments]),
  )
  return plan.steps.flatMap((step, at): EvidenceQuestion[] => {
    const documents = existing.get(step.collection)
    if (documents === undefined) return []
    const foreseen = (): Foreseen => foresee(step.collection, plan.steps.slice(0, at))
    const base = { collection: step.collection, stepId: step.id, version: step.version, documents }
    if (step.kind === 'setValidator') {
      return [{ ...base, kind: 'validator', schema: step.schema, foreseen: foreseen(), risks: validatorRisks(step) }]
    }
    const uniques = uniqueIndexes(step).map((index): UniqueQuestion => {
      return { ...base, kind: 'unique', index, foreseen: foreseen(), risks: indexRisks(step, 'MF', index) }
    })
    const expiries = expiringIndexes(step).map((one): ExpiryQuestion => {
      return { ...base, ...one, kind: 'expiry', foreseen: foreseen(), risks: indexRisks(step, 'DS', one.index) }
    })
    // A time to live that grows is no risk: it spares documents.
    return [...uniques, ...expiries.filter(({ risks }) => risks.length > 0)]
  })
}

type SetValidator = Extract<Step, { kind: 'setValidator' }>

/** Risks of a validator are made from its changes, so that path and words of a change find its risk. */
function validatorRisks({ risks, changes }: SetValidator): ValidatorQuestion['risks'] {
  return risks.flatMap(({ code, path, what }, at) => {
    const change = changes.find((one) => one.risk === code && one.path === path && what.endsWith(`: ${one.what}`))
    if (change === undefined) return []
    // What breaks readers has no rule that documents could break, unless a type changed.
    if (code !== 'MF' && !/^(bsonType|type) is /.test(change.what)) return []
    return [{ at, code, what, rules: rulesBehind(change) }]
  })
}

function uniqueIndexes(step: Step): readonly IndexSpec[] {
  if (step.kind === 'buildIndexes') return step.indexes.filter(({ options }) => options.get('unique') === true)
  return step.kind === 'changeIndex' && step.change.unique === true ? [step.index] : []
}

/**
 * Indexes with a time to live that a step brings or changes. One over several fields deletes nothing. Source: manual, TTL indexes.
 */
function expiringIndexes(step: Step): readonly Pick<ExpiryQuestion, 'index' | 'path' | 'seconds'>[] {
  const indexes =
    step.kind === 'buildIndexes'
      ? step.indexes
      : step.kind === 'changeIndex' && step.change.expireAfterSeconds !== undefined
        ? [step.index]
        : []
  return indexes.flatMap((index) => {
    const seconds = secondsOf(index.options.get('expireAfterSeconds'))
    const [path] = index.key.keys
    return seconds === undefined || path === undefined || index.key.size > 1 ? [] : [{ index, path, seconds }]
  })
}

const indexRisks = (step: Step, risk: RiskCode, { name }: IndexSpec): UniqueQuestion['risks'] =>
  step.risks.flatMap(({ code, path, what }, at) => (code === risk && path === name ? [{ at, what }] : []))
