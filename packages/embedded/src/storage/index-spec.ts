import type { Doc } from '@stage0/bson-schema'
import type { Filter, StringCompare } from '../evaluate/contract.ts'

/** Kinds of index that find documents; the others are stored and listed only. */
export type IndexKind = 'btree' | 'text' | '2d' | '2dsphere' | 'hashed' | 'wildcard'

/** An index as it was asked for, checked. `spec` is what `listIndexes` shows. */
export interface IndexSpec {
  readonly name: string
  readonly key: Doc
  readonly kind: IndexKind
  readonly unique: boolean
  readonly sparse: boolean
  readonly hidden: boolean
  readonly prepareUnique: boolean
  readonly partial: { readonly expression: Doc; readonly filter: Filter } | undefined
  readonly collation: { readonly spec: Doc; readonly compare: StringCompare } | undefined
  readonly expireAfterSeconds: number | undefined
  readonly spec: Doc
}
