import { doc } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { diffSchemas } from '../diff/schema-diff.ts'
import { canonicalJson, sha256Hex } from './canonical.ts'
import { collationOf, driftOf, indexesAt } from './drift.ts'
import { indexForm, specOf } from './index-form.ts'
import { ID_INDEX, planIndexes } from './index-steps.ts'
import type { IndexState } from './index-steps-state.ts'
import { lookAgain } from './leftovers-again.ts'
import { planLeftovers } from './migrations-leftovers.ts'
import { planMigrations } from './migrations.ts'
import type { Observed, ObservedCollection } from './observed.ts'
import { LOCAL_ENVIRONMENT, type PlanOptions } from './options.ts'
import type { CollectionPlan, CollectionState, ReplacedValidator, Step, StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import { readRecorded, type Recorded } from './recorded.ts'
import { risk, schemaRisks } from './risks.ts'
import { unorderedText } from './unordered-text.ts'
import { schemaOf, validatorDifference, validatorOf, type ValidatorForm } from './validator-form.ts'
import { versionText } from '../model/version-number.ts'
import type { Wanted, WantedCollection, WantedVersion } from './wanted.ts'

export interface PlannedCollection {
  readonly plan: CollectionPlan
  readonly steps: readonly Step[]
  readonly problems: readonly Problem[]
}

/** What planning knows of a collection while it walks through the versions: what the steps so far will have made of it. */
interface Walk extends IndexState {
  exists: boolean
  inForce: ValidatorForm | undefined
}

/** Plans one collection of the repository. */
export function planCollection(
  wanted: Wanted,
  collection: WantedCollection,
  observed: Observed,
  options: PlanOptions,
): PlannedCollection {
  const recorded = readRecorded(collection.name, collection, observed)
  const actual = observed.collections.find((one) => one.name === collection.name)
  const problems = [...recorded.problems, ...standingProblems(collection, recorded, actual)]
  const { version, pending } = recorded
  const drift = version === undefined ? [] : driftOf(collection, version, pending, actual)
  for (const words of drift)
    problems.push(
      planProblem('STATE_DRIFTED', 'warning', `${collection.name}: ${words}`, {
        source: version?.source,
        hint: 'Put the wanted state into a new version, or restore it by hand: nothing is changed unasked.',
      }),
    )

  const walk: Walk = {
    collection: collection.name,
    collation: collationOf(actual),
    existed: actual !== undefined,
    serverVersion: observed.server.version,
    exists: actual !== undefined,
    inForce: validatorOf(actual),
    indexes: new Map((actual?.indexes ?? [idIndex]).map((one) => [one.name, indexForm(one)])),
  }
  const planned = pending.flatMap((one) => planVersion(walk, wanted, one, observed, options, problems))
  const { steps, left, told } = lookAgain({ name: collection.name, recorded, actual, observed }, planned)
  problems.push(...told)
  problems.push(...unknownIndexes(collection, walk, actual, steps))
  return {
    plan: {
      name: collection.name,
      recorded: recorded.number && versionText(recorded.number),
      newest: collection.versions.at(-1)?.version,
      pending: pending.map((one) => one.version),
      state: stateOf(collection.name, recorded, drift, problems, observed),
      drift,
      ...(left !== undefined && { leftovers: left }),
      stepIds: steps.map((step) => step.id),
    },
    steps,
    problems,
  }
}

const idIndex = { name: ID_INDEX, key: doc({ _id: 1 }), options: doc({}) }

function standingProblems(
  collection: WantedCollection,
  recorded: Recorded,
  actual: ObservedCollection | undefined,
): Problem[] {
  const source = collection.versions.at(-1)?.source
  if (actual !== undefined && actual.type !== 'collection') {
    const kind = actual.type === 'view' ? 'a view' : 'a time-series collection'
    return [planProblem('COLLECTION_KIND', 'error', `${collection.name} is ${kind} in the database`, { source })]
  }
  if (actual === undefined && recorded.number !== undefined && recorded.pending.length > 0) {
    const text = `${collection.name} is recorded at ${versionText(recorded.number)}, but does not exist`
    return [planProblem('COLLECTION_MISSING', 'error', text, { source })]
  }
  return []
}

/** The steps of one version, in the order in which they are safe: the old validator stays until the new one is in. */
function planVersion(
  walk: Walk,
  wanted: Wanted,
  version: WantedVersion,
  observed: Observed,
  options: PlanOptions,
  problems: Problem[],
): Step[] {
  const migrations = planMigrations({ collection: walk.collection, observed, options }, version)
  problems.push(...migrations.problems, ...constraintProblems(walk, version, migrations.steps.length > 0))
  const migratesOwn = migrations.steps.some((step) => step.target === walk.collection)
  const create = planCreate(walk, version, migrations.steps.length > 0)
  const indexes = planIndexes(walk, version, migratesOwn, problems)
  return [
    ...create,
    ...indexes.beforeMigrations,
    ...migrations.steps,
    ...indexes.afterMigrations,
    ...planValidator(walk, version),
    ...(walk.existed ? planLeftovers(walk.collection, version, observed) : []),
    ...planData(walk, version, observed, options),
    recordStep(walk, wanted, version),
  ]
}

function planCreate(walk: Walk, version: WantedVersion, migrates: boolean): StepOf<'createCollection'>[] {
  if (walk.exists) return []
  walk.exists = true
  const { level, action } = version.validation
  const validator = migrates ? undefined : { schema: version.schema, level, action }
  if (validator !== undefined) walk.inForce = { validator: doc({ $jsonSchema: version.schema }), level, action }
  return [
    {
      ...base(walk, version, 'createCollection'),
      kind: 'createCollection',
      name: validator === undefined ? 'create the collection' : 'create the collection with its validator',
      undo: 'drop the collection, as long as it is empty',
      validator,
    },
  ]
}

const base = (walk: Walk, version: WantedVersion, kind: Step['kind']) => ({
  id: `${walk.collection}/${version.version}/${kind}`,
  collection: walk.collection,
  version: version.version,
  risks: [],
  recovery: 'observe' as const,
})

function planValidator(walk: Walk, version: WantedVersion): StepOf<'setValidator'>[] {
  if (validatorDifference(version, walk.inForce).length === 0) return []
  const before = walk.inForce
  const { level, action } = version.validation
  walk.inForce = { validator: doc({ $jsonSchema: version.schema }), level, action }
  // A collection that this plan makes has no documents and no readers yet.
  const changes = diffSchemas(schemaOf(before), version.schema)
  const locks = walk.existed ? [risk(version, 'validatorSet', 'one collMod takes the collection for a moment', '')] : []
  return [
    {
      ...base(walk, version, 'setValidator'),
      kind: 'setValidator',
      name: `set the validator (${level}, ${action})`,
      risks: walk.existed ? [...schemaRisks(version, changes), ...locks] : [],
      undo: before === undefined ? 'remove the validator' : 'set the validator of the version before',
      schema: version.schema,
      schemaHash: version.schemaHash,
      level,
      action,
      replaces: before && replaced(before),
      changes,
    },
  ]
}

const replaced = ({ validator, level, action }: ValidatorForm): ReplacedValidator => ({
  hash: sha256Hex(unorderedText(JSON.parse(canonicalJson(validator)))),
  level,
  action,
})

/** Level `constraint` guarantees what is stored, so the server lets neither rules change nor writes pass around them. */
function constraintProblems(walk: Walk, version: WantedVersion, migrates: boolean): Problem[] {
  if (walk.inForce?.level !== 'constraint') return []
  const schema = schemaOf(walk.inForce)
  const keepsRules = schema !== undefined && diffSchemas(schema, version.schema).length === 0
  if (keepsRules && !migrates) return []
  const text = `${walk.collection} ${version.version} ${migrates ? 'migrates documents' : 'changes the rules'} under the level constraint`
  return [planProblem('CONSTRAINT_IN_FORCE', 'error', text, { source: version.source })]
}

function planData(walk: Walk, version: WantedVersion, observed: Observed, options: PlanOptions): StepOf<'loadData'>[] {
  const { testData } = version
  if (!options.loadTestData || testData === undefined || testData.documents.length === 0) return []
  const id = `${walk.collection}/${version.version}/loadData/${testData.file}`
  const entry = observed.journal.find((one) => one.stepId === id)
  if (entry?.state === 'done' && entry.contentHash === testData.hash) return []
  const count = testData.documents.length
  const isLocal = options.environment === LOCAL_ENVIRONMENT
  const text = `${count} test ${count === 1 ? 'document goes' : 'documents go'} into the environment ${options.environment}`
  return [
    {
      ...base(walk, version, 'loadData'),
      kind: 'loadData',
      id,
      name: `load ${count} test ${count === 1 ? 'document' : 'documents'} of ${testData.file}`,
      risks: isLocal ? [] : [risk(version, 'testDataLoaded', text, testData.file)],
      recovery: 'journal',
      undo: 'delete the documents of the file by their _id',
      file: testData.file,
      contentHash: testData.hash,
      count,
    },
  ]
}

function recordStep(walk: Walk, wanted: Wanted, version: WantedVersion): StepOf<'recordVersion'> {
  return {
    ...base(walk, version, 'recordVersion'),
    kind: 'recordVersion',
    name: `record version ${version.version}`,
    undo: 'put the version before into the versions document',
    stored: version.stored,
    schema: version.schema,
    schemaHash: version.schemaHash,
    indexes: version.addIndexes.map(specOf),
    migrations: version.migrations.map(({ file, hash }) => ({ file, hash })),
    enumeratorsHash: wanted.enumerators.find((one) => one.version === version.number[3])?.hash,
  }
}

/** Indexes that nobody here knows are told and left alone. */
function unknownIndexes(
  collection: WantedCollection,
  walk: Walk,
  actual: ObservedCollection | undefined,
  steps: readonly Step[],
): Problem[] {
  const newest = collection.versions.at(-1)
  if (newest === undefined || actual === undefined) return []
  const known = indexesAt(collection, newest)
  const dropped = new Set(steps.flatMap((step) => (step.kind === 'dropIndex' ? [step.index] : [])))
  return actual.indexes
    .filter((one) => one.name !== ID_INDEX && !known.has(one.name) && !dropped.has(one.name))
    .map((one) =>
      planProblem(
        'INDEX_NOT_IN_REPOSITORY',
        'notice',
        `${walk.collection} has an index ${one.name}, which no version adds`,
        {
          source: newest.source,
        },
      ),
    )
}

function stateOf(
  name: string,
  recorded: Recorded,
  drift: readonly string[],
  problems: readonly Problem[],
  observed: Observed,
): CollectionState {
  if (recorded.problems.some((one) => one.code === 'VERSION_AHEAD')) return 'ahead'
  if (problems.some((one) => one.severity === 'error')) return 'invalid'
  const begun = recorded.pending.some(({ version }) =>
    observed.journal.some((one) => one.stepId.startsWith(`${name}/${version}/`)),
  )
  if (begun) return 'interrupted'
  if (drift.length > 0) return 'drifted'
  return recorded.pending.length > 0 ? 'behind' : 'in sync'
}
