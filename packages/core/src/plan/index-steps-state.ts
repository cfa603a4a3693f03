import type { Doc } from '@stage0/bson-schema'
import type { IndexForm } from './index-form.ts'

/** Indexes of a collection while planning walks through its versions. */
export interface IndexState {
  readonly collection: string
  readonly collation: Doc | undefined
  /** Whether the collection stands already, so that building takes time and locks. */
  readonly existed: boolean
  readonly serverVersion: string
  readonly indexes: Map<string, IndexForm>
}
