import type { Doc, Value } from '@stage0/bson-schema'
import type { IndexKeys, ResumedMigration } from '@stage0/core'
import type { CollectionSize } from '@stage0/types'
import type { TargetResult } from '../ports.ts'

interface EvidenceQuery {
  readonly collection: string
  /** A migration that goes on where it stopped; applied to what it still has to change, before `stages`. */
  readonly resumed?: ResumedMigration | undefined
  /** Applied to the documents before they are looked at: what pending migrations will make of them. */
  readonly stages: readonly Doc[]
  /** Only so many documents are looked at, those that the server gives first; all where `undefined`. */
  readonly limit: number | undefined
  /** The server stops after so long. */
  readonly maxMs: number
  readonly signal?: AbortSignal | undefined
}

export interface FailingQuery extends EvidenceQuery {
  readonly schema: Doc
  /** Called with each document that does not match, as it is after `stages`. */
  readonly onDocument: (document: Doc) => void
}

export interface DuplicatesQuery extends EvidenceQuery {
  readonly keys: IndexKeys
  readonly samples: number
}

export interface Duplicates {
  /** Keys that several documents have. */
  readonly keys: number
  /** Documents under these keys; one with several of them counts once for each. */
  readonly documents: number
  /** Those with most documents first. */
  readonly samples: readonly {
    /** In the order of `IndexKeys.paths`. */
    readonly values: readonly Value[]
    readonly documents: number
    /** The least and the greatest. */
    readonly ids: readonly Value[]
  }[]
}

export interface ExpiredQuery extends EvidenceQuery {
  /** The field of the index. */
  readonly path: string
  readonly seconds: number
  /** `partialFilterExpression` of the index; empty where it has none. */
  readonly partialFilter: Doc
  /** Empty where the index has none of its own. */
  readonly collation: Doc
}

export interface CountQuery {
  readonly collection: string
  readonly maxMs: number
  /** Counts one by one where the server's own count is not reliable: on a sharded cluster, which may hold copies of moved documents. */
  readonly isSharded: boolean
  readonly upTo: number
  readonly signal?: AbortSignal | undefined
}

/** Questions about stored documents. All of them only read, each is bounded by time and, where told, by a number of documents. */
export interface EvidencePort {
  /** By the server's statistics; `undefined` where it does not tell them. */
  size(collection: string, signal?: AbortSignal): TargetResult<CollectionSize | undefined>
  /** Documents, at most `upTo`. As the server counts them: exact, but after an unclean shutdown, until it was checked. */
  count(query: CountQuery): TargetResult<number | 'time'>
  /** `time`: the time was over before the end; the documents that were given until then are real. */
  findFailing(query: FailingQuery): TargetResult<'end' | 'time'>
  findDuplicates(query: DuplicatesQuery): TargetResult<Duplicates | 'time'>
  /**
   * Documents that an index with a time to live would delete now, by the clock of the server: of several dates in an array the
   * earliest counts, what is no date never expires.
   */
  countExpired(query: ExpiredQuery): TargetResult<number | 'time'>
}
