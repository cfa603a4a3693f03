import type { Problem } from '@stage0/types'
import type { Observed, ObservedPrivilege } from './observed.ts'
import type { Step } from './plan.ts'
import { planProblem } from './problem.ts'
import { pipelineFacts } from './pipeline.ts'
import { isBefore } from './server-version.ts'
import type { WantedCollection, WantedVersion } from './wanted.ts'

/** The oldest release that the product is tested with; older ones from the second number on may work. */
const TESTED_FROM = [6, 0] as const
const USABLE_FROM = [5, 0] as const
/** Source: manual, validation level and action. */
const FEATURES = [
  {
    has: (version: WantedVersion) => version.validation.action === 'errorAndLog',
    name: 'validation action errorAndLog',
    since: [8, 1],
  },
  {
    has: (version: WantedVersion) => version.validation.level === 'constraint',
    name: 'validation level constraint',
    since: [9, 0],
  },
] as const

/** Whether the server is new enough, for planning at all and for what the pending versions ask. */
export function serverProblems(
  observed: Observed,
  pending: readonly (readonly [WantedCollection, WantedVersion])[],
): Problem[] {
  const { version } = observed.server
  const problems: Problem[] = []
  if (isBefore(version, TESTED_FROM)) {
    const severity = isBefore(version, USABLE_FROM) ? 'error' : 'warning'
    problems.push(planProblem('SERVER_TOO_OLD', severity, `the server is MongoDB ${version}; 6.0 or newer is tested`))
  }
  for (const [collection, wanted] of pending) {
    for (const feature of FEATURES) {
      if (!feature.has(wanted) || !isBefore(version, feature.since)) continue
      const text = `${collection.name} ${wanted.version} asks for the ${feature.name}, which came with MongoDB ${feature.since.join('.')}; the server is ${version}`
      problems.push(planProblem('SERVER_FEATURE_MISSING', 'error', text, { source: wanted.source }))
    }
  }
  return problems
}

/** Where the product writes its own records, and what it does there. */
const RECORD_ACTIONS = ['find', 'insert', 'update', 'createCollection', 'createIndex', 'listIndexes']
/** What observing asks of every collection, those that the plan makes included: the end of a run is verified. */
const LOOK_ACTIONS = ['find', 'listIndexes']
const OWN_RECORDS = ['stage0_history', 'stage0_runs', 'stage0_lock']

/** What each step needs, as collection and actions. Source: manual, privilege actions, and the pages of the commands. */
function neededBy(
  step: Step,
  records: { readonly versions: string; readonly enumerators: string },
): (readonly [string, readonly string[]])[] {
  switch (step.kind) {
    case 'recordEnumerators':
      return [[records.enumerators, RECORD_ACTIONS]]
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
      return [[step.collection, step.repeat.length === 0 ? ['find'] : ['find', 'update', 'bypassDocumentValidation']]]
    case 'loadData':
      return [[step.collection, ['find', 'insert']]]
    case 'recordVersion':
      return [[records.versions, RECORD_ACTIONS]]
    case 'migrate': {
      const writes =
        step.strategy !== 'as-written'
          ? ['update']
          : pipelineFacts(step.pipeline).writesBy === '$out'
            ? ['insert', 'remove']
            : ['insert', 'update']
      return [
        [step.collection, ['find']],
        [step.target, [...writes, 'bypassDocumentValidation']],
      ]
    }
  }
}

/** One problem per collection on which the connected user may not do what the steps need. */
export function privilegeProblems(
  observed: Observed,
  steps: readonly Step[],
  records: { readonly versions: string; readonly enumerators: string },
): Problem[] {
  const { privileges } = observed
  if (privileges === undefined || steps.length === 0) return []
  const needed = new Map<string, Set<string>>()
  const ask = (collection: string, actions: readonly string[]): void => {
    const known = needed.get(collection) ?? new Set()
    for (const action of actions) known.add(action)
    needed.set(collection, known)
  }
  for (const name of OWN_RECORDS) ask(name, RECORD_ACTIONS)
  for (const step of steps) {
    if (step.collection !== '') ask(step.collection, LOOK_ACTIONS)
    for (const [collection, actions] of neededBy(step, records)) ask(collection, actions)
  }
  return [...needed].flatMap(([collection, actions]) => {
    const missing = [...actions].filter((action) => !mayDo(privileges, observed.database, collection, action))
    if (missing.length === 0) return []
    const text = `the connected user may not ${missing.join(', ')} on ${observed.database}.${collection}`
    return [planProblem('TARGET_NOT_PERMITTED', 'error', text)]
  })
}

const mayDo = (
  privileges: readonly ObservedPrivilege[],
  database: string,
  collection: string,
  action: string,
): boolean =>
  privileges.some(
    (one) =>
      (one.database === '' || one.database === database) &&
      (one.collection === '' || one.collection === collection) &&
      (one.actions.includes(action) || one.actions.includes('anyAction')),
  )
