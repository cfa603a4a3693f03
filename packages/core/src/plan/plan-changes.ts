import type { Problem } from '@stage0/types'
import { canonicalJson, sha256Hex } from './canonical.ts'
import { planCollection, type PlannedCollection } from './collection-plan.ts'
import { planEnumerators } from './enumerators-plan.ts'
import type { JournalEntry, Observed } from './observed.ts'
import { observedHash } from './observed-hash.ts'
import { DEFAULT_RECORDS, ownerOf, type PlanOptions } from './options.ts'
import type { CollectionPlan, Plan, Step } from './plan.ts'
import { planProblem } from './problem.ts'
import { readRecorded, unreadableNames } from './recorded.ts'
import { privilegeProblems, serverProblems } from './target-checks.ts'
import { versionText } from '../model/version-number.ts'
import { unusedOutcomes } from './unused-outcomes.ts'
import type { Wanted, WantedCollection, WantedVersion } from './wanted.ts'

/**
 * Plans the way from what a database holds to what a repository wants. Pure: the same inputs give the same bytes.
 *
 * The plan always comes back; errors among its `problems` refuse it, which is for the caller to respect.
 */
export function planChanges(wanted: Wanted, actual: Observed, options: PlanOptions): Plan {
  const observed = { ...actual, journal: latestEntries(actual.journal) }
  const records = options.records ?? DEFAULT_RECORDS
  const { selected, planned, others } = planEach(wanted, observed, options)
  const enumerators = planEnumerators(wanted, observed, options.collections && selected)
  const steps: Step[] = [...enumerators.steps, ...planned.flatMap((one) => one.steps)]
  const content = {
    wantedHash: wanted.hash,
    observedHash: observedHash(observed, wanted),
    database: observed.database,
    server: `MongoDB ${observed.server.version}, ${observed.server.kind}${observed.server.modules.includes('embedded') ? ', embedded' : ''}`,
    environment: options.environment,
    loadTestData: options.loadTestData,
    collections: byName([...planned, ...others].map((one) => one.plan)),
    steps,
    problems: [
      ...enumerators.duplicates,
      ...unknownNames(wanted, options),
      ...selected.flatMap((one) => reservedName(one, records)),
      ...serverProblems(observed, pendingVersions(selected, planned)),
      ...privilegeProblems(observed, steps, {
        looked: selected.map((one) => one.name),
        records,
        forReview: options.forReview ?? false,
      }),
      ...unreadableNames(observed),
      ...unusedOutcomes(wanted, observed, options),
      ...enumerators.problems,
      ...planned.flatMap((one) => one.problems),
      ...others.flatMap((one) => one.problems),
      ...(options.findings ?? []),
    ],
  }
  return { hash: sha256Hex(canonicalJson(content)), ...content }
}

/**
 * Where each collection stands, as `planChanges` tells it, without the hash of a whole plan: for lists that are read often.
 * Ascending by name.
 */
export function planStates(wanted: Wanted, actual: Observed, options: PlanOptions): readonly CollectionPlan[] {
  const observed = { ...actual, journal: latestEntries(actual.journal) }
  const { planned, others } = planEach(wanted, observed, options)
  return byName([...planned, ...others].map((one) => one.plan))
}

interface PlannedEach {
  readonly selected: readonly WantedCollection[]
  /** One for each that is selected. */
  readonly planned: readonly PlannedCollection[]
  /** Collections that only the database records. */
  readonly others: readonly PlannedCollection[]
}

function planEach(wanted: Wanted, observed: Observed, options: PlanOptions): PlannedEach {
  const selected = wanted.collections.filter((one) => options.collections?.includes(one.name) ?? true)
  const planned = selected.map((one) => planCollection(wanted, one, observed, options))
  return { selected, planned, others: options.collections === undefined ? recordedOnly(wanted, observed) : [] }
}

/** Whether something speaks against applying the plan. */
export const isRefused = (plan: Plan): boolean => plan.problems.some((one) => one.severity === 'error')

/**
 * The journal that the next run begins with: what `observed` tells of versions that are not recorded yet. A step that the plan
 * found to be done is done from now on, whatever its entry said.
 */
export function carriedJournal(plan: Plan, observed: Observed): JournalEntry[] {
  const planned = new Set(plan.steps.map((step) => step.id))
  const pending = new Map(plan.collections.map((one) => [one.name, new Set(one.pending)]))
  return latestEntries(observed.journal).flatMap((entry) => {
    const [collection = '', version = ''] = entry.stepId.split('/')
    const versions = pending.get(collection)
    // A collection that is not planned now keeps its entries for the run that plans it.
    if (versions === undefined) return [entry]
    if (!versions.has(version) || entry.state === 'undone') return []
    return [planned.has(entry.stepId) ? entry : { ...entry, state: 'done' as const }]
  })
}

/** A journal is written in order: of several entries for a step the last one counts. */
const latestEntries = (journal: readonly JournalEntry[]): JournalEntry[] => [
  ...new Map(journal.map((entry) => [entry.stepId, entry])).values(),
]

const byName = (plans: readonly CollectionPlan[]): CollectionPlan[] =>
  [...plans].sort((a, b) => (a.name < b.name ? -1 : 1))

function pendingVersions(
  selected: readonly WantedCollection[],
  planned: readonly PlannedCollection[],
): (readonly [WantedCollection, WantedVersion])[] {
  return selected.flatMap((collection, i) => {
    const pending = new Set(planned[i]?.plan.pending)
    return collection.versions.filter((one) => pending.has(one.version)).map((one) => [collection, one] as const)
  })
}

/** Collections that the database records and the repository does not have: told, never touched. */
function recordedOnly(wanted: Wanted, observed: Observed): PlannedCollection[] {
  const known = new Set(wanted.collections.map((one) => one.name))
  const names = new Set(observed.versions.flatMap(({ collection }) => (collection === undefined ? [] : [collection])))
  return [...names]
    .filter((name) => !known.has(name))
    .map((name) => {
      const recorded = readRecorded(name, undefined, observed)
      const plan: CollectionPlan = {
        name,
        recorded: recorded.number && versionText(recorded.number),
        newest: undefined,
        pending: [],
        state: recorded.problems.some((one) => one.severity === 'error') ? 'invalid' : 'ahead',
        drift: [],
        stepIds: [],
      }
      return { plan, steps: [], problems: recorded.problems }
    })
}

const unknownNames = (wanted: Wanted, options: PlanOptions): Problem[] =>
  (options.collections ?? [])
    .filter((name) => !wanted.collections.some((one) => one.name === name))
    .map((name) => planProblem('COLLECTION_UNKNOWN', 'error', `the repository has no collection ${name}`))

function reservedName(
  collection: WantedCollection,
  records: { readonly versions: string; readonly enumerators: string },
): Problem[] {
  const { name } = collection
  const owner = ownerOf(name, records)
  if (owner === undefined) return []
  const text = `${collection.file} configures ${name}, which ${owner} keeps for itself`
  return [planProblem('NAME_RESERVED', 'error', text, { source: collection.versions.at(-1)?.source })]
}
