import type { Problem } from '@stage0/types'
import { isRepeatable, strategyOf, transformingPart } from './migrations-strategy.ts'
import type { JournalEntry, MigrationCheckpoint, Observed } from './observed.ts'
import { DEFAULT_RECORDS, ownerOf, type PlanOptions } from './options.ts'
import { pipelineFacts, type PipelineFacts } from './pipeline.ts'
import type { Risk, StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import { risk } from './risks.ts'
import type { WantedMigration, WantedVersion } from './wanted.ts'

type MigrateStep = StepOf<'migrate'>

export interface PlannedMigrations {
  readonly steps: readonly MigrateStep[]
  readonly problems: readonly Problem[]
}

/** Where a version's migrations run, and what is known of earlier attempts. */
export interface MigrationContext {
  readonly collection: string
  readonly observed: Observed
  readonly options: PlanOptions
}

/** Steps for the migrations of a version that are still to run, in the order of the file. */
export function planMigrations(context: MigrationContext, version: WantedVersion): PlannedMigrations {
  const steps: MigrateStep[] = []
  const problems: Problem[] = []
  const seen = new Map<string, number>()
  const ids = new Set<string>()
  for (const migration of version.migrations) {
    const times = (seen.get(migration.file) ?? 0) + 1
    seen.set(migration.file, times)
    const name = times === 1 ? migration.file : `${migration.file}#${times}`
    const step = migrateStep(context, version, migration, name, problems)
    if (step === undefined) continue
    ids.add(step.id)
    const recovered = recover(context, step, migration)
    problems.push(...recovered.problems)
    if (!recovered.run) continue
    steps.push({ ...step, from: recovered.from })
    if (step.strategy === 'online') problems.push(...keepsWrites(context, version, migration))
  }
  problems.push(...vanished(context, version, ids))
  return { steps, problems }
}

/** Migrations that ran, or may have, and that the version no longer names: under another name they would run a second time. */
function vanished(
  { collection, observed, options }: MigrationContext,
  version: WantedVersion,
  ids: Set<string>,
): Problem[] {
  const prefix = `${collection}/${version.version}/migrate/`
  return observed.journal
    .filter(({ stepId, state }) => stepId.startsWith(prefix) && state !== 'undone' && !ids.has(stepId))
    .filter(({ stepId }) => options.outcomes?.[stepId] === undefined)
    .map(({ stepId, state }) => {
      const text = `${collection} ${version.version} no longer names ${stepId.slice(prefix.length)}, which an earlier run ${state === 'done' ? 'executed' : 'began'} (step ${stepId})`
      return planProblem('MIGRATION_EDITED', 'error', text, { source: version.source })
    })
}

function migrateStep(
  context: MigrationContext,
  version: WantedVersion,
  migration: WantedMigration,
  name: string,
  problems: Problem[],
): MigrateStep | undefined {
  const facts = pipelineFacts(migration.pipeline)
  const isUpdate = migration.mode === 'update'
  const target = isUpdate ? context.collection : facts.target?.collection
  if (target === undefined) {
    const text = `${migration.file} of ${context.collection} ${version.version} ends in neither $out nor $merge`
    problems.push(planProblem('MIGRATION_HAS_NO_TARGET', 'error', text, { source: migration.source }))
    return undefined
  }
  const database = isUpdate ? undefined : facts.target?.database
  if (database !== undefined && database !== context.observed.database) {
    const text = `${migration.file} writes to ${database}.${target}, outside of ${context.observed.database}`
    problems.push(planProblem('MIGRATION_OTHER_DATABASE', 'error', text, { source: migration.source }))
  }
  problems.push(...targetProblems(context, target, migration))
  const { strategy, why } = strategyOf(context.observed, context.collection, migration)
  const repeatable = isRepeatable(context.collection, migration)
  return {
    kind: 'migrate',
    id: `${context.collection}/${version.version}/migrate/${name}`,
    collection: context.collection,
    version: version.version,
    name: `migrate with ${migration.file}`,
    risks: migrationRisks(context, version, migration, { facts, target, repeatable, isOnline: strategy === 'online' }),
    recovery: 'journal',
    undo: 'none: restore a backup, or write a migration that turns the change back',
    file: migration.file,
    contentHash: migration.hash,
    pipeline: migration.pipeline,
    strategy,
    why,
    target,
    repeatable,
    transform: strategy === 'as-written' ? undefined : transformingPart(migration.pipeline),
    from: undefined,
  }
}

/** Records of Stage0 and of the server are nobody's to write to, and a view cannot be written to. */
function targetProblems(
  { observed, options }: MigrationContext,
  target: string,
  migration: WantedMigration,
): Problem[] {
  const at = { source: migration.source }
  const owner = ownerOf(target, options.records ?? DEFAULT_RECORDS)
  if (owner !== undefined)
    return [
      planProblem(
        'NAME_RESERVED',
        'error',
        `${migration.file} writes to ${target}, which ${owner} keeps for itself`,
        at,
      ),
    ]
  const found = observed.collections.find((one) => one.name === target)
  if (found === undefined || found.type === 'collection') return []
  const kind = found.type === 'view' ? 'a view' : 'a time-series collection'
  return [
    planProblem(
      'COLLECTION_KIND',
      'error',
      `${migration.file} writes to ${target}, which is ${kind} in the database`,
      at,
    ),
  ]
}

/** `$out` onto its own collection swaps it in one act, which the UUID tells: also where the next attempt would go online. */
const swapsOwn = (step: MigrateStep): boolean =>
  step.target === step.collection && pipelineFacts(step.pipeline).writesBy === '$out'

/** As written it would be the risk CW: told, so that nobody stops the writers for nothing. */
function keepsWrites({ observed, collection }: MigrationContext, version: WantedVersion, migration: WantedMigration) {
  const isThere = observed.collections.some((one) => one.name === collection)
  if (!isThere || pipelineFacts(migration.pipeline).writesBy !== '$out') return []
  const text = `${migration.file} of ${collection} ${version.version} runs online: what others write meanwhile is kept, and what they write in the old shape is looked for afterwards`
  return [planProblem('MIGRATION_ONLINE', 'notice', text, { source: migration.source })]
}

function migrationRisks(
  context: MigrationContext,
  version: WantedVersion,
  migration: WantedMigration,
  about: {
    readonly facts: PipelineFacts
    readonly target: string
    readonly repeatable: boolean
    readonly isOnline: boolean
  },
): Risk[] {
  const { facts, target, repeatable, isOnline } = about
  const isOwn = target === context.collection
  const isOut = migration.mode === 'as-written' && facts.writesBy === '$out'
  const exists = (name: string): boolean => context.observed.collections.some((one) => one.name === name)
  const risks: Risk[] = []
  if (isOut && isOwn && !isOnline && exists(target))
    risks.push(risk(version, 'writesOverwritten', `$out replaces ${target} while others may write`, migration.file))
  if (isOut && !isOwn && exists(target))
    risks.push(risk(version, 'collectionReplaced', `$out replaces what ${target} holds`, migration.file))
  if ((isOwn || migration.mode === 'update') && facts.removes.length > 0)
    risks.push(risk(version, 'fieldsRemoved', `${facts.removes.join(', ')} may remove data`, migration.file))
  // Online, the checkpoint of each range tells what is done.
  if (!repeatable && !isOnline && !(isOut && isOwn))
    risks.push(risk(version, 'notRepeatable', `${migration.file} may not be repeated`, migration.file))
  return risks
}

/** What the journal and the database say about an earlier attempt: whether the step is to run (again). */
function recover(
  context: MigrationContext,
  step: MigrateStep,
  migration: WantedMigration,
): { readonly run: boolean; readonly problems: readonly Problem[]; readonly from?: MigrationCheckpoint | undefined } {
  const entry = context.observed.journal.find((one) => one.stepId === step.id)
  if (entry === undefined || entry.state === 'undone') return { run: true, problems: [] }
  const said = entry.state === 'done' ? undefined : context.options.outcomes?.[step.id]
  const at = { source: migration.source }
  const where = `${migration.file} of ${step.collection} ${step.version}`
  const isEdited = entry.contentHash !== step.contentHash
  const known = outcomeOf(context, step, entry)
  // Some documents, or all, have the former content already: what is said may not contradict that.
  const isContradicted = (said === 'done' && known === 'continue') || (said === 'repeat' && known === 'done')
  if (isEdited && (said === undefined || isContradicted)) {
    const text = `${where} ${entry.state === 'done' ? 'ran' : 'was begun'} with another content (step ${step.id})`
    return { run: true, problems: [planProblem('MIGRATION_EDITED', 'error', text, at)] }
  }
  // What is said counts where nothing is known. It never runs a migration anew over the documents that have it already.
  const outcome = known === 'unknown' || (isEdited && known !== 'continue') ? (said ?? known) : known
  const isUnused = said !== undefined && outcome !== said && !(isEdited && said === 'repeat')
  const unused = isUnused
    ? [planProblem('OUTCOME_UNUSED', 'warning', `${where}: ${knownText(known, entry)} (step ${step.id})`, at)]
    : []
  const done = planProblem('MIGRATION_ALREADY_DONE', 'notice', `${where} was done by an earlier run`, at)
  switch (outcome) {
    case 'done':
      return { run: false, problems: [...unused, done] }
    case 'continue':
      return { run: true, problems: unused, from: entry.checkpoint }
    case 'repeat':
      return { run: true, problems: unused }
    case 'unknown':
      return {
        run: true,
        problems: [planProblem('MIGRATION_UNCERTAIN', 'error', uncertainty(where, step), { ...at, hint: wayOn(step) })],
      }
  }
}

/** Why what was said about a migration that was cut off does not count. */
function knownText(known: 'done' | 'continue' | 'repeat' | 'unknown', { checkpoint }: JournalEntry): string {
  if (known === 'done') return 'the database shows that it was done'
  if (known === 'repeat') return 'the database shows that it can be run from the beginning'
  const { done = 0, total = 0 } = checkpoint ?? {}
  return `${done} of ${Math.max(done, total)} documents have it, and it goes on with the others`
}

const uncertainty = (where: string, step: MigrateStep): string =>
  `a run was cut off during ${where}, which writes to ${step.target} and may not be repeated (step ${step.id})`

const wayOn = ({ id, target }: MigrateStep): string =>
  `Look at the documents of ${target}. Where all of them show its result, plan and apply with --resolve ${id}=done; where none does, with --resolve ${id}=repeat. Where some do, bring them into one of the two states first.`

function outcomeOf(
  context: MigrationContext,
  step: MigrateStep,
  entry: JournalEntry,
): 'done' | 'continue' | 'repeat' | 'unknown' {
  if (entry.state === 'done') return 'done'
  // Begun in ranges: some documents are done, and the checkpoint tells which, but only to what goes on in ranges.
  if (entry.checkpoint !== undefined && step.strategy === 'online') return 'continue'
  if (entry.checkpoint?.ranges === 0) return 'repeat'
  if (entry.checkpoint !== undefined) return step.repeatable ? 'repeat' : 'unknown'
  if (swapsOwn(step)) {
    const uuid = context.observed.collections.find((one) => one.name === step.target)?.uuid
    if (uuid !== undefined && entry.targetUuid !== undefined) return uuid === entry.targetUuid ? 'repeat' : 'done'
  }
  return step.repeatable ? 'repeat' : 'unknown'
}
