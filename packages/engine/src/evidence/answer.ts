import { cut, type EvidenceQuestion } from '@stage0/core'
import {
  ok,
  type CollectionEvidence,
  type ExpiryEvidence,
  type Result,
  type RunError,
  type UniqueEvidence,
  type ValidatorEvidence,
} from '@stage0/types'
import type { TargetError } from '../ports.ts'
import { askExpiry } from './ask-expiry.ts'
import { askUnique } from './ask-unique.ts'
import { askValidator } from './ask-validator.ts'
import { totalOf, type Asking } from './asking.ts'
import { isFatal } from './evidence-input.ts'
import type { KnownDuplicates } from './search-duplicates.ts'

/** The answer to a question, with what it says of the risks of its step. */
export interface Answer {
  readonly validator?: ValidatorEvidence
  readonly unique?: UniqueEvidence
  readonly expiry?: ExpiryEvidence
  readonly risks: CollectionEvidence['risks']
  readonly errors: readonly RunError[]
}

/** Asks the database; what it refuses becomes part of the answer. */
export async function answer(
  asking: Asking,
  question: EvidenceQuestion,
  known: KnownDuplicates | undefined,
): Promise<Result<Answer, TargetError>> {
  const found = await ask(asking, question, known)
  if (found.ok || isFatal(found.error)) return found
  return ok(refused(found.error))
}

async function ask(
  asking: Asking,
  question: EvidenceQuestion,
  known: KnownDuplicates | undefined,
): Promise<Result<Answer, TargetError>> {
  if (question.kind === 'unique') return askUnique(asking, question, known)
  const total = await totalOf(asking, question.collection)
  if (!total.ok) return total
  return question.kind === 'validator'
    ? askValidator(asking, question, total.value)
    : askExpiry(asking, question, total.value)
}

const refused = ({ code, message, hint }: TargetError): Answer => ({
  risks: [],
  errors: [{ code, message: cut(message), ...(hint !== undefined && { hint }) }],
})
