import {
  cut,
  duplicatesText,
  failingText,
  FailureTally,
  keyValue,
  readIndexKeys,
  riskText,
  shortJson,
  type EvidenceQuestion,
  type UniqueQuestion,
  type ValidatorQuestion,
} from '@stage0/core'
import {
  ERRORS,
  ok,
  type CollectionEvidence,
  type EvidenceScan,
  type Result,
  type RunError,
  type UniqueEvidence,
  type ValidatorEvidence,
} from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { isFatal, type EvidenceInput } from './evidence-input.ts'

export interface Asking extends EvidenceInput {
  /** By the monotonic clock: nothing is asked after it. */
  readonly endMs: number
  /** Documents by collection, counted up to one more than the limit. */
  readonly totals: Map<string, number>
}

/** The answer to a question, with what it says of the risks of its step. */
export interface Answer {
  readonly validator?: ValidatorEvidence
  readonly unique?: UniqueEvidence
  readonly risks: CollectionEvidence['risks']
  readonly errors: readonly RunError[]
}

/** Asks the database; what it refuses becomes part of the answer. */
export async function answer(asking: Asking, question: EvidenceQuestion): Promise<Result<Answer, TargetError>> {
  const total = await totalOf(asking, question.collection)
  if (!total.ok) return isFatal(total.error) ? total : ok(refused(total.error))
  const found =
    question.kind === 'validator'
      ? await askValidator(asking, question, total.value)
      : await askUnique(asking, question, total.value)
  if (found.ok || isFatal(found.error)) return found
  return ok(refused(found.error))
}

const refused = ({ code, message, hint }: TargetError): Answer => ({
  risks: [],
  errors: [{ code, message: cut(message), ...(hint !== undefined && { hint }) }],
})

/** Once per collection: its steps ask about the same documents. */
async function totalOf(asking: Asking, collection: string): Promise<Result<Total, TargetError>> {
  const { target, observed, limits, totals, signal } = asking
  const known = totals.get(collection)
  if (known !== undefined) return ok(known)
  const maxMs = remainingMs(asking)
  if (maxMs < 1) return ok('time')
  const isSharded = observed.server.kind === 'sharded'
  const counted = await target.evidence.count({ collection, upTo: limits.documents + 1, isSharded, maxMs, signal })
  if (counted.ok && counted.value !== 'time') totals.set(collection, counted.value)
  return counted
}

/** Documents of a collection, unless the time was over before they were counted. */
type Total = number | 'time'

const remainingMs = ({ clock, endMs }: Asking): number => Math.floor(endMs - clock.monotonicMs())

/** What every query is bounded by; a limit that is not reached is not sent. */
const bounds = (asking: Asking, { collection, foreseen }: EvidenceQuestion, total: Total) => ({
  collection,
  stages: foreseen.isExact ? foreseen.stages : [],
  limit: total === 'time' || total > asking.limits.documents ? asking.limits.documents : undefined,
  maxMs: remainingMs(asking),
  signal: asking.signal,
})

function scanOf(
  asking: Asking,
  { foreseen }: EvidenceQuestion,
  total: Total,
  isFinished: boolean,
  atLeast = 0,
): EvidenceScan {
  const base = { basis: foreseen.basis, foreseen: foreseen.isExact }
  const { documents } = asking.limits
  if (!isFinished || total === 'time') return { ended: 'time', ...base }
  if (total > documents) return { ended: 'limit', checked: documents, ...base }
  // Others may have inserted documents since they were counted.
  const checked = Math.max(total, atLeast)
  return { ended: 'all', checked, total: checked, ...base }
}

async function askValidator(
  asking: Asking,
  question: ValidatorQuestion,
  total: Total,
): Promise<Result<Answer, TargetError>> {
  const { stepId, version, schema } = question
  const { limits, target } = asking
  const tally = new FailureTally(
    schema,
    limits.samples,
    question.risks.map(({ rules }) => rules),
  )
  const query = bounds(asking, question, total)
  const ended =
    query.maxMs < 1
      ? ok('time' as const)
      : await target.evidence.findFailing({ ...query, schema, onDocument: (document) => tally.add(document) })
  if (!ended.ok) return ended
  const failing = tally.documents
  const scan = scanOf(asking, question, total, ended.value === 'end', failing)
  const text = failingText({ scan, limitMs: limits.ms }, failing)
  const risks = question.risks.map(({ at, code, what }, i) => ({
    step_id: stepId,
    risk: at,
    what,
    text: riskText(code, { scan }, tally.group(i)),
  }))
  const validator = { step_id: stepId, version, text, scan, failing, rules: tally.rules(), samples: tally.samples() }
  return ok({ validator, risks, errors: unexplained(tally, version) })
}

/** Our reading of a rule and the server's may differ, above all of regular expressions: told, never passed over. */
function unexplained(tally: FailureTally, version: string): RunError[] {
  if (tally.unexplained === 0) return []
  const message = `Of the documents that fail the validator of ${version}, ${tally.unexplained} cannot be explained: the server refuses them by a rule that Stage0 reads differently or cannot read.`
  return [{ code: 'EVIDENCE_UNEXPLAINED', message, hint: ERRORS.EVIDENCE_UNEXPLAINED.fix }]
}

async function askUnique(asking: Asking, question: UniqueQuestion, total: Total): Promise<Result<Answer, TargetError>> {
  const { stepId, version, index } = question
  const { limits, target } = asking
  const keys = readIndexKeys(index)
  if (keys === undefined) {
    const message = `Duplicates under the unique index ${index.name} of ${version} were not looked for: its key is not one that a query can give.`
    const hint = ERRORS.EVIDENCE_KEY_UNKNOWN.fix
    return ok({ risks: [], errors: [{ code: 'EVIDENCE_KEY_UNKNOWN', message, hint }] })
  }
  const query = bounds(asking, question, total)
  const found =
    query.maxMs < 1
      ? ok('time' as const)
      : await target.evidence.findDuplicates({ ...query, keys, samples: limits.samples })
  if (!found.ok) return found
  const isFinished = found.value !== 'time'
  const duplicates = found.value === 'time' ? { keys: 0, documents: 0, samples: [] } : found.value
  const scan = scanOf(asking, question, total, isFinished)
  const unique: UniqueEvidence = {
    step_id: stepId,
    version,
    index: index.name,
    text: duplicatesText({ scan, limitMs: limits.ms }, duplicates),
    scan,
    keys: duplicates.keys,
    documents: duplicates.documents,
    samples: duplicates.samples.map(({ values, documents, ids }) => ({
      key: keys.paths.map((path, i) => ({ path, value: shortJson(keyValue(values[i] ?? null)) })),
      documents,
      ids: ids.map(shortJson),
    })),
  }
  const risks = question.risks.map(({ at, what }) => ({
    step_id: stepId,
    risk: at,
    what,
    text: riskText('MF', { scan }, duplicates.documents),
  }))
  return ok({ unique, risks, errors: [] })
}
