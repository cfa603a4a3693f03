import type { Problem } from '@stage0/types'
import { indexDifference, indexForm, plainText, sameIdentity, specOf, type IndexForm } from './index-form.ts'
import { secondsOf } from './index-form-in-place.ts'
import { expiry } from './index-steps-changes.ts'
import type { IndexState } from './index-steps-state.ts'
import type { Risk, StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import { risk } from './risks.ts'
import type { WantedIndex, WantedVersion } from './wanted.ts'

/** An index that is not there yet. */
export interface PlannedBuild {
  readonly index: WantedIndex
  readonly form: IndexForm
}

/** Source: manual, limits. */
export const MAX_INDEXES = 64

/** The indexes of a version that `state` does not hold; from then on it does. What cannot be built is a problem. */
export function planBuilds(state: IndexState, version: WantedVersion, problems: Problem[]): readonly PlannedBuild[] {
  const builds: PlannedBuild[] = []
  for (const index of version.addIndexes) {
    const form = indexForm(index, state.collation)
    const found = state.indexes.get(index.name)
    const conflict = conflictOf(state, form, found)
    if (conflict !== undefined)
      problems.push(planProblem(conflict.code, 'error', conflict.text, { source: index.source }))
    else if (found === undefined) {
      state.indexes.set(index.name, form)
      builds.push({ index, form })
    }
  }
  return builds
}

/** One step for all of them, or none. */
export function buildStep(
  state: IndexState,
  version: WantedVersion,
  builds: readonly PlannedBuild[],
): StepOf<'buildIndexes'>[] {
  if (builds.length === 0) return []
  const names = builds.map(({ form }) => form.name)
  return [
    {
      kind: 'buildIndexes',
      id: `${state.collection}/${version.version}/buildIndexes`,
      collection: state.collection,
      version: version.version,
      name: `build ${names.length === 1 ? 'index' : 'indexes'} ${names.join(', ')}`,
      risks: state.existed ? builds.flatMap(({ index }) => buildRisks(version, index)) : [],
      recovery: 'observe',
      undo: `drop ${names.join(', ')}`,
      indexes: builds.map(({ index }) => specOf(index)),
    },
  ]
}

interface Conflict {
  readonly code: 'INDEX_CONFLICT' | 'INDEX_LIMIT'
  readonly text: string
}

function conflictOf(state: IndexState, form: IndexForm, found: IndexForm | undefined): Conflict | undefined {
  if (found !== undefined) {
    const difference = indexDifference(form, found)
    if (difference.length === 0) return undefined
    return {
      code: 'INDEX_CONFLICT',
      text: `${state.collection} has an index ${form.name} already: ${difference.join('; ')}`,
    }
  }
  for (const other of state.indexes.values()) {
    if (form.key.has('_fts') && other.key.has('_fts'))
      return {
        code: 'INDEX_LIMIT',
        text: `${state.collection} has a text index already: ${other.name}; wanted ${form.name}`,
      }
    if (sameIdentity(form, other)) {
      const text = `${state.collection} has an index on ${plainText(form.key)} already, named ${other.name}; wanted ${form.name}`
      return { code: 'INDEX_CONFLICT', text }
    }
  }
  if (state.indexes.size < MAX_INDEXES) return undefined
  return { code: 'INDEX_LIMIT', text: `${form.name} would be index ${state.indexes.size + 1} of ${state.collection}` }
}

function buildRisks(version: WantedVersion, { name, options }: WantedIndex): Risk[] {
  const risks = [risk(version, 'indexBuilt', `building ${name} on a collection in use`, name)]
  if (options.get('unique') === true)
    risks.push(
      risk(version, 'uniqueAsked', `unique index ${name} fails where stored documents have equal values`, name),
    )
  const seconds = secondsOf(options.get('expireAfterSeconds'))
  if (seconds !== undefined) risks.push(expiry(version, name, seconds))
  return risks
}
