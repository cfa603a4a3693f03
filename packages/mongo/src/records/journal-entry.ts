import type { Doc } from '@stage0/bson-schema'
import type { JournalEntry, MigrationCheckpoint } from '@stage0/core'
import type { Document } from 'mongodb'
import { toDriver } from '../driver-values.ts'
import { docAt, numberAt, textAt } from '../observe/fields.ts'

/** An entry of the journal as the run's record holds it. */
export const toJournalDocument = ({ checkpoint, session, mustFinish, ...entry }: JournalEntry): Document => ({
  step_id: entry.stepId,
  content_hash: entry.contentHash,
  state: entry.state,
  target_uuid: entry.targetUuid ?? null,
  comment: entry.comment,
  ...(checkpoint !== undefined && { checkpoint: toCheckpointDocument(checkpoint) }),
  ...(session !== undefined && { session: { id: session.id, run_id: session.runId } }),
  ...(mustFinish === true && { must_finish: true }),
})

/** An `_id` may be null, so that there is none is told by the field's absence. */
export const toCheckpointDocument = ({ last, upTo, ...counts }: MigrationCheckpoint): Document => ({
  ...(last !== undefined && { last: toDriver(last, 'checkpoint.last') }),
  ...(upTo !== undefined && { up_to: toDriver(upTo, 'checkpoint.up_to') }),
  ...counts,
})

export const toCheckpoint = (stored: Doc): MigrationCheckpoint => ({
  last: stored.get('last'),
  upTo: stored.get('up_to'),
  ranges: numberAt(stored, 'ranges') ?? 0,
  done: numberAt(stored, 'done') ?? 0,
  modified: numberAt(stored, 'modified') ?? 0,
  total: numberAt(stored, 'total') ?? 0,
})

export function toJournalEntry(entry: Doc): JournalEntry {
  const session = docAt(entry, 'session')
  const [id, runId] = [textAt(session, 'id'), textAt(session, 'run_id')]
  return {
    stepId: textAt(entry, 'step_id') ?? '',
    contentHash: textAt(entry, 'content_hash') ?? '',
    state: stateOf(textAt(entry, 'state')),
    targetUuid: textAt(entry, 'target_uuid'),
    comment: textAt(entry, 'comment') ?? '',
    ...(entry.has('checkpoint') && { checkpoint: toCheckpoint(docAt(entry, 'checkpoint')) }),
    ...(id !== undefined && runId !== undefined && { session: { id, runId } }),
    ...(entry.get('must_finish') === true && { mustFinish: true }),
  }
}

const stateOf = (state: string | undefined): JournalEntry['state'] =>
  state === 'done' || state === 'undone' ? state : 'intended'
