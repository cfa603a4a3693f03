import type { Problem } from '@stage0/types'
import { lookStep } from './migrations-leftovers.ts'
import type { Observed, ObservedCollection, RememberedLeftovers } from './observed.ts'
import type { Step } from './plan.ts'
import { planProblem } from './problem.ts'
import type { Recorded } from './recorded.ts'
import type { WantedVersion } from './wanted.ts'

interface Known {
  readonly name: string
  readonly recorded: Recorded
  readonly actual: ObservedCollection | undefined
  readonly observed: Observed
}

/**
 * The look at the documents of a collection is planned again and again until it finds none that do not match: what one run left is
 * not forgotten by the next. It belongs to the last version that is pending, or to the recorded one where none is. It only counts:
 * since the migration others may have gone on with the documents, and what they wrote is theirs.
 *
 * Nothing is looked for where the rules are or will be off, or where the collection or its version is not there to be held against.
 *
 * @returns `left`: what is remembered, where there is a collection that it can be true of, and rules that it speaks of.
 */
export function lookAgain(
  { name, recorded, actual, observed }: Known,
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly left: RememberedLeftovers | undefined; readonly told: Problem[] } {
  const record = observed.versions.find((one) => one.collection === name)
  const left = record?.leftovers
  const isMoot = actual?.type !== 'collection' || recorded.version?.validation.level === 'off'
  if (left === undefined || record?.current === undefined || isMoot) return { steps, left: undefined, told: [] }
  const pending = recorded.pending.at(-1)
  const version = pending ?? recorded.version
  if (version === undefined || version.validation.level === 'off') return { steps, left, told: [] }
  const told = [remain(name, version, left)]
  if (pending === undefined) {
    const again = { current: record.current, runId: left.runId }
    return { steps: [{ ...lookStep(name, version, []), again }], left, told }
  }
  const looks = steps.some((step) => step.kind === 'findLeftovers' && step.version === version.version)
  if (looks) return { steps, left, told }
  return { steps: [...steps.slice(0, -1), lookStep(name, version, []), ...steps.slice(-1)], left, told }
}

function remain(name: string, version: WantedVersion, { count, runId }: RememberedLeftovers): Problem {
  const documents = count === 1 ? '1 document' : `${count} documents`
  const text = `${documents} of ${name} did not match the validator when run ${runId} looked; the plan looks again`
  const hint = `stage0 history ${runId} tells what the run found, and names the first of them unless EVIDENCE_SAMPLES was 0. Correct them, and change what still writes the old shape.`
  return planProblem('LEFTOVERS_REMAIN', 'notice', text, { source: version.source, hint })
}
