import { EMPTY_DOC, encode, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call, RawReply } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import type { Steps } from '../commands/steps.ts'
import { compilePipeline } from '../evaluate/compile-pipeline.ts'
import type { CompiledPipeline, EvaluationContext } from '../evaluate/contract.ts'
import { TURN, type Item, type Turn } from '../evaluate/turn.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf } from '../storage/record.ts'
import { checkSize } from '../write/incoming.ts'
import { writeMerge, writeOut } from '../write/out-merge.ts'
import { openCursor } from './batch.ts'
import type { Collation } from './collation.ts'
import { namedCollection } from './find.ts'
import { hintOf, variablesOf } from './options.ts'
import { readTime } from './read-time.ts'
import { CHECK_EVERY_DOCUMENTS, collationFor, select, type Selection } from './select.ts'
import { serverSource } from './server-sources.ts'

export interface PreparedPipeline {
  readonly name: string
  readonly collection: CollectionReader | undefined
  readonly collation: Collation
  readonly pipeline: CompiledPipeline
  readonly selection: Selection | undefined
  readonly input: Iterable<Item>
}

/** Compiles the pipeline of an aggregate and finds its input. */
export function preparePipeline(call: Call, body: Doc): PreparedPipeline {
  const { catalog, database } = call
  const fields = new Fields('aggregate', body)
  const isWholeDatabase = typeof body.values[0] !== 'string'
  const { name, collection } = isWholeDatabase
    ? { name: '$cmd.aggregate', collection: undefined }
    : namedCollection(call)
  const collation = collationFor(collection, fields.doc('collation'))
  const base = call.context(collation.compare)
  const context: EvaluationContext = { ...base, variables: variablesOf(fields.doc('let'), base) }
  const stages = fields.requiredArray('pipeline')
  const source = serverSource(call, stages[0], collection)
  if (isWholeDatabase && source === undefined && !startsWith(stages, '$documents')) {
    throw new ServerError(73, `{aggregate: 1} is not valid for '${stageName(stages[0])}'; a collection is required.`)
  }
  const pipeline = compilePipeline(source === undefined ? stages : stages.slice(1), context, {
    read: (other, otherDatabase) => ({
      *[Symbol.iterator]() {
        let seen = 0
        // A copy of the references: a pipeline that writes lets others write as well before it has read everything.
        for (const record of [...(catalog.find(otherDatabase ?? database, other)?.records() ?? [])]) {
          if (++seen % CHECK_EVERY_DOCUMENTS === 0) call.checkTime()
          yield documentOf(record)
        }
      },
    }),
  })
  if (source !== undefined) return { name, collection, collation, pipeline, selection: undefined, input: source }
  const hint = hintOf(collection, body.get('hint'))
  const selection = select(call, collection, pipeline.leadingMatch ?? EMPTY_DOC, collation, {
    variables: context.variables,
    hint,
  })
  // What it reads of several collections must be of one time.
  const isOneTime = readTime(call) !== undefined
  const input = documentsOf(selection, isOneTime ? () => false : call.isTurnOver)
  return { name, collection, collation, pipeline, selection, input }
}

const stageName = (stage: Value | undefined): string => (isDoc(stage) ? (stage.keys[0] ?? '') : '')
const startsWith = (stages: readonly Value[], name: string): boolean => stageName(stages[0]) === name

function* documentsOf(selection: Selection, isTurnOver: () => boolean): Generator<Item> {
  for (const found of selection.matchesInTurns(isTurnOver)) yield found === TURN ? found : found.document
}

/** Runs `work`; errors of running documents carry the words that the server puts before them. */
function* prefixed<T, R>(documents: Iterable<T, R>): Generator<T, R, void> {
  try {
    return yield* documents
  } catch (error) {
    if (!(error instanceof ServerError) || error.code === 50) throw error
    throw new ServerError(
      error.code,
      `PlanExecutor error during aggregation :: caused by :: ${error.message}`,
      error.extra,
    )
  }
}

function* encoded(items: Iterable<Item>): Generator<Uint8Array | Turn> {
  for (const item of items) {
    if (item === TURN) {
      yield TURN
      continue
    }
    const raw = encode(item)
    checkSize(raw.length)
    yield raw
  }
}

export function* aggregate(call: Call): Steps<RawReply> {
  const { body, database } = call
  const fields = new Fields('aggregate', body)
  const options = fields.doc('cursor')
  if (options === undefined)
    throw new ServerError(9, "The 'cursor' option is required, except for aggregate with the explain argument")
  const batchSize = new Fields('aggregate.cursor', options).only(['batchSize']).count('batchSize')
  const prepared = preparePipeline(call, body)
  const { pipeline, selection, collation, name } = prepared
  const results = pipeline.runInTurns(prepared.input)
  const cursor = { namespace: `${database}.${name}`, batchSize, singleBatch: false }
  const { end } = pipeline
  if (end.kind !== 'cursor' && call.transaction !== undefined) {
    throw new ServerError(263, `$${end.kind} cannot be used in a transaction`)
  }
  if (end.kind === 'cursor') return yield* openCursor(call, prefixed(encoded(results)), selection?.source, cursor)
  const bypass = fields.flag('bypassDocumentValidation')
  // The input is a snapshot: the stage may write into the collection that it reads.
  selection?.source.detach()
  yield* prefixed(
    end.kind === 'out' ? writeOut(call, end, results, bypass) : writeMerge(call, end, results, collation, bypass),
  )
  return yield* openCursor(call, [], undefined, { ...cursor, batchSize: undefined })
}
