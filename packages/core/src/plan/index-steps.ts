import type { Doc } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { indexDifference, indexForm, plainText, sameIdentity, sameKey, type IndexForm } from './index-form.ts'
import type { Risk, StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import { risk } from './risks.ts'
import type { IndexSpec, WantedIndex, WantedVersion } from './wanted.ts'

/** Indexes of a collection while planning walks through its versions. */
export interface IndexState {
  readonly collection: string
  readonly collation: Doc | undefined
  /** Whether the collection stands already, so that building takes time and locks. */
  readonly existed: boolean
  readonly indexes: Map<string, IndexForm>
}

/** Source: manual, limits. */
const MAX_INDEXES = 64
export const ID_INDEX = '_id_'

/** One step per index that is there and is to go. An index that the same version has rebuilt already stays. */
export function planDrops(state: IndexState, version: WantedVersion, problems: Problem[]): StepOf<'dropIndex'>[] {
  const steps: StepOf<'dropIndex'>[] = []
  for (const name of version.dropIndexes) {
    const at = { source: version.source }
    if (name === ID_INDEX) {
      problems.push(
        planProblem('INDEX_ID_KEPT', 'error', `${state.collection} ${version.version} drops ${ID_INDEX}`, at),
      )
      continue
    }
    const found = state.indexes.get(name)
    const rebuilt = version.addIndexes.find((one) => one.name === name)
    if (found === undefined) {
      if (rebuilt === undefined)
        problems.push(planProblem('INDEX_ABSENT', 'notice', `${state.collection} has no index ${name} to drop`, at))
      continue
    }
    if (rebuilt !== undefined && indexDifference(indexForm(rebuilt, state.collation), found).length === 0) continue
    state.indexes.delete(name)
    steps.push(dropStep(state, version, found))
  }
  return steps
}

function dropStep(state: IndexState, version: WantedVersion, index: IndexForm): StepOf<'dropIndex'> {
  const isRebuilt = version.addIndexes.some(
    (one) => one.name === index.name || sameKey(indexForm(one, state.collation).key, index.key),
  )
  const risks =
    isRebuilt && state.existed ? [risk(version, 'RB', `index ${index.name} is dropped and built anew`, index.name)] : []
  return {
    kind: 'dropIndex',
    id: `${state.collection}/${version.version}/dropIndex/${index.name}`,
    collection: state.collection,
    version: version.version,
    name: `drop index ${index.name}`,
    risks,
    recovery: 'observe',
    undo: `build the index ${index.name} again: key ${plainText(index.key)}, options ${plainText(index.options)}`,
    index: index.name,
  }
}

/** One step for all indexes of the version that are not there yet, or none. */
export function planBuild(state: IndexState, version: WantedVersion, problems: Problem[]): StepOf<'buildIndexes'>[] {
  const missing: WantedIndex[] = []
  for (const index of version.addIndexes) {
    const form = indexForm(index, state.collation)
    const found = state.indexes.get(index.name)
    const conflict = conflictOf(state, form, found)
    if (conflict !== undefined)
      problems.push(planProblem(conflict.code, 'error', conflict.text, { source: index.source }))
    else if (found === undefined) {
      state.indexes.set(index.name, form)
      missing.push(index)
    }
  }
  if (missing.length === 0) return []
  const names = missing.map((one) => one.name)
  return [
    {
      kind: 'buildIndexes',
      id: `${state.collection}/${version.version}/buildIndexes`,
      collection: state.collection,
      version: version.version,
      name: `build ${names.length === 1 ? 'index' : 'indexes'} ${names.join(', ')}`,
      risks: state.existed ? missing.flatMap((one) => buildRisks(version, one)) : [],
      recovery: 'observe',
      undo: `drop ${names.join(', ')}`,
      indexes: missing.map(specOf),
    },
  ]
}

/** Without the place in the file, which has no business in a plan: a comment added above must not make it another plan. */
export const specOf = (index: IndexSpec): IndexSpec => ({ name: index.name, key: index.key, options: index.options })

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

function buildRisks(version: WantedVersion, index: WantedIndex): Risk[] {
  const risks = [risk(version, 'LK', `building ${index.name} on a collection in use`, index.name)]
  if (index.options.get('unique') === true)
    risks.push(
      risk(version, 'MF', `unique index ${index.name} fails where stored documents have equal values`, index.name),
    )
  return risks
}
