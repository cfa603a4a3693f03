import type { Doc } from '@stage0/bson-schema'
import type { TargetResult } from '@stage0/engine'
import type { Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, toDriver, toDriverDocument } from '../driver-values.ts'
import { MAJORITY, runCommand } from './run-command.ts'

export interface PipelineOptions {
  /** Stands in `$currentOp` and in the server's log, so that an operation is found by it. */
  readonly comment: string
  readonly signal: AbortSignal
}

/** A stage with its one key as a plain object, as the driver looks for `$out` and `$merge`; other stages as they are. */
export function toStage(stage: Doc, index: number): Document {
  const [key] = stage.keys
  if (stage.size !== 1 || key === undefined) return toDriverDocument(stage, String(index))
  return { [key]: toDriver(stage.values[0] ?? null, `${index}.${key}`) }
}

/**
 * Runs a pipeline to its end. Documents that it returns are drained and dropped, so that a long result takes no memory.
 * `allowDiskUse`, since a migration may sort or group more than fits into the server's memory limit.
 */
export async function runPipeline(
  { db, attempt }: Connection,
  collection: string,
  pipeline: readonly Doc[],
  { comment, signal }: PipelineOptions,
): TargetResult {
  return attempt(`run the pipeline on collection "${collection}"`, async () => {
    const cursor = db.collection(collection).aggregate(pipeline.map(toStage), {
      ...AS_BYTES,
      allowDiskUse: true,
      bypassDocumentValidation: true,
      comment,
      signal,
      // What was written last counts, confirmed by a majority or not; `$out` and `$merge` wait for the majority.
      readConcern: { level: 'local' },
    })
    for await (const bytes of cursor) void bytes
  })
}

/** `updateMany({}, pipeline)` with `bypassDocumentValidation`: the validator of the version before would refuse the new shape. */
export async function runUpdate(
  { db, attempt }: Connection,
  collection: string,
  pipeline: readonly Doc[],
  { comment, signal }: PipelineOptions,
): TargetResult<{ readonly modified: number }> {
  return attempt(`update the documents of collection "${collection}"`, async () => {
    const updates = [{ q: {}, u: pipeline.map(toStage), multi: true }]
    const command = { update: collection, updates, bypassDocumentValidation: true, comment, writeConcern: MAJORITY }
    const reply = await runCommand(db, command, { signal })
    return { modified: Number(reply['nModified']) }
  })
}
