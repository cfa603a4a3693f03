import type { Problem } from '@stage0/types'
import { indexDifference, indexForm, type IndexForm } from './index-form.ts'
import { changeInPlace } from './index-form-in-place.ts'
import { buildStep, planBuilds } from './index-steps-builds.ts'
import { changeStep, type PlannedChange } from './index-steps-changes.ts'
import { dropStep, orderDrops } from './index-steps-drops.ts'
import type { IndexState } from './index-steps-state.ts'
import type { StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import type { WantedVersion } from './wanted.ts'

export const ID_INDEX = '_id_'

/** The steps for the indexes of one version, around its migrations. */
export interface PlannedIndexes {
  /** What must not stand in the way of the migrations, and what nothing replaces. */
  readonly beforeMigrations: readonly StepOf<'dropIndex'>[]
  readonly afterMigrations: readonly StepOf<'dropIndex' | 'changeIndex' | 'buildIndexes'>[]
}

/**
 * Plans what a version drops, adds and changes. An index that is dropped and added again with another visibility, time to live or
 * uniqueness is changed in place; any other one that is dropped goes after those that are built, as far as the server holds both.
 *
 * @param migrates Whether documents of the collection are migrated by the version.
 */
export function planIndexes(
  state: IndexState,
  version: WantedVersion,
  migrates: boolean,
  problems: Problem[],
): PlannedIndexes {
  const { dropped, changes } = judgeDrops(state, version, problems)
  const held = state.indexes.size
  for (const { name } of dropped) state.indexes.delete(name)
  for (const { form } of changes) state.indexes.set(form.name, form)
  const builds = planBuilds(state, version, problems)
  const order = orderDrops({ version, dropped, builds, migrates, held })
  const hides = (one: PlannedChange): boolean => one.change.hidden === true
  return {
    beforeMigrations: order.first.map((one) => dropStep(state, version, one)),
    afterMigrations: [
      // What may be refused comes before anything is dropped; what queries lose comes after what they gain.
      ...changes.filter((one) => !hides(one)).map((one) => changeStep(state, version, one)),
      ...order.beforeBuild.map((one) => dropStep(state, version, one)),
      ...buildStep(state, version, builds),
      ...changes.filter(hides).map((one) => changeStep(state, version, one)),
      ...order.afterBuild.map((one) => dropStep(state, version, one)),
    ],
  }
}

/** Which of the named indexes go, and which of them only change. An index that the same version has rebuilt already stays. */
function judgeDrops(
  state: IndexState,
  version: WantedVersion,
  problems: Problem[],
): { readonly dropped: readonly IndexForm[]; readonly changes: readonly PlannedChange[] } {
  const dropped: IndexForm[] = []
  const changes: PlannedChange[] = []
  const at = { source: version.source }
  for (const name of new Set(version.dropIndexes)) {
    const found = state.indexes.get(name)
    const again = version.addIndexes.find((one) => one.name === name)
    if (name === ID_INDEX) {
      const text = `${state.collection} ${version.version} drops ${ID_INDEX}`
      problems.push(planProblem('INDEX_ID_KEPT', 'error', text, at))
    } else if (found === undefined) {
      if (again === undefined)
        problems.push(planProblem('INDEX_ABSENT', 'notice', `${state.collection} has no index ${name} to drop`, at))
    } else if (again === undefined) {
      dropped.push(found)
    } else {
      const form = indexForm(again, state.collation)
      const change = changeInPlace(form, found, state.serverVersion)
      if (change !== undefined) changes.push({ index: again, form, before: found, change })
      else if (indexDifference(form, found).length > 0) dropped.push(found)
    }
  }
  return { dropped, changes }
}
