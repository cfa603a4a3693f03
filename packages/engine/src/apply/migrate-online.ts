import type { Value } from '@stage0/bson-schema'
import type { JournalEntry, MigrationCheckpoint, StepOf } from '@stage0/core'
import { err, ok, type Result } from '@stage0/types'
import type { TargetError } from '../ports.ts'
import type { RangePort, Span } from '../range-port.ts'
import type { StepContext, StepOutcome } from './execute-step.ts'
import { journalDone } from './journal-done.ts'
import { lockLost } from './lock-keeper.ts'
import { ATTEMPTS } from './patience.ts'

/** What a range may take: longer ones are cut down, since writers wait for its end. */
const RANGE_MS = 1000
/** With eight attempts at a range that meets the writes of others, the waits between them add up to about 13 seconds. */
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000

type Done = Result<StepOutcome, TargetError>

/**
 * Migrates a collection in ranges, each a transaction with its checkpoint, from where an earlier run stopped. Between two ranges it
 * notices that it is to pause, to end or to slow down.
 */
export async function migrateOnline(
  step: StepOf<'migrate'>,
  intent: JournalEntry,
  context: StepContext,
): Promise<Done> {
  const opened = await context.target.openRanges(step.collection, context.signal)
  if (!opened.ok) return opened
  const ranges = opened.value
  try {
    const begun = await begin(step, intent, ranges, context)
    return begun.ok ? await work(step, begun.value, ranges, context) : begun
  } finally {
    await ranges.close()
  }
}

/** An entry of the journal with a checkpoint. */
type OnlineEntry = JournalEntry & { readonly checkpoint: MigrationCheckpoint }

async function begin(
  step: StepOf<'migrate'>,
  intent: JournalEntry,
  ranges: RangePort,
  { target, runId, token }: StepContext,
): Promise<Result<OnlineEntry, TargetError>> {
  const first = step.from === undefined ? await ranges.bounds() : ok(step.from)
  if (!first.ok) return first
  const checkpoint = { last: undefined, ranges: 0, done: 0, modified: 0, ...first.value }
  const entry = { ...intent, checkpoint, session: { id: ranges.session, runId } }
  const journaled = await target.runs.journal(runId, token, entry)
  return journaled.ok ? ok(entry) : journaled
}

async function work(
  step: StepOf<'migrate'>,
  entry: OnlineEntry,
  ranges: RangePort,
  context: StepContext,
): Promise<Done> {
  const { signal, pace, clock } = context
  let { checkpoint } = entry
  let limit = pace.batchSize
  let failures = 0
  let ahead: Ahead | undefined
  for (;;) {
    const next = await context.between()
    if (!next.ok) return next
    if (next.value === 'cancelled') return ok(cutOff(checkpoint))
    const startedAtMs = clock.monotonicMs()
    const [done, following] = await migrateNext(step, { ...entry, checkpoint }, ranges, { limit, ahead }, context)
    ahead = following
    if (!done.ok) {
      failures += 1
      if (!mayRepeat(done.error) || failures >= ATTEMPTS) return failed(entry, checkpoint, done.error, context)
      if (done.error.kind === 'unreachable') {
        if (!(await context.answering())) return failed(entry, checkpoint, done.error, context)
        continue
      }
      limit = Math.max(1, Math.floor(limit / 2))
      await clock.sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), signal)
      continue
    }
    if (done.value === undefined) break
    failures = 0
    checkpoint = done.value
    context.onProgress(checkpoint.done, Math.max(checkpoint.total, checkpoint.done), 'documents')
    limit = nextLimit(limit, clock.monotonicMs() - startedAtMs, pace.batchSize)
    if (pace.pauseMs > 0) await clock.sleep(pace.pauseMs, signal)
  }
  if (context.isLeaseOver()) return err(lockLost())
  const journaled = await journalDone(context, { ...entry, checkpoint })
  return journaled.ok ? ok({ status: 'succeeded', detail: detailOf(checkpoint, step.from) }) : journaled
}

/** A span that was looked for while the one before it was committed. */
interface Ahead {
  readonly span: Extract<Span, { readonly after: Value }>
  readonly limit: number
}

type Migrated = readonly [Result<MigrationCheckpoint | undefined, TargetError>, Ahead?]

/**
 * Migrates the next range and looks for the one behind it meanwhile. Returns the checkpoint behind the range, `undefined` where there
 * is none.
 */
async function migrateNext(
  step: StepOf<'migrate'>,
  { comment, checkpoint }: OnlineEntry,
  ranges: RangePort,
  { limit, ahead }: { readonly limit: number; readonly ahead: Ahead | undefined },
  { runId, token }: StepContext,
): Promise<Migrated> {
  const { last, upTo } = checkpoint
  if (upTo === undefined) return [ok(undefined)]
  // An attempt that was thought lost may have gone further than this one was to: then what was found is behind the wrong place.
  const isNext = ahead?.limit === limit && ahead.span.after === last
  const found = isNext ? ok(ahead.span) : await ranges.next(last, upTo, limit)
  if (!found.ok || found.value === undefined) return [found.ok ? ok(undefined) : found]
  const span = found.value
  const pipeline = step.transform ?? []
  const meanwhile: { following?: ReturnType<RangePort['next']> } = {}
  const done = await ranges.apply({ span, pipeline, runId, token, stepId: step.id, comment, checkpoint }, () => {
    meanwhile.following = ranges.next(endOf(span), upTo, limit)
  })
  const following = await meanwhile.following
  // What comes to be between two values in the meantime is between them; among named ones it would be left out.
  const isKept = following?.ok === true && following.value !== undefined && 'after' in following.value
  return isKept ? [done, { span: following.value, limit }] : [done]
}

const endOf = (span: Span): Value | undefined => ('ids' in span ? span.ids.at(-1) : span.last)

/** Another attempt cannot do harm: the checkpoint tells whether the one before took effect. */
const mayRepeat = ({ transient, kind }: TargetError): boolean => transient === true || kind === 'unreachable'

/** Half a range's time is room to grow, more than all of it is too long. */
function nextLimit(limit: number, tookMs: number, most: number): number {
  if (tookMs > RANGE_MS) return Math.max(1, Math.floor((limit * RANGE_MS) / tookMs))
  return tookMs < RANGE_MS / 2 ? Math.min(most, limit * 2) : limit
}

const cutOff = ({ done, total }: MigrationCheckpoint): StepOutcome => ({
  status: 'cancelled',
  detail: `${done} of ${Math.max(done, total)} documents; the next run goes on there`,
})

/** What this run changed; where it went on with the work of an earlier one also what both did. */
function detailOf({ done, modified }: MigrationCheckpoint, from: MigrationCheckpoint | undefined): string {
  const changed = (some: number, all: number): string => `${some}${some === all ? '' : ` of ${all}`}`
  if (from === undefined || from.done === 0) return `${changed(modified, done)} documents changed`
  return `${changed(modified - from.modified, done - from.done)} documents changed, ${changed(modified, done)} in all`
}

/** What the server refused before the first range was through counts as never begun, so that a corrected file can be applied. */
async function failed(
  entry: OnlineEntry,
  checkpoint: MigrationCheckpoint,
  error: TargetError,
  { target, runId, token }: StepContext,
): Promise<Done> {
  if (checkpoint.ranges === 0 && error.kind === 'refused')
    // The refusal is what counts; an entry that stays as it is only asks more of the next run.
    await target.runs.journal(runId, token, { ...entry, checkpoint, state: 'undone' })
  return err(error.transient === true ? conflicts(error, checkpoint) : error)
}

const conflicts = (error: TargetError, { done }: MigrationCheckpoint): TargetError => ({
  code: 'MIGRATION_CONFLICTS',
  kind: 'refused',
  message: `After ${done} documents a range could not be migrated in ${ATTEMPTS} attempts. The last one: ${error.message}`,
  hint: 'Run again when there is less load, with a smaller --batch-size: it goes on where it stopped.',
})
