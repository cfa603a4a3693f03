import type { Step } from './plan.ts'
import { pipelineFacts } from './pipeline.ts'
import { collectionsRead } from './pipeline-reads.ts'

/** Names of the collections of Stage0 that are settings. */
export interface RecordNames {
  readonly versions: string
  readonly enumerators: string
}

/** Actions by collection. Source of all of them: manual, privilege actions, and the pages of the commands. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>

type Needs = readonly (readonly [collection: string, actions: readonly string[]])[]

/** What observing asks of every collection of data, those that a plan makes included: the end of a run is verified. */
export const LOOK_ACTIONS: readonly string[] = ['find', 'listIndexes']
/** A document is found, made where there is none, or written over. */
const UPSERT = ['find', 'insert', 'update']
const LOCK = 'stage0_lock'
const RUNS = 'stage0_runs'
const HISTORY = 'stage0_history'

/** What a run writes down about itself, whatever its steps are. */
const RUN_RECORDS: Needs = [
  [LOCK, UPSERT],
  [RUNS, [...UPSERT, 'createIndex']],
]

/** What pausing, cancelling and unlocking a run of another process asks for. */
export const ASKING: Needs = [
  [LOCK, ['find', 'update']],
  [RUNS, ['find', 'update']],
]

/** Reading what is recorded. */
export const readingRecords = (records: RecordNames): Needs =>
  [HISTORY, LOCK, RUNS, records.enumerators, records.versions].map((name) => [name, ['find']] as const)

/** What applying the steps asks for, observing their collections and recording the run included. */
export function privilegesOf(steps: readonly Step[], records: RecordNames): Privileges {
  const looked = steps.flatMap(({ collection }): Needs => (collection === '' ? [] : [[collection, LOOK_ACTIONS]]))
  return joined([...RUN_RECORDS, ...looked, ...steps.flatMap((step) => neededBy(step, records))])
}

/** Each collection once, with all that is asked of it. */
export function joined(needs: Needs): Privileges {
  const all = new Map<string, Set<string>>()
  for (const [collection, actions] of needs) {
    const known = all.get(collection) ?? new Set()
    for (const action of actions) known.add(action)
    all.set(collection, known)
  }
  return all
}

function neededBy(step: Step, records: RecordNames): Needs {
  switch (step.kind) {
    case 'recordEnumerators':
      return [[records.enumerators, UPSERT]]
    case 'createCollection':
      return [[step.collection, ['createCollection']]]
    case 'dropIndex':
      return [[step.collection, ['dropIndex']]]
    case 'buildIndexes':
      return [[step.collection, ['createIndex']]]
    case 'changeIndex':
    case 'setValidator':
      return [[step.collection, ['collMod']]]
    case 'findLeftovers':
      return [
        ...(step.repeat.length === 0 ? [] : [[step.collection, ['update', 'bypassDocumentValidation']] as const]),
        ...(step.again === undefined ? [] : [[records.versions, ['find', 'update']] as const]),
      ]
    case 'loadData':
      return [[step.collection, ['insert']]]
    case 'recordVersion':
      return [
        // The indexes are listed where a database that was taken over has another one in the place of ours.
        [records.versions, [...UPSERT, 'createIndex', 'listIndexes']],
        [HISTORY, UPSERT],
      ]
    case 'migrate':
      return neededByMigration(step)
  }
}

function neededByMigration(step: Extract<Step, { kind: 'migrate' }>): Needs {
  const isOut = pipelineFacts(step.pipeline).writesBy === '$out'
  const writes = step.strategy !== 'as-written' ? ['update'] : ['insert', isOut ? 'remove' : 'update']
  return [
    [step.target, [...writes, 'bypassDocumentValidation']],
    ...collectionsRead(step.pipeline).map((name) => [name, ['find']] as const),
  ]
}
