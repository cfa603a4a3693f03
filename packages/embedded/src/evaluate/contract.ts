import type { Doc, Value } from '@stage0/bson-schema'
import type { Item } from './turn.ts'

/** Compares strings by a collation; absent means simple binary comparison (UTF-8 byte order). */
export type StringCompare = (a: string, b: string) => number

export interface EvaluationContext {
  readonly collation: StringCompare | undefined
  /** Variables of `let`, without `$$`. */
  readonly variables: ReadonlyMap<string, Value>
  /** Variables whose value changes from one document to the next; `undefined` stands for missing. */
  readonly cells?: ReadonlyMap<string, { value: Value | undefined }>
  /** `$$NOW`: one instant for a whole command. */
  readonly now: Date
  /** Between 0 and 1, for `$rand`, `$sample` and `$sampleRate`. */
  readonly random?: () => number
  /** Throws `MaxTimeMSExpired` when time is up; called every 1,000 documents. */
  readonly checkTime: () => void
}

export type Filter = (document: Doc) => boolean
export type Projection = (document: Doc) => Doc
export type DocCompare = (a: Doc, b: Doc) => number

export interface Update {
  readonly kind: 'operators' | 'replacement' | 'pipeline'
  /** The document after the update; the same object when nothing changed. `insert` makes `$setOnInsert` count. */
  readonly apply: (document: Doc, options: { readonly insert: boolean }) => Doc
}

/** How a pipeline reaches collections. `database` is absent for the own one. */
export interface PipelineSources {
  /** Documents of a collection, a snapshot; empty where it does not exist. Views are resolved by the server. */
  readonly read: (collection: string, database?: string) => Iterable<Doc>
}

/** What a pipeline ends with; the server carries out the writing. */
export type PipelineEnd =
  | { readonly kind: 'cursor' }
  | { readonly kind: 'out'; readonly database: string | undefined; readonly collection: string }
  | {
      readonly kind: 'merge'
      readonly database: string | undefined
      readonly collection: string
      readonly on: readonly string[]
      readonly whenMatched:
        | 'replace'
        | 'keepExisting'
        | 'merge'
        | 'fail'
        | { readonly pipeline: readonly Value[]; readonly let: Doc | undefined }
      readonly whenNotMatched: 'insert' | 'discard' | 'fail'
    }

export interface CompiledPipeline {
  /** The leading `$match`, for index selection; the pipeline still contains it. */
  readonly leadingMatch: Doc | undefined
  readonly end: PipelineEnd
  /** Lazily transforms documents; may be called again for other documents. */
  readonly run: (input: Iterable<Item>) => Iterable<Doc>
  /** As `run`, with the turns of the input passed on. */
  readonly runInTurns: (input: Iterable<Item>) => Iterable<Item>
}

/*
 * The evaluator's functions, one file each in this folder. All throw `ServerError` with MongoDB's code; an unknown operator,
 * stage or option is an error, never ignored.
 *
 * compile-filter.ts      compileFilter(filter: Doc, context): Filter
 * compile-projection.ts  compileProjection(spec: Doc, context, filter?: Doc): Projection  (of find and findAndModify; `filter` for `.$`)
 * compile-sort.ts        compileSort(spec: Doc, context): DocCompare
 * compile-update.ts      compileUpdate(update: Doc | readonly Value[], context & {arrayFilters?, filter?}): Update   (operators, replacement, pipeline)
 *                        upsertSeed(filter: Doc): Doc                            (the equalities that an upsert starts from)
 * compile-pipeline.ts    compilePipeline(stages: readonly Value[], context, sources): CompiledPipeline
 * registry.ts            OPERATORS: names by kind, from the tables that dispatch; the support page is generated from it
 */
