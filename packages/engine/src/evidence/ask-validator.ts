import { failingText, FailureTally, riskText, type ValidatorQuestion } from '@stage0/core'
import { ERRORS, ok, type Result, type RunError } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { Answer } from './answer.ts'
import { bounds, scanOf, type Asking, type Total } from './asking.ts'

/** Which documents would fail a validator, by rule, with samples. */
export async function askValidator(
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
