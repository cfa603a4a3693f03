import { pipelineFacts, type JournalEntry, type Step, type StepOf, type Wanted } from '@stage0/core'
import { err, ok, type Leftovers, type Result } from '@stage0/types'
import type { Clock, TargetError, TargetPort } from '../ports.ts'
import { duplicatesError, findIndexDuplicates } from '../index-duplicates.ts'
import { documentsOf, findVersion } from '../preflight.ts'
import type { MigrationPace } from './apply-input.ts'
import { findLeftovers } from './find-leftovers.ts'
import { journalDone } from './journal-done.ts'
import { lockLost } from './lock-keeper.ts'
import { migrateOnline } from './migrate-online.ts'

export interface StepContext {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly runId: string
  readonly token: number
  readonly appliedBy: string
  readonly toolVersion: string
  /** Aborts when the lock is lost. */
  readonly signal: AbortSignal
  /** Whether the lease still holds by our own clock: a process that was suspended must notice before it sends anything. */
  readonly isLeaseOver: () => boolean
  /** After the way to the database was lost: waits until it answers and the lock is still ours; `false` where it does not. */
  readonly answering: () => Promise<boolean>
  readonly onProgress: (done: number, total: number, unit: string) => void
  /** Between two pieces of work that leave the database in order: waits while the run is paused, and tells whether it is to end. */
  readonly between: () => Promise<Result<'on' | 'cancelled', TargetError>>
  readonly pace: Readonly<Record<keyof MigrationPace, number>>
  readonly clock: Clock
  /** Documents that do not match and are told with their `_id`, at most. */
  readonly samples: number
  /** Per collection that was looked through in this run: how many documents do not match. */
  readonly leftovers: Map<string, number>
}

/** `detail` in words, where there is more to say than the step's name. `cancelled`: stopped on the way, to be gone on with. */
export interface StepOutcome {
  readonly status: 'succeeded' | 'already' | 'cancelled'
  readonly detail?: string
  readonly leftovers?: Leftovers
}

type Outcome = Promise<Result<StepOutcome, TargetError>>

const SUCCEEDED = ok({ status: 'succeeded' } as const)

/** Executes one step. Each kind may be executed again after it was cut off, or is journaled so that the next run knows. */
export async function executeStep(step: Step, context: StepContext): Outcome {
  const { target, signal } = context
  switch (step.kind) {
    case 'recordEnumerators':
      return plain(await target.recordEnumerators(step.document, step.contentHash, signal))
    case 'createCollection':
      return plain(await target.createCollection(step.collection, step.validator, signal))
    case 'dropIndex':
      return dropIndex(step, context)
    case 'buildIndexes':
      return asFound(
        await target.buildIndexes(step.collection, step.indexes, signal, (done, total) =>
          context.onProgress(done, total, 'documents scanned'),
        ),
      )
    case 'changeIndex':
      return plain(await target.changeIndex(step.collection, step.index.name, step.change, signal))
    case 'setValidator':
      return plain(await target.setValidator(step.collection, step.schema, step.level, step.action, signal))
    case 'migrate':
      return migrate(step, context)
    case 'findLeftovers':
      return findLeftovers(step, context)
    case 'loadData':
      return loadData(step, context)
    case 'recordVersion':
      return plain(await target.recordVersion(versionRecord(step, context), signal))
  }
}

const plain = (result: Result<void, TargetError>): Result<StepOutcome, TargetError> => (result.ok ? SUCCEEDED : result)

const asFound = (result: Result<'done' | 'already', TargetError>): Result<StepOutcome, TargetError> =>
  result.ok ? ok({ status: result.value === 'already' ? 'already' : 'succeeded' }) : result

/** An index whose successor could not be built afterwards stays. */
async function dropIndex(step: StepOf<'dropIndex'>, { target, samples, signal }: StepContext): Outcome {
  for (const index of step.replacedBy) {
    const found = await findIndexDuplicates({ target, collection: step.collection, index, samples, signal })
    if (!found.ok) return found
    if (found.value !== undefined) return err(duplicatesError(step.collection, index, found.value, samples))
  }
  return asFound(await target.dropIndex(step.collection, step.definition, signal))
}

/** Intent, with what the target looks like before; the work; the outcome. A crash between any two of them can be judged. */
async function migrate(step: StepOf<'migrate'>, context: StepContext): Outcome {
  const { target, signal } = context
  const uuid = await target.collectionUuid(step.target, signal)
  if (!uuid.ok) return uuid
  const intent = { ...intentOf(step, context, uuid.value), ...(mustFinish(step) && { mustFinish: true as const }) }
  if (step.strategy === 'online') return migrateOnline(step, intent, context)
  const intended = await journal(context, intent)
  if (!intended.ok) return intended
  // Suspended since the journal was written, another run may be at work on what this one is about to change.
  if (context.isLeaseOver()) return err(lockLost())
  const options = { comment: intent.comment, signal }
  if (step.strategy === 'as-written') {
    const run = await target.runPipeline(step.collection, step.pipeline, options)
    return run.ok ? finish(context, intent, { status: 'succeeded' }) : refused(step, context, intent, run.error)
  }
  const run = await target.runUpdate(step.collection, step.pipeline, options)
  if (!run.ok) return refused(step, context, intent, run.error)
  return finish(context, intent, { status: 'succeeded', detail: `${run.value.modified} documents changed` })
}

/** Ended in the middle, ranges go on at their checkpoint, `$out` has changed nothing, and what is repeatable is repeated. */
const mustFinish = ({ strategy, repeatable, pipeline }: StepOf<'migrate'>): boolean =>
  strategy !== 'online' && !repeatable && !(strategy === 'as-written' && pipelineFacts(pipeline).writesBy === '$out')

/** Refused when the pipeline was read, before a document was. Source: MongoDB's error codes (InvalidPipelineOperator and locations). */
const READING_THE_PIPELINE: readonly unknown[] = [168, 40324, 51183]

/**
 * A server that answered with a refusal has often written nothing: then the step counts as never begun, so that a corrected
 * file can be applied. `$out` shows it by the UUID of its target, the others by an error that comes before any document.
 */
async function refused(
  step: StepOf<'migrate'>,
  context: StepContext,
  intent: JournalEntry,
  error: TargetError,
): Outcome {
  if (error.kind === 'refused' && error.serverCode !== undefined && (await wroteNothing(step, context, intent, error)))
    // The refusal is what counts; an entry that stays as it is only asks more of the next run.
    await journal(context, { ...intent, state: 'undone' })
  return err(error)
}

async function wroteNothing(
  step: StepOf<'migrate'>,
  { target, signal }: StepContext,
  intent: JournalEntry,
  { serverCode }: TargetError,
): Promise<boolean> {
  if (READING_THE_PIPELINE.includes(serverCode)) return true
  if (step.strategy !== 'as-written' || pipelineFacts(step.pipeline).writesBy !== '$out') return false
  const uuid = await target.collectionUuid(step.target, signal)
  return uuid.ok && uuid.value === intent.targetUuid
}

async function loadData(step: StepOf<'loadData'>, context: StepContext): Outcome {
  const testData = findVersion(context.wanted, step.collection, step.version)?.testData
  if (testData === undefined) throw new TypeError(`the plan loads ${step.file}, which the repository does not name`)
  const intent = intentOf(step, context, undefined)
  const intended = await journal(context, intent)
  if (!intended.ok) return intended
  const loaded = await context.target.insertDocuments(step.collection, documentsOf(testData), {
    signal: context.signal,
    onProgress: (done) => context.onProgress(done, step.count, 'documents'),
  })
  if (!loaded.ok) return loaded
  const { inserted, already } = loaded.value
  const detail = `${inserted} document${inserted === 1 ? '' : 's'} inserted${already === 0 ? '' : `, ${already} were there already`}`
  return finish(context, intent, { status: inserted === 0 ? 'already' : 'succeeded', detail })
}

function intentOf(
  step: StepOf<'migrate' | 'loadData'>,
  { runId, token }: StepContext,
  targetUuid: string | undefined,
): JournalEntry {
  const comment = `stage0 run ${runId} token ${token} step ${step.id}`
  return { stepId: step.id, contentHash: step.contentHash, state: 'intended', targetUuid, comment }
}

const journal = ({ target, runId, token }: StepContext, entry: JournalEntry) => target.runs.journal(runId, token, entry)

async function finish(context: StepContext, intent: JournalEntry, outcome: StepOutcome): Outcome {
  const done = await journalDone(context, intent)
  return done.ok ? ok(outcome) : err(done.error)
}

const versionRecord = (
  step: StepOf<'recordVersion'>,
  { wanted, runId, appliedBy, toolVersion, leftovers }: StepContext,
) => ({
  collection: step.collection,
  stored: step.stored,
  version: step.version,
  schema: step.schema,
  schemaHash: step.schemaHash,
  indexes: step.indexes,
  migrations: step.migrations,
  enumeratorsHash: step.enumeratorsHash,
  runId,
  appliedBy,
  toolVersion,
  // Without rules no document breaks any, and nobody looks again.
  leftovers: hasRules(wanted, step) ? leftovers.get(step.collection) : 0,
})

const hasRules = (wanted: Wanted, { collection, version }: StepOf<'recordVersion'>): boolean =>
  findVersion(wanted, collection, version)?.validation.level !== 'off'
