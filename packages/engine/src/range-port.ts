import type { Doc, Value } from '@stage0/bson-schema'
import type { MigrationCheckpoint } from '@stage0/core'
import type { TargetResult } from './ports.ts'

/**
 * The documents of one collection in ranges, in the order of the index on `_id`, which knows neither borders between types nor
 * gaps. Its transactions have a session of their own, so that they can be ended when the process is gone.
 */
export interface RangePort {
  /** Id (hex) of the session. */
  readonly session: string
  /** Where the migration is to end, and how many documents there are by the metadata. */
  bounds(): TargetResult<{ readonly upTo: Value | undefined; readonly total: number }>
  /**
   * The next documents behind `after` (from the beginning where it is `undefined`) up to `upTo`: at most `limit`, and one more
   * where the document of `after` is gone. `undefined`: `upTo` is reached. The last span ends with `upTo` even where its
   * document is gone.
   */
  next(after: Value | undefined, upTo: Value, limit: number): TargetResult<Span | undefined>
  /**
   * Updates the documents and moves the checkpoint in the journal, both or none of it. Where the checkpoint shows that an earlier
   * attempt took effect after all, nothing is done and the checkpoint comes back as it is. So an error that is `transient` or
   * `unreachable` is followed by another attempt. Fenced: fails with `lost-lock` when the run's token is no longer the given one.
   * `onUpdated` is called when the documents are updated and only the checkpoint and the commit are left, during which the database
   * has time for something else; not where it did not come so far.
   */
  apply(range: Range, onUpdated: () => void): TargetResult<MigrationCheckpoint>
  /** Ends the session. */
  close(): Promise<void>
}

/** Neighbours in the order of `_id`. */
export type Span =
  /** At least one, ascending. */
  | { readonly ids: readonly Value[] }
  /** All behind `after`, up to and with `last`: values of one type, so that a comparison with them leaves nothing out. */
  | { readonly after: Value; readonly last: Value }

export interface Range {
  readonly span: Span
  readonly pipeline: readonly Doc[]
  readonly runId: string
  readonly token: number
  /** Of the journal entry that holds the checkpoint. */
  readonly stepId: string
  readonly comment: string
  /** As it was before the range. */
  readonly checkpoint: MigrationCheckpoint
}

/** What is looked for, and what is done about it. */
export interface LeftoversQuery {
  readonly collection: string
  readonly schema: Doc
  /**
   * Stages of an update for the documents that do not match; may be repeated. None: they are only looked for. What the server
   * refuses for the sake of a document stays as it is.
   */
  readonly repeat: readonly Doc[]
  /** Samples that are wanted; 0: documents are counted and none is read. */
  readonly limit: number
  readonly comment: string
  readonly signal: AbortSignal
}

export interface FoundLeftovers {
  /** Documents that do not match. */
  readonly count: number
  /** Documents that did not match and were updated once more, whether that helped or not. */
  readonly repeated: number
  /** Why the server refused to update the first of those that it did not update, as a sentence. */
  readonly refused?: string
  /** The first ones by `_id`. */
  readonly samples: readonly { readonly id: string; readonly why?: string }[]
}
