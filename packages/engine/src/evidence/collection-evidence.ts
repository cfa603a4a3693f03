import { workText, type Plan } from '@stage0/core'
import type { CollectionEvidence, CollectionSize, Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { Answer } from './answer.ts'

/** What was found out about one collection, in the order of its steps. */
export function collectionEvidence(
  plan: Plan,
  name: string,
  size: Result<CollectionSize | undefined, TargetError>,
  answers: readonly Answer[],
): CollectionEvidence {
  const known = size.ok ? size.value : undefined
  const work = plan.steps
    .filter(({ collection }) => collection === name)
    .flatMap((step) => {
      const text = known === undefined ? undefined : workText(step, known)
      return text === undefined ? [] : [{ step_id: step.id, text }]
    })
  const untold = size.ok ? [] : [{ code: size.error.code, message: size.error.message }]
  return {
    name,
    ...(known !== undefined && { size: known }),
    validators: answers.flatMap(({ validator }) => validator ?? []),
    uniques: answers.flatMap(({ unique }) => unique ?? []),
    expiries: answers.flatMap(({ expiry }) => expiry ?? []),
    work,
    risks: answers.flatMap(({ risks }) => risks),
    errors: [...untold, ...answers.flatMap(({ errors }) => errors)],
  }
}
