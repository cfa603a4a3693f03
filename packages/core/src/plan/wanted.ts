import type { Doc, Value } from '@stage0/bson-schema'
import type { SourcePlace } from '../model/source-place.ts'
import type { VersionNumber } from '../model/version-number.ts'

/**
 * What a configuration repository wants of a database: all that planning and applying read of it.
 *
 * Made by `core/src/render` from the model, with everything resolved and rendered. Plain immutable data.
 */
export interface Wanted {
  /** SHA-256 (hex) over the content below in a canonical form; equal content gives an equal hash. */
  readonly hash: string
  /** Ascending by version. */
  readonly enumerators: readonly WantedEnumerators[]
  /** Ascending by name (code points). */
  readonly collections: readonly WantedCollection[]
  /**
   * Enumerators that the repository has and that nothing up to the target versions uses: they are not stored, and are no
   * strangers where they are. Absent where everything is wanted.
   */
  readonly heldBack?: readonly number[]
}

export interface WantedEnumerators {
  readonly version: number
  /** The document to be stored, as in the file, `file_name` and `_locked` included. */
  readonly document: Doc
  readonly hash: string
  readonly file: string
}

export interface WantedCollection {
  readonly name: string
  /** Path of the configuration file, relative to the repository. */
  readonly file: string
  /** Ascending numerically. */
  readonly versions: readonly WantedVersion[]
}

export interface WantedVersion {
  readonly number: VersionNumber
  /** Normalised four-part form, for example "1.0.1.3". */
  readonly version: string
  /** What `CollectionVersions.current_version` holds: the collection and the version as written, "user.1.0.1.3". */
  readonly stored: string
  /** The rendered `$jsonSchema` (without the `$jsonSchema` key itself). */
  readonly schema: Doc
  readonly schemaHash: string
  readonly validation: {
    readonly level: 'off' | 'moderate' | 'strict' | 'constraint'
    readonly action: 'error' | 'warn' | 'errorAndLog'
  }
  readonly dropIndexes: readonly string[]
  readonly addIndexes: readonly WantedIndex[]
  readonly migrations: readonly WantedMigration[]
  readonly testData: WantedTestData | undefined
  /** Risks that the file accepts, with a reason. */
  readonly allow: readonly { readonly code: string; readonly path: string | undefined; readonly reason: string }[]
  readonly source: SourcePlace
}

/** What the server is asked for; plans and records hold this, without the place in the file. */
export interface IndexSpec {
  readonly name: string
  /** Field path to direction or kind, in declared order: `{a: 1, b: -1}`, `{body: 'text'}`. */
  readonly key: Doc
  /** Every option as declared, `unique: false` included. */
  readonly options: Doc
}

export interface WantedIndex extends IndexSpec {
  readonly source: SourcePlace
}

export interface WantedMigration {
  /** Path relative to the repository. */
  readonly file: string
  readonly hash: string
  /** The stages, with types and key order as written. */
  readonly pipeline: readonly Doc[]
  /** `as-written` needs a final `$out` or `$merge`; `update` was opted in to with `migration: {mode: update}`. */
  readonly mode: 'as-written' | 'update'
  readonly source: SourcePlace
}

export interface WantedTestData {
  readonly file: string
  readonly hash: string
  /** Typed documents in file order. A document without `_id` has a deterministic one already. */
  readonly documents: readonly Value[]
  readonly source: SourcePlace
}
