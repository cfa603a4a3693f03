import { EMPTY_DOC, type Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { compileFilter } from '../evaluate/compile-filter.ts'
import type { EvaluationContext } from '../evaluate/contract.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf, type StoredRecord } from '../storage/record.ts'
import { collationOf, type Collation } from './collation.ts'
import { candidates } from './index-scan.ts'
import { planQuery, type PlanRequest, type QueryPlan } from './query-plan.ts'
import { RecordSource } from './record-source.ts'

/** MongoDB looks at the clock now and then; so do we. */
export const CHECK_EVERY_DOCUMENTS = 1_000

export interface Selected {
  readonly record: StoredRecord
  readonly document: Doc
}

export interface Selection {
  readonly plan: QueryPlan
  readonly source: RecordSource
  readonly context: EvaluationContext
  /** Documents that pass the filter, in the order of the plan; read once. */
  readonly matches: () => Generator<Selected>
  /** As `matches`, without decoding where no filter asks for it. */
  readonly records: () => Generator<StoredRecord>
}

export const collationFor = (collection: CollectionReader | undefined, asked: Doc | undefined): Collation =>
  collationOf(asked, { compare: collection?.options.collation, spec: collection?.options.collationSpec })

/** Documents of `collection` that match. A collection that does not exist has none; the filter is checked all the same. */
export function select(
  call: Call,
  collection: CollectionReader | undefined,
  filter: Doc,
  collation: Collation,
  options: Pick<PlanRequest, 'hint' | 'sort' | 'bounds'> & {
    readonly variables?: EvaluationContext['variables']
  } = {},
): Selection {
  const base = call.context(collation.compare)
  const context = options.variables === undefined ? base : { ...base, variables: options.variables }
  const accepts = compileFilter(filter, context)
  const plan: QueryPlan =
    collection === undefined
      ? { kind: 'COLLSCAN', isSorted: true }
      : planQuery(collection, { ...options, filter, collation })
  const source = new RecordSource(collection === undefined ? [] : candidates(collection, plan))
  const everything = filter === EMPTY_DOC || filter.size === 0
  return {
    plan,
    source,
    context,
    *matches() {
      let seen = 0
      for (const record of source) {
        if (++seen % CHECK_EVERY_DOCUMENTS === 0) context.checkTime()
        const document = documentOf(record)
        if (accepts(document)) yield { record, document }
      }
    },
    *records() {
      let seen = 0
      for (const record of source) {
        if (++seen % CHECK_EVERY_DOCUMENTS === 0) context.checkTime()
        if (everything || accepts(documentOf(record))) yield record
      }
    },
  }
}
