import type { Doc } from '@stage0/bson-schema'
import type { Collection, CollectionOptions } from './collection.ts'
import type { IndexSpec } from './index-spec.ts'
import type { IndexTree } from './index-tree.ts'
import type { StoredRecord } from './record.ts'

/** One document that came, changed or went. */
export interface DocumentChange {
  readonly kind: 'document'
  readonly collection: Collection
  /** Absent: the document is new. */
  readonly before: StoredRecord | undefined
  /** Absent: the document is gone. */
  readonly after: StoredRecord | undefined
}

/** What happened to a collection as a whole. */
export type CatalogChange =
  /** Empty at that moment; its indexes and documents follow as changes of their own. */
  | { readonly kind: 'create'; readonly collection: Collection; readonly options: CollectionOptions }
  | { readonly kind: 'drop'; readonly collection: Collection }
  /** Within one database. */
  | {
      readonly kind: 'rename'
      readonly collection: Collection
      readonly from: string
      readonly to: string
      readonly replaced: Collection | undefined
    }
  /** `collection` is complete: options, indexes and documents, none of which were told before. */
  | { readonly kind: 'swap'; readonly collection: Collection; readonly replaced: Collection | undefined }
  | {
      readonly kind: 'options'
      readonly collection: Collection
      readonly before: CollectionOptions
      readonly options: CollectionOptions
    }
  | { readonly kind: 'addIndex'; readonly collection: Collection; readonly spec: IndexSpec }
  | { readonly kind: 'dropIndex'; readonly collection: Collection; readonly index: IndexTree }
  | {
      readonly kind: 'changeIndex'
      readonly collection: Collection
      readonly index: IndexTree
      readonly before: IndexSpec
      readonly spec: IndexSpec
    }

export type Change = DocumentChange | CatalogChange

/** Who is told of everything that is committed. */
export interface ChangeSink {
  /**
   * Once for each unit that changed something, in the order of the commits. Throws what the command shall fail with: the
   * changes are taken back then.
   */
  committed(changes: readonly Change[]): void
  /** Asked before a change is made: throws where no more can be taken. */
  refuse?(): void
  /**
   * Asked after every command, before its reply goes out: a promise holds the reply and the later commands of that
   * connection; a rejection becomes the command's failure. `command` is the command as it came; `hasWritten`: something was
   * committed by it.
   */
  beforeReply?(command: Doc, hasWritten: boolean): Promise<void> | undefined
  /** Whether anything was committed since this was asked last: asked after every command, or piece of one. */
  takeWritten?(): boolean
}
