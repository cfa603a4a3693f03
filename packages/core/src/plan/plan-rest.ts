import type { SavedPlan, SavedStep } from './saved-plan.ts'

/**
 * Whether `now` is what is left of `agreed` after a run of it was cut off: for the same repository, database and settings, only
 * steps of `agreed`, in its order, each making the same of the database. What is left of a step that builds several indexes may be
 * some of them. A look for leftovers may be added where `agreed` has steps of the version: it belongs to what they do.
 */
export function isRestOf(now: SavedPlan, agreed: SavedPlan): boolean {
  const isSameCase =
    now.wantedHash === agreed.wantedHash &&
    now.database === agreed.database &&
    now.server === agreed.server &&
    now.environment === agreed.environment &&
    now.loadTestData === agreed.loadTestData
  if (!isSameCase) return false
  let at = 0
  for (const step of now.steps) {
    if (isLookOf(step, agreed)) continue
    const found = agreed.steps.findIndex((one, i) => i >= at && one.id === step.id)
    const same = agreed.steps[found]
    if (same === undefined || !isPartOf(step, same)) return false
    at = found + 1
  }
  return true
}

const isLookOf = ({ kind, collection, version }: SavedStep, agreed: SavedPlan): boolean =>
  kind === 'findLeftovers' && agreed.steps.some((one) => one.collection === collection && one.version === version)

/** Whether a step does what the other one does, or a part of it. */
export const isPartOf = (step: SavedStep, whole: SavedStep): boolean =>
  step.deed === whole.deed && step.parts.every((one) => whole.parts.includes(one))
