import type { Plan, StepOf } from '@stage0/core'
import { err, ok, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { FoundLeftovers } from '../range-port.ts'
import type { StepContext, StepOutcome } from './execute-step.ts'
import { lockLost } from './lock-keeper.ts'

/** More than these are not stored with a run. */
export const MOST_SAMPLES = 20

/**
 * Looks for documents that the validator of the version refuses. What is found is told and does not fail the step; it is
 * remembered in the record of the version, which is written at once where it is there already, else at its own step.
 */
export async function findLeftovers(
  step: StepOf<'findLeftovers'>,
  { target, runId, token, signal, isLeaseOver, samples: limit, leftovers }: StepContext,
): Promise<Result<StepOutcome, TargetError>> {
  if (isLeaseOver()) return err(lockLost())
  const { collection, schema, repeat } = step
  const comment = `stage0 run ${runId} token ${token} step ${step.id}`
  const found = await target.findLeftovers({ collection, schema, repeat, limit, comment, signal })
  if (!found.ok) return found
  const { count, samples } = found.value
  if (step.again !== undefined) {
    if (isLeaseOver()) return err(lockLost())
    const left = count === 0 ? undefined : { count, runId }
    const recorded = await target.recordLeftovers(collection, step.again, left, signal)
    if (!recorded.ok) return recorded
  }
  leftovers.set(collection, count)
  const detail = inWords(found.value)
  return ok({ status: 'succeeded', detail, ...(count > 0 && { leftovers: { count, samples: [...samples] } }) })
}

function inWords({ count, repeated, refused }: FoundLeftovers): string {
  const again = repeated === 0 ? '' : `${documents(repeated)} migrated once more; `
  const why = refused === undefined ? '' : `. ${refused}`
  return `${again}${count === 0 ? 'all documents match' : `${documents(count)} ${count === 1 ? 'does' : 'do'} not match`}${why}`
}

const documents = (count: number): string => `${count} ${count === 1 ? 'document' : 'documents'}`

/**
 * Why a run did not end with `succeeded` although every step did. Honest about what is not known: a document does not say when it
 * got its shape.
 */
export function leftoversFound(
  counts: ReadonlyMap<string, number>,
  {
    plan,
    samples = MOST_SAMPLES,
  }: { readonly plan: Pick<Plan, 'steps' | 'collections'>; readonly samples?: number | undefined },
): TargetError {
  const found = [...counts].map(([collection, count]) => `${documents(count)} of ${collection}`)
  return {
    code: 'LEFTOVERS_FOUND',
    kind: 'refused',
    message: `Everything is done, but ${found.join(', ')} ${found.length === 1 && [...counts.values()][0] === 1 ? 'does' : 'do'} not match the validator. ${originOf(counts, plan)}`,
    detail: Object.fromEntries(counts),
    hint:
      samples > 0
        ? 'Look at the samples of the step, correct the documents, and change what still writes the old shape.'
        : 'Correct the documents, and change what still writes the old shape. With EVIDENCE_SAMPLES above 0 the next run names the first of them.',
  }
}

/** Where an earlier run found some already and this one migrates nothing, no migration of it has met others that write. */
function originOf(counts: ReadonlyMap<string, number>, plan: Pick<Plan, 'steps' | 'collections'>): string {
  const migrated = new Set(plan.steps.flatMap((step) => (step.kind === 'migrate' ? [step.target] : [])))
  const remembered = plan.collections.filter(({ leftovers }) => leftovers !== undefined).map(({ name }) => name)
  return [...counts.keys()].every((name) => remembered.includes(name) && !migrated.has(name))
    ? 'An earlier run found some there too: they have not been corrected since, or others have written more.'
    : 'Others may have written them in the old shape while the migration ran; or they did not match before, and the migration was not to change that.'
}
