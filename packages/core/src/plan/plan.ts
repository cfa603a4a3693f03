import type { Problem } from '@stage0/types'
import type { Doc } from '@stage0/bson-schema'
import type { SchemaChange } from '../diff/schema-diff.ts'
import type { IndexChange } from './index-form-in-place.ts'
import type { MigrationCheckpoint, RememberedLeftovers } from './observed.ts'
import type { RiskCode } from './risk-catalogue.ts'
import type { IndexSpec } from './wanted.ts'

export type { RiskCode } from './risk-catalogue.ts'

/** Ordered steps from an observed to a wanted state. Pure data: same inputs, same bytes, same hash. */
export interface Plan {
  /** SHA-256 (hex) over the canonical JSON of everything else in the plan. */
  readonly hash: string
  readonly wantedHash: string
  readonly observedHash: string
  readonly database: string
  readonly server: string
  readonly environment: string
  readonly loadTestData: boolean
  /** One per collection of the repository or of the record, ascending by name. */
  readonly collections: readonly CollectionPlan[]
  readonly steps: readonly Step[]
  /** Errors among these refuse the plan: nothing is applied. */
  readonly problems: readonly Problem[]
}

export type CollectionState = 'in sync' | 'behind' | 'ahead' | 'drifted' | 'interrupted' | 'invalid'

export interface CollectionPlan {
  readonly name: string
  /** Recorded version, four parts, or `undefined` where nothing is recorded. */
  readonly recorded: string | undefined
  readonly newest: string | undefined
  /** Four-part versions that the plan applies, ascending. */
  readonly pending: readonly string[]
  readonly state: CollectionState
  /** What differs between the record and the database, in words; empty unless `drifted`. */
  readonly drift: readonly string[]
  /** What the last look at the documents left; absent where it left nothing. */
  readonly leftovers?: RememberedLeftovers
  readonly stepIds: readonly string[]
}

export interface Risk {
  readonly code: RiskCode
  /** What it is about inside the step: property path, index name or migration file. `allow` with a path accepts this path and below. */
  readonly path: string | undefined
  readonly what: string
  readonly why: string
  readonly safer: string
  /** The reason given in the file, where it accepts the risk. */
  readonly accepted: string | undefined
}

/** A validator, told apart from others without all that it says. */
export interface ReplacedValidator {
  /** SHA-256 (hex), the same for validators that differ in the order of keys only. */
  readonly hash: string
  readonly level: string
  readonly action: string
}

interface StepBase {
  /** Stable over re-planning: "<collection>/<version>/<kind>[/<name>]". */
  readonly id: string
  /** Collection of the step; "" for enumerators. */
  readonly collection: string
  /** Four-part version; for enumerators the number. */
  readonly version: string
  /** In words, for people: "build indexes nameIndex, statusIndex". */
  readonly name: string
  readonly risks: readonly Risk[]
  /** How a step that was cut off is recovered: by looking at the database, or with the journal. */
  readonly recovery: 'observe' | 'journal'
  /** How it could be undone, in words. */
  readonly undo: string
}

export type Step =
  | (StepBase & { readonly kind: 'recordEnumerators'; readonly document: Doc; readonly contentHash: string })
  | (StepBase & {
      readonly kind: 'createCollection'
      readonly validator: { readonly schema: Doc; readonly level: string; readonly action: string } | undefined
    })
  | (StepBase & {
      readonly kind: 'dropIndex'
      readonly index: string
      /** The index that is meant, as it is before the step: one of another definition is not dropped. */
      readonly definition: IndexSpec
      /** Unique indexes that take its place. Looked through for duplicates right before, so that no index is lost to a build that must fail. */
      readonly replacedBy: readonly IndexSpec[]
    })
  | (StepBase & {
      readonly kind: 'migrate'
      readonly file: string
      readonly contentHash: string
      readonly pipeline: readonly Doc[]
      readonly strategy: 'online' | 'as-written' | 'update'
      /** Why this strategy and what it costs, in words. */
      readonly why: string
      /** Collection that a final `$out`/`$merge` writes to; the own collection for `update`. */
      readonly target: string
      /** Whether the step may simply be repeated after it was cut off. */
      readonly repeatable: boolean
      /** Stages for an update of documents, where the strategy is one: the pipeline without a final `$out` or `$merge`. */
      readonly transform: readonly Doc[] | undefined
      /** Where an online migration that was cut off goes on; `undefined`: from the beginning. */
      readonly from: MigrationCheckpoint | undefined
    })
  | (StepBase & { readonly kind: 'buildIndexes'; readonly indexes: readonly IndexSpec[] })
  | (StepBase & {
      readonly kind: 'changeIndex'
      /** As it is wanted. */
      readonly index: IndexSpec
      /** As it is before the step. */
      readonly before: IndexSpec
      readonly change: IndexChange
    })
  | (StepBase & {
      readonly kind: 'setValidator'
      readonly schema: Doc
      readonly schemaHash: string
      readonly level: string
      readonly action: string
      /** The validator that it takes the place of; `undefined`: there is none. */
      readonly replaces: ReplacedValidator | undefined
      /** From the validator in force before the step. */
      readonly changes: readonly SchemaChange[]
    })
  | (StepBase & {
      readonly kind: 'findLeftovers'
      /** What the documents are held against. */
      readonly schema: Doc
      /** Stages that what does not match is updated with once more; empty where they may not be repeated. */
      readonly repeat: readonly Doc[]
      /**
       * The version is recorded already, with leftovers: what is found now goes into its record at once, as long as that still has
       * this `current_version` and what this run left.
       */
      readonly again?: { readonly current: string; readonly runId: string }
    })
  | (StepBase & {
      readonly kind: 'loadData'
      readonly file: string
      readonly contentHash: string
      readonly count: number
    })
  | (StepBase & {
      readonly kind: 'recordVersion'
      /** "user.1.0.1.3" */
      readonly stored: string
      readonly schema: Doc
      readonly schemaHash: string
      readonly indexes: readonly IndexSpec[]
      readonly migrations: readonly { readonly file: string; readonly hash: string }[]
      readonly enumeratorsHash: string | undefined
    })

export type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>
