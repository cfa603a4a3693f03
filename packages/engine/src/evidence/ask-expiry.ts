import { EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { expiryRiskText, expiryText, type ExpiryQuestion } from '@stage0/core'
import { ok, type ExpiryEvidence, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { Answer } from './answer.ts'
import { bounds, scanOf, type Asking, type Total } from './asking.ts'

/** How many documents an index with a time to live deletes as soon as it is there. */
export async function askExpiry(
  asking: Asking,
  question: ExpiryQuestion,
  total: Total,
): Promise<Result<Answer, TargetError>> {
  const { stepId, version, index, path, seconds } = question
  const query = bounds(asking, question, total)
  const { options } = index
  const partialFilter = docOf(options.get('partialFilterExpression'))
  const collation = docOf(options.get('collation'))
  const found =
    query.maxMs < 1
      ? ok('time' as const)
      : await asking.target.evidence.countExpired({ ...query, path, seconds, partialFilter, collation })
  if (!found.ok) return found
  const documents = found.value === 'time' ? 0 : found.value
  const scan = scanOf(asking, question, total, found.value !== 'time', documents)
  const text = expiryText({ scan, limitMs: asking.limits.ms }, { documents, path, seconds })
  const expiry: ExpiryEvidence = { step_id: stepId, version, index: index.name, text, scan, path, seconds, documents }
  const risk = expiryRiskText({ scan }, { documents, path, seconds })
  const risks = question.risks.map(({ at, what }) => ({ step_id: stepId, risk: at, what, text: risk }))
  return ok({ expiry, risks, errors: [] })
}

const docOf = (value: Value | undefined): Doc => (isDoc(value) ? value : EMPTY_DOC)
