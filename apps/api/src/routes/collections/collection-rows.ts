import { compareStrings } from '@stage0/bson-schema'
import {
  parseStoredVersion,
  planStates,
  versionText,
  type CollectionPlan,
  type Observed,
  type PlanOptions,
} from '@stage0/core'
import type { StoredRun } from '@stage0/engine'
import type { CollectionRow, RunState } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { countProblems } from '../repository/file-index.ts'
import { collectionsOf, type CollectionFiles } from './collection-files.ts'
import type { Observation } from './observation.ts'

/** Every collection that the repository or the record of the database knows, by name. */
export function collectionRows(snapshot: Snapshot, settings: Settings, observation: Observation): CollectionRow[] {
  const { collections, wanted } = collectionsOf(snapshot, settings)
  const { observed } = observation
  const planned = wanted && observed && planStates(wanted, observed, planOptionsOf(settings))
  const plans = new Map(planned?.map((plan) => [plan.name, plan]))
  const facts: Facts = { snapshot, observation, lastRuns: lastRuns(observation) }
  const own = [...collections.values()].map((files) => repositoryRow(facts, files, plans.get(files.name)))
  const others = [...plans.values()].filter(({ name }) => !collections.has(name))
  return [...own, ...others.map((plan) => recordedRow(facts, plan))].sort((a, b) => compareStrings(a.name, b.name))
}

const planOptionsOf = (settings: Settings): PlanOptions => ({
  environment: settings.ENVIRONMENT_NAME.value,
  loadTestData: settings.LOAD_TEST_DATA.value,
  records: {
    versions: settings.VERSION_COLLECTION_NAME.value,
    enumerators: settings.ENUMERATORS_COLLECTION_NAME.value,
  },
})

interface Facts {
  readonly snapshot: Snapshot
  readonly observation: Observation
  readonly lastRuns: ReadonlyMap<string, CollectionRow['last_run']>
}

function repositoryRow(facts: Facts, files: CollectionFiles, plan: CollectionPlan | undefined): CollectionRow {
  const { name, file, problems, isInvalid } = files
  const { observed } = facts.observation
  const configuration = facts.snapshot.repository.configurations.get(name)
  const newest = configuration?.versions.at(-1)
  const recorded = plan?.recorded ?? (observed && recordedVersion(name, observed))
  const first = problems.find(({ severity }) => severity === 'error') ?? problems.find(isWarning)
  return {
    name,
    title: configuration?.title ?? '',
    description: configuration?.description ?? '',
    file,
    ...(recorded !== undefined && { recorded }),
    ...(newest !== undefined && { newest: versionText(newest.number) }),
    pending: [...(plan?.pending ?? [])],
    state: isInvalid ? 'invalid' : (plan?.state ?? 'unknown'),
    drift: [...(plan?.drift ?? [])],
    ...leftBehind(plan),
    locked: configuration?.locked ?? false,
    versions: configuration?.versions.length ?? 0,
    ...fromDatabase(facts, name),
    problems: countProblems(problems),
    ...(first !== undefined && { first_problem: first }),
  }
}

const leftBehind = (plan: CollectionPlan | undefined): Pick<CollectionRow, 'leftovers'> =>
  plan?.leftovers === undefined ? {} : { leftovers: { count: plan.leftovers.count, run_id: plan.leftovers.runId } }

const isWarning = ({ severity }: { readonly severity: string }): boolean => severity === 'warning'

/** A collection that the database records and the repository does not have. */
const recordedRow = (facts: Facts, plan: CollectionPlan): CollectionRow => ({
  name: plan.name,
  title: '',
  description: '',
  ...(plan.recorded !== undefined && { recorded: plan.recorded }),
  pending: [],
  state: plan.state,
  drift: [...plan.drift],
  locked: false,
  versions: 0,
  ...fromDatabase(facts, plan.name),
  problems: { errors: 0, warnings: 0 },
})

function fromDatabase(facts: Facts, name: string): Pick<CollectionRow, 'documents' | 'last_run'> {
  const found = facts.observation.observed?.collections.find((one) => one.name === name)
  const run = facts.lastRuns.get(name)
  return { ...(found && { documents: found.estimatedDocuments }), ...(run && { last_run: run }) }
}

/** Of a collection that cannot be planned: what the record says, where it says something that can be read. */
function recordedVersion(name: string, { versions }: Observed): string | undefined {
  const current = versions.find(({ collection }) => collection === name)?.current
  const number = current === undefined ? undefined : parseStoredVersion(name, current)
  return number && versionText(number)
}

function lastRuns({ runs, observed }: Observation): Facts['lastRuns'] {
  const last = new Map<string, NonNullable<CollectionRow['last_run']>>()
  for (const run of runs) {
    for (const name of run.collections) {
      if (last.has(name)) continue
      last.set(name, { run_id: run.runId, status: stateOf(run, observed), at: run.finishedAt ?? run.startedAt })
    }
  }
  return last
}

/** Of a run without an outcome: whether somebody is at it. */
function stateOf({ runId, status }: StoredRun, observed: Observed | undefined): RunState {
  if (status !== 'open') return status
  return observed?.interrupted?.runId === runId ? 'interrupted' : 'running'
}
