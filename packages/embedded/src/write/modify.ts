import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { compileSort } from '../evaluate/compile-sort.ts'
import { compileUpdate, upsertSeed } from '../evaluate/compile-update.ts'
import type { Update } from '../evaluate/contract.ts'
import type { Collation } from '../read/collation.ts'
import { variablesOf } from '../read/options.ts'
import type { Hint } from '../read/query-plan.ts'
import { select, type Selected, type Selection } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import type { StoredRecord } from '../storage/record.ts'
import { MAX_DOCUMENT_BYTES } from '../wire/limits.ts'
import { checkId, encodeDocument, withId } from './incoming.ts'
import { checkRules } from './validation.ts'

/** What an update, or the update of findAndModify, says. */
export interface UpdateRequest {
  readonly filter: Doc
  readonly update: Value
  readonly upsert: boolean
  readonly many: boolean
  readonly arrayFilters: readonly Doc[] | undefined
  readonly variables: Doc | undefined
  readonly collation: Collation
  readonly hint: Hint
  readonly sort: Doc | undefined
  readonly bypass: boolean
}

export interface Change {
  readonly before: Doc
  readonly after: Doc
}

export interface UpdateOutcome {
  readonly matched: number
  readonly modified: number
  /** Of one document; findAndModify looks at it. */
  readonly change: Change | undefined
  readonly upserted: Doc | undefined
}

/** Which documents are meant. */
export type Match = Pick<UpdateRequest, 'filter' | 'collation' | 'hint' | 'sort' | 'variables'>

export function selectionFor(call: Call, collection: CollectionReader, match: Match): Selection {
  const variables = variablesOf(match.variables, call.context(match.collation.compare))
  const { hint, sort } = match
  return select(call, collection, match.filter, match.collation, { variables, hint, sort })
}

/** The document that is meant: the first in the order that is asked for. */
function findOne(call: Call, collection: CollectionReader, match: Match): Selected | undefined {
  const selection = selectionFor(call, collection, match)
  if (match.sort !== undefined && match.sort.size > 0 && !selection.plan.isSorted) {
    const order = compileSort(match.sort, selection.context)
    return [...selection.matches()].sort((a, b) => order(a.document, b.document))[0]
  }
  for (const first of selection.matches()) return first
  return undefined
}

export function compile(call: Call, request: UpdateRequest): Update {
  const { update, filter, arrayFilters } = request
  if (!isDoc(update) && !isArray(update)) {
    throw new ServerError(9, 'Update argument must be either an object or an array')
  }
  const base = call.context(request.collation.compare)
  const context = { ...base, variables: variablesOf(request.variables, base), filter, arrayFilters }
  const compiled = compileUpdate(update, context)
  if (compiled.kind === 'replacement' && request.many) {
    throw new ServerError(9, 'multi update is not supported for replacement-style update')
  }
  return compiled
}

/** Updates the document that is meant, or inserts one when there is none and `upsert` is set. */
export function updateOne(call: Call, collection: CollectionReader, request: UpdateRequest): UpdateOutcome {
  const update = compile(call, request)
  if (request.upsert) upsertSeed(request.filter)
  const found = findOne(call, collection, request)
  if (found === undefined) return missed(call, collection, update, request)
  const { record, document } = found
  call.unit.claim(collection, [record])
  call.checkTime()
  const after = update.apply(document, { insert: false })
  const isModified = after !== document && replaceDocument(call, collection, record, document, after, request.bypass)
  return { matched: 1, modified: isModified ? 1 : 0, change: { before: document, after }, upserted: undefined }
}

/** What is done where no document is meant. */
export function missed(
  call: Call,
  collection: CollectionReader,
  update: Update,
  request: UpdateRequest,
): UpdateOutcome {
  const upserted = request.upsert ? upsert(call, collection, update, request) : undefined
  return { matched: 0, modified: 0, change: undefined, upserted }
}

const tooLarge = (bytes: number): ServerError =>
  new ServerError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}: ${bytes} bytes`)

/** Stores the new state of a document under the rules of its collection; `false` when its bytes are the same. */
export function replaceDocument(
  call: Pick<Call, 'server' | 'unit'>,
  collection: CollectionReader,
  record: StoredRecord,
  before: Doc,
  after: Doc,
  bypass: boolean,
): boolean {
  const raw = encodeDocument(after, tooLarge)
  if (Buffer.compare(raw, record.raw) === 0) return false
  checkRules(collection, after, { bypass, before: () => before, log: call.server.log })
  call.unit.replace(collection, record, raw, after)
  return true
}

function upsert(call: Call, collection: CollectionReader, update: Update, request: UpdateRequest): Doc {
  const document = withId(update.apply(upsertSeed(request.filter), { insert: true }))
  const id = document.get('_id') as Value
  checkId(id)
  checkRules(collection, document, { bypass: request.bypass, before: undefined, log: call.server.log })
  call.unit.insert(collection, encodeDocument(document), id, document)
  return document
}

/** Removes the document that is meant and returns it. */
export function deleteOne(call: Call, collection: CollectionReader, match: Match): Selected | undefined {
  const found = findOne(call, collection, match)
  if (found === undefined) return undefined
  call.unit.claim(collection, [found.record])
  call.unit.remove(collection, found.record)
  return found
}
