import type { Problem } from '@stage0/types'
import { didYouMean } from '../model/did-you-mean.ts'
import type { Observed } from './observed.ts'
import type { PlanOptions } from './options.ts'
import { planProblem } from './problem.ts'
import type { Wanted } from './wanted.ts'

/**
 * Outcomes that a person states and that nothing asks for. A step that no plan of the repository has is a slip of the pen, and an
 * error: what was meant stays open. A migration that there is may have been resolved by the first run of the same command.
 */
export function unusedOutcomes(wanted: Wanted, observed: Observed, options: PlanOptions): Problem[] {
  const stated = Object.keys(options.outcomes ?? {})
  if (stated.length === 0) return []
  const open = observed.journal
    .filter(({ stepId, state }) => state === 'intended' && stepId.includes('/migrate/'))
    .map(({ stepId }) => stepId)
  const known = new Set([...observed.journal.map(({ stepId }) => stepId), ...migrationSteps(wanted)])
  return stated
    .filter((id) => !open.includes(id))
    .map((id) =>
      known.has(id)
        ? planProblem('OUTCOME_UNUSED', 'warning', `no run was cut off in the step ${id}`)
        : planProblem('OUTCOME_STEP_UNKNOWN', 'error', `an outcome is stated for a step that there is not: ${id}`, {
            hint: wayOn(id, open),
          }),
    )
}

function wayOn(id: string, open: readonly string[]): string {
  if (open.length === 0) return 'No run was cut off in a migration: leave --resolve out.'
  const meant = didYouMean(id, open)
  return `${meant === undefined ? '' : `${meant} `}Steps whose outcome may be stated: ${open.join(', ')}.`
}

/** Ids of the migrations of the repository, as plans name them: the second use of a file in a version has its number. */
const migrationSteps = ({ collections }: Wanted): string[] =>
  collections.flatMap(({ name, versions }) =>
    versions.flatMap(({ version, migrations }) =>
      migrations.map(({ file }, i) => {
        const times = migrations.slice(0, i + 1).filter((one) => one.file === file).length
        return `${name}/${version}/migrate/${file}${times === 1 ? '' : `#${times}`}`
      }),
    ),
  )
