import type { Doc, Value } from '@stage0/bson-schema'
import type { IndexSpec } from './wanted.ts'

/** What a target holds now. Read-only facts; reading them creates nothing on the target. */
export interface Observed {
  readonly database: string
  readonly server: ServerFacts
  readonly collections: readonly ObservedCollection[]
  /** All documents of the versions collection, duplicates included, in `_id` order. */
  readonly versions: readonly RecordedVersion[]
  /** All documents of the enumerators collection. */
  readonly enumerators: readonly ObservedEnumerators[]
  /** Applied versions from `stage0_history`, oldest first. */
  readonly history: readonly AppliedVersion[]
  /** The newest run without an outcome, unless it holds the lock under an unexpired lease. A superseded run has an outcome. */
  readonly interrupted: InterruptedRun | undefined
  /**
   * Journal of the newest run (the one with the highest token at its beginning), whatever its outcome: a run that failed
   * after a migration must not lead to a second one. Complete, since each run carries over what still counts when it begins.
   * In the order of writing: the last entry of a step counts.
   */
  readonly journal: readonly JournalEntry[]
  /** What the connected user may do on the database; `undefined` where the server does not tell (no access control). */
  readonly privileges: readonly ObservedPrivilege[] | undefined
}

export interface ServerFacts {
  readonly version: string
  readonly kind: 'standalone' | 'replica-set' | 'sharded'
  /** `buildInfo.modules`; holds "embedded" for our own server. */
  readonly modules: readonly string[]
}

export interface ObservedCollection {
  readonly name: string
  readonly type: 'collection' | 'view' | 'timeseries'
  /** Hex of the collection's UUID; changes when `$out` replaces the collection. */
  readonly uuid: string | undefined
  /** The whole validator document (`{$jsonSchema: ...}` or a query), absent where there is none. */
  readonly validator: Doc | undefined
  /** Normalised: the server's defaults are filled in (`strict`, `error`). */
  readonly validationLevel: string
  readonly validationAction: string
  /** `options` of listCollections without the three above. */
  readonly options: Doc
  readonly indexes: readonly ObservedIndex[]
  /** From collection metadata: cheap, may lag behind. */
  readonly estimatedDocuments: number
}

/** `options`: everything of listIndexes but `v`, `key`, `name` and `ns`, as the server tells it. */
export type ObservedIndex = IndexSpec

export interface RecordedVersion {
  /** As stored; anything may stand there in a database that others wrote to. */
  readonly document: Doc
  readonly collection: string | undefined
  /** `current_version` as stored, for example "user.1.0.1.3"; `undefined` when it is not a string. */
  readonly current: string | undefined
  readonly schemaHash: string | undefined
  /** Absent where the last look at the documents left nothing, or nobody has looked. */
  readonly leftovers?: RememberedLeftovers | undefined
}

/** Documents that did not match the validator when a run looked after a migration. Remembered until a look finds none. */
export interface RememberedLeftovers {
  /** At least 1. */
  readonly count: number
  /** The run that found them. */
  readonly runId: string
}

export interface ObservedEnumerators {
  readonly version: number
  /** As stored, without `_id` and without the fields that Stage0 adds. */
  readonly document: Doc
  /** Our own content hash; absent in documents that the first implementation wrote. */
  readonly hash: string | undefined
}

export interface AppliedVersion {
  readonly collection: string
  readonly version: string
  readonly schemaHash: string
  /** Indexes that the version added, as declared. */
  readonly indexes: readonly IndexSpec[]
  readonly migrations: readonly { readonly file: string; readonly hash: string }[]
  readonly enumeratorsHash: string | undefined
  readonly runId: string
}

export interface InterruptedRun {
  readonly runId: string
  readonly planHash: string
  readonly startedAt: string
  /** In words, for people: user, host, process id. */
  readonly holder: string
}

/** Intent and outcome of a step that cannot be recovered by looking: `migrate` and `loadData`. */
export interface JournalEntry {
  /** `Step.id`: the same in every plan that contains the step. */
  readonly stepId: string
  /** Hash of the migration or data file that the intent was for. */
  readonly contentHash: string
  /** `undone`: the server refused the step and wrote nothing of it, so it counts as never begun, whatever its file says now. */
  readonly state: 'intended' | 'done' | 'undone'
  /** UUID (hex) of the target of a final `$out`, read before the step began. */
  readonly targetUuid: string | undefined
  /** The `comment` that the operation carries on the server: run id and token. */
  readonly comment: string
  /** How far an online migration is; absent for everything else. */
  readonly checkpoint?: MigrationCheckpoint | undefined
  /** Id (hex) of the session whose transactions an online migration uses, and the run whose record they write into. */
  readonly session?: { readonly id: string; readonly runId: string } | undefined
  /** Ended in the middle it would leave a part done that nobody could tell: it may only be waited for. */
  readonly mustFinish?: true | undefined
}

/** How far an online migration is. Written in the transaction of each range, so that no document counts twice or not at all. */
export interface MigrationCheckpoint {
  /** `_id` of the last document of the last range; `undefined` before the first range. */
  readonly last: Value | undefined
  /** `_id` of the last document that there was when the migration began: it ends there. `undefined`: there was none. */
  readonly upTo: Value | undefined
  /** Ranges so far: the next one is written only over exactly this number. */
  readonly ranges: number
  /** Documents so far. */
  readonly done: number
  /** Of these, changed. */
  readonly modified: number
  /** Documents that there were at the beginning, from metadata. */
  readonly total: number
}

export interface ObservedPrivilege {
  /** "" means any. */
  readonly database: string
  readonly collection: string
  readonly actions: readonly string[]
}
