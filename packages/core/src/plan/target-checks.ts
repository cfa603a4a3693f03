import type { Problem } from '@stage0/types'
import type { Observed, ObservedPrivilege } from './observed.ts'
import type { Step } from './plan.ts'
import { planProblem } from './problem.ts'
import { joined, LOOK_ACTIONS, privilegesOf, type RecordNames } from './privileges.ts'
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

/**
 * One problem per collection on which the connected user may not do what is needed: to look at the collections that are planned for,
 * and, unless somebody else is to apply the plan, to carry out its steps.
 */
export function privilegeProblems(
  observed: Observed,
  steps: readonly Step[],
  { looked, records, forReview }: Needed,
): Problem[] {
  const { privileges, database } = observed
  if (privileges === undefined) return []
  const there = new Set(observed.collections.map(({ name }) => name))
  const looking = looked.filter((name) => there.has(name)).map((name) => [name, LOOK_ACTIONS] as const)
  const isForAll = steps.length > 0 && !forReview
  const changing = isForAll ? [...privilegesOf(steps, records)].map(([name, set]) => [name, [...set]] as const) : []
  return [...joined([...changing, ...looking])].flatMap(([collection, actions]) => {
    const missing = [...actions].filter((action) => !mayDo(privileges, database, collection, action))
    if (missing.length === 0) return []
    const text = `the connected user may not ${missing.join(', ')} on ${database}.${collection}`
    return [planProblem('TARGET_NOT_PERMITTED', 'error', text)]
  })
}

interface Needed {
  /** Collections that are planned for. */
  readonly looked: readonly string[]
  readonly records: RecordNames
  /** Whether somebody else applies the plan. */
  readonly forReview: boolean
}

/** Whether the connected user may look at a collection as a plan has to. */
export const isLookedAt = (
  database: string,
  collection: string,
  privileges: readonly ObservedPrivilege[] | undefined,
): boolean =>
  privileges === undefined || LOOK_ACTIONS.every((action) => mayDo(privileges, database, collection, action))

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
