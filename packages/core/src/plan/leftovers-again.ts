import type { Problem } from '@stage0/types'
import { lookStep, ownMigrations, repeatable } from './migrations-leftovers.ts'
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
 * not forgotten by the next. It belongs to the last version that is pending, or to the recorded one where none is.
 *
 * Nothing is looked for where the rules are off, or where the collection or its version is not there to be held against.
 */
export function lookAgain(
  { name, recorded, actual, observed }: Known,
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly left: RememberedLeftovers | undefined; readonly told: Problem[] } {
  const left = observed.versions.find((one) => one.collection === name)?.leftovers
  const pending = recorded.pending.at(-1)
  const version = pending ?? recorded.version
  if (left === undefined || version === undefined || actual?.type !== 'collection') return { steps, left, told: [] }
  if (version.validation.level === 'off') return { steps, left, told: [] }
  const told = [remain(name, version, left)]
  if (pending === undefined) {
    const repeat = isAsApplied(name, version, observed) ? repeatable(ownMigrations(name, version, observed)) : []
    return { steps: [{ ...lookStep(name, version, repeat), again: true }], left, told }
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

/** Whether the migrations are those that ran: others must not touch what the version has made of the documents. */
function isAsApplied(name: string, { version, migrations }: WantedVersion, observed: Observed): boolean {
  const applied = observed.history.findLast((one) => one.collection === name && one.version === version)
  return applied !== undefined && migrations.every(({ hash }, at) => applied.migrations[at]?.hash === hash)
}
