import type { Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import type { Steps } from '../commands/steps.ts'
import { compileFilter } from '../evaluate/compile-filter.ts'
import type { EvaluationContext, Filter } from '../evaluate/contract.ts'
import { TURN, type Turn } from '../evaluate/turn.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf, type StoredRecord } from '../storage/record.ts'
import { collationOf, type Collation } from './collation.ts'
import { candidates, passable } from './index-scan.ts'
import { planQuery, type PlanRequest, type QueryPlan } from './query-plan.ts'
import { RecordSource } from './record-source.ts'

/** MongoDB looks at the clock now and then; so do we. */
export const CHECK_EVERY_DOCUMENTS = 1_000

export interface Selected {
  readonly record: StoredRecord
  readonly document: Doc
}

/** What a filter selects of a collection, to be read once. */
export class Selection {
  readonly plan: QueryPlan
  readonly source: RecordSource
  readonly context: EvaluationContext
  /** So many documents were passed over that would have come first. */
  readonly passed: number
  /** Absent: the plan leads to nothing but matches. */
  readonly #accepts: Filter | undefined
  readonly #filter: Doc
  #accepted: Filter | undefined

  constructor(plan: QueryPlan, source: RecordSource, context: EvaluationContext, filter: Doc, passed: number) {
    this.plan = plan
    this.source = source
    this.passed = passed
    this.context = context
    this.#filter = filter
    this.#accepts = findsMore(plan, filter) ? compileFilter(filter, context) : undefined
    this.#accepted = this.#accepts
  }

  /** Whether a document of the source passes the filter. */
  accepts(document: Doc): boolean {
    return this.#accepts?.(document) !== false
  }

  /** Whether a document passes the filter that has changed since the plan led to it. */
  stillAccepts(document: Doc): boolean {
    this.#accepted ??= compileFilter(this.#filter, this.context)
    return this.#accepted(document)
  }

  /** As `matches`, with turns of others on the way; after one, what they write is not seen. */
  *matchesInTurns(isTurnOver: () => boolean): Generator<Selected | Turn> {
    let seen = 0
    for (const record of this.source) {
      if (++seen % CHECK_EVERY_DOCUMENTS === 0) this.context.checkTime()
      const document = documentOf(record)
      if (this.accepts(document)) yield { record, document }
      if (isTurnOver()) yield this.#turn()
    }
  }

  /** As `matchesInTurns`, without decoding where no filter asks for it. */
  *recordsInTurns(isTurnOver: () => boolean): Generator<StoredRecord | Turn> {
    let seen = 0
    for (const record of this.source) {
      if (++seen % CHECK_EVERY_DOCUMENTS === 0) this.context.checkTime()
      if (this.#accepts === undefined || this.#accepts(documentOf(record))) yield record
      if (isTurnOver()) yield this.#turn()
    }
  }

  #turn(): Turn {
    this.source.detach()
    return TURN
  }

  /** Documents that pass the filter, in the order of the plan. */
  *matches(): Generator<Selected> {
    let seen = 0
    for (const record of this.source) {
      if (++seen % CHECK_EVERY_DOCUMENTS === 0) this.context.checkTime()
      const document = documentOf(record)
      if (this.accepts(document)) yield { record, document }
    }
  }

  /** How many documents match. Others have their turn on the way; what they write is not seen. */
  *count(isTurnOver: () => boolean): Steps<number> {
    let count = 0
    for (const item of this.recordsInTurns(isTurnOver)) {
      if (item === TURN) yield
      else count++
    }
    return count
  }
}

/** Whether the plan leads to documents that do not match. */
const findsMore = ({ isExact }: QueryPlan, filter: Doc): boolean => !isExact && filter.size > 0

export const collationFor = (collection: CollectionReader | undefined, asked: Doc | undefined): Collation =>
  collationOf(asked, { compare: collection?.options.collation, spec: collection?.options.collationSpec })

/**
 * Documents of `collection` that match. A collection that does not exist has none; the filter is checked all the same. `skip`: so
 * many need not come; how many were left out says the selection.
 */
export function select(
  call: Call,
  collection: CollectionReader | undefined,
  filter: Doc,
  collation: Collation,
  options: Pick<PlanRequest, 'hint' | 'sort' | 'bounds'> & {
    readonly variables?: EvaluationContext['variables']
    readonly skip?: number
  } = {},
): Selection {
  const { hint, sort, bounds, variables, skip = 0 } = options
  const context = call.context(collation.compare, variables)
  const plan: QueryPlan =
    collection === undefined
      ? { kind: 'COLLSCAN', isSorted: true, isExact: false }
      : planQuery(collection, { filter, collation, hint, sort, bounds })
  const passed = findsMore(plan, filter) || !plan.isSorted ? 0 : passable(plan, skip)
  const source = new RecordSource(collection === undefined ? [] : candidates(collection, plan, passed))
  return new Selection(plan, source, context, filter, passed)
}
