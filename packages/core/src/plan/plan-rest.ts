import type { Observed } from './observed.ts'
import { isExpected } from './saved-before.ts'
import type { SavedPlan, SavedRisk, SavedStep } from './saved-plan.ts'

/**
 * Whether `now` is what is left of `agreed` after a run of it was cut off: for the same repository, database and settings, only
 * steps of `agreed`, in its order, each making the same of the database, meeting what it was to meet there, and with no risk that it
 * did not have. What is left of a step that builds several indexes may be some of them, and of one that changes an index, some of its
 * changes. A look for leftovers may be added where `agreed` has steps of the version: it belongs to what they do.
 *
 * @param observed What `now` was planned from.
 */
export function isRestOf(now: SavedPlan, agreed: SavedPlan, observed: Observed): boolean {
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
    // What is left of the changes of an index may have another place among the steps of its version: only what hides it waits.
    const moves = step.kind === 'changeIndex'
    const found = agreed.steps.findIndex((one, i) => (i >= at || moves) && one.id === step.id)
    const same = agreed.steps[found]
    if (same === undefined || !isPartOf(step, same) || !goesOn(step, same)) return false
    if (newRisks(step, same).length > 0 && !isMadeBy(agreed, step.target ?? step.collection, observed)) return false
    if (!moves) at = found + 1
  }
  return true
}

const isLookOf = ({ kind, collection, version }: SavedStep, agreed: SavedPlan): boolean =>
  kind === 'findLeftovers' && agreed.steps.some((one) => one.collection === collection && one.version === version)

/** Whether a step does what the other one does, or a part of it. */
export const isPartOf = (step: SavedStep, whole: SavedStep): boolean =>
  step.deed === whole.deed &&
  step.parts.every((one) => whole.parts.includes(one)) &&
  isExpected(step.before, whole.before)

/** Whether a migration does not begin before the place where it was to go on: it would meet its own work. */
export const goesOn = (now: SavedStep, agreed: SavedStep): boolean => now.ranges >= agreed.ranges

/** Risks that a step did not have when it was agreed to. */
export const newRisks = (now: SavedStep, agreed: SavedStep): readonly SavedRisk[] =>
  now.risks.filter(({ code, path }) => !agreed.risks.some((one) => one.code === code && one.path === path))

/**
 * Whether the collection was not there when the plan was agreed to, and holds nothing but what the plan brings: then its steps have
 * risks now, like those of every collection that is there. One that others have filled meanwhile does not count.
 */
function isMadeBy(agreed: SavedPlan, name: string, { collections, journal, versions }: Observed): boolean {
  if (!agreed.steps.some((one) => one.kind === 'createCollection' && one.collection === name)) return false
  if (collections.some((one) => one.name === name && one.estimatedDocuments === 0)) return true
  // Recorded, or begun by a step that comes after its creation.
  if (versions.some((one) => one.collection === name)) return true
  const writers = agreed.steps.filter((one) => (one.target ?? one.collection) === name)
  return journal.some(({ stepId, state }) => state !== 'undone' && writers.some(({ id }) => id === stepId))
}
