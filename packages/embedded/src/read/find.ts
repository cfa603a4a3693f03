import { Doc, EMPTY_DOC, encode } from '@stage0/bson-schema'
import type { Call, RawReply } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { compileProjection } from '../evaluate/compile-projection.ts'
import { compileSort } from '../evaluate/compile-sort.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import type { StoredRecord } from '../storage/record.ts'
import { checkCollectionName } from '../storage/names.ts'
import type { Steps } from '../commands/steps.ts'
import { gathered, TURN, type Turn } from '../evaluate/turn.ts'
import { openCursor } from './batch.ts'
import { pausing } from './pausing.ts'
import { hintOf, keyBoundsOf, variablesOf } from './options.ts'
import { collationFor, select, type Selected, type Selection } from './select.ts'

/** The collection that a command names in its first field. Throws 73. */
export function namedCollection({ catalog, database, body }: Call): {
  readonly name: string
  readonly collection: CollectionReader | undefined
} {
  const name = body.values[0]
  if (typeof name !== 'string') {
    throw new ServerError(73, `collection name has invalid type ${name === undefined ? 'missing' : typeof name}`)
  }
  checkCollectionName(database, name)
  return { name, collection: catalog.find(database, name) }
}

export interface Found {
  readonly selection: Selection
  /** What the documents are sorted by in memory; absent where the plan gives the order. */
  readonly sortedBy: Doc | undefined
  readonly documents: Generator<Uint8Array | Turn>
}

/** Carries out the fields of a find. */
export function findDocuments(call: Call, collection: CollectionReader | undefined, body: Doc): Found {
  const fields = new Fields('find', body)
  const collation = collationFor(collection, fields.doc('collation'))
  const filter = fields.doc('filter') ?? EMPTY_DOC
  const variables = variablesOf(fields.doc('let'), call.context(collation.compare))
  const sort = fields.doc('sort') ?? EMPTY_DOC
  const hint = hintOf(collection, body.get('hint'))
  const bounds = keyBoundsOf(fields, collation, hint, body.has('hint'))
  const skip = fields.count('skip') ?? 0
  const limit = fields.count('limit') ?? 0
  const selection = select(call, collection, filter, collation, { variables, hint, sort, bounds, skip })
  const compiled = sort.size === 0 || sort.has('$natural') ? undefined : compileSort(sort, selection.context)
  const order = selection.plan.isSorted ? undefined : compiled
  const projection = fields.doc('projection') ?? EMPTY_DOC
  const show = showOf(projection, () => compileProjection(projection, selection.context, filter))
  if (sort.has('$natural') && Number(sort.get('$natural')) < 0) {
    throw new ServerError(115, 'sort {$natural: -1} is not supported by the embedded server')
  }
  return {
    selection,
    sortedBy: order === undefined ? undefined : sort,
    documents: produce(call, selection, order, show, skip - selection.passed, limit === 0 ? Infinity : limit),
  }
}

/** How what is found is shown: without decoding the document where the record is enough. */
type Show =
  | { readonly of: 'record'; readonly bytes: (record: StoredRecord) => Uint8Array }
  | { readonly of: 'document'; readonly bytes: (document: Doc) => Uint8Array }

function showOf(projection: Doc, compile: () => (document: Doc) => Doc): Show {
  if (projection.size === 0) return { of: 'record', bytes: ({ raw }) => raw }
  if (isIdAlone(projection)) return { of: 'record', bytes: idAlone }
  const project = compile()
  return { of: 'document', bytes: (document) => encode(project(document)) }
}

/** `{_id: 1}`, which a record tells without its document. */
const isIdAlone = ({ size, keys, values: [wanted] }: Doc): boolean =>
  size === 1 && keys[0] === '_id' && (wanted === 1 || wanted === true)

const idAlone = ({ id }: StoredRecord): Uint8Array => encode(new Doc(['_id'], [id]))

function* produce(
  { isTurnOver }: Call,
  selection: Selection,
  order: ((a: Doc, b: Doc) => number) | undefined,
  show: Show,
  skip: number,
  limit: number,
): Generator<Uint8Array | Turn> {
  let position = 0
  if (order === undefined && show.of === 'record') {
    for (const record of selection.recordsInTurns(isTurnOver)) {
      if (record === TURN) {
        yield TURN
        continue
      }
      if (position++ < skip) continue
      yield show.bytes(record)
      if (position >= skip + limit) return
    }
    return
  }
  const matches = selection.matchesInTurns(isTurnOver)
  const selected: Iterable<Selected | Turn> =
    order === undefined ? matches : (yield* gathered(matches)).sort((a, b) => order(a.document, b.document))
  for (const found of selected) {
    if (found === TURN) {
      yield TURN
      continue
    }
    if (position++ < skip) continue
    const { record, document } = found
    yield show.of === 'record' ? show.bytes(record) : show.bytes(document)
    if (position >= skip + limit) return
  }
}

/** Documents of a limited find that are held by reference until the cursor is read. */
const MAX_TAKEN_AT_ONCE = 10_000

export function* find(call: Call): Steps<RawReply> {
  const { name, collection } = namedCollection(call)
  const { body, database } = call
  const fields = new Fields('find', body)
  const { selection, documents } = findDocuments(call, collection, body)
  const limit = fields.count('limit') ?? 0
  const batchSize = fields.count('batchSize')
  // What a small limit leaves of an index scan is taken at once: a snapshot of the whole rest of the index costs more.
  const isShort = selection.plan.kind === 'IXSCAN' && limit > 0 && limit <= MAX_TAKEN_AT_ONCE
  const taken = isShort ? yield* pausing(gathered(documents)) : documents
  return yield* openCursor(call, taken, isShort ? undefined : selection.source, {
    namespace: `${database}.${name}`,
    batchSize,
    singleBatch: fields.flag('singleBatch') || (limit > 0 && batchSize !== undefined && batchSize >= limit),
  })
}
