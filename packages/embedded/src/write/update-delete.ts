import { docOf, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import type { Steps } from '../commands/steps.ts'
import { namedCollection } from '../read/find.ts'
import { hintOf } from '../read/options.ts'
import { collationFor } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS } from '../storage/collection.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { statementResult, type StatementResult } from '../sessions/statements.ts'
import { MAX_WRITE_BATCH } from '../wire/limits.ts'
import { collectionForWrite } from './insert.ts'
import { deleteMany, updateMany } from './modify-many.ts'
import { deleteOne, updateOne, type UpdateOutcome, type UpdateRequest } from './modify.ts'
import { checkBatchSize, runWrites, writeReply } from './write-result.ts'

const UPDATE_FIELDS = ['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint']
const DELETE_FIELDS = ['q', 'limit', 'collation', 'hint']

interface Batch {
  readonly items: readonly Doc[]
  readonly ordered: boolean
}

function batchOf(call: Call, command: string, list: string): Batch {
  const fields = new Fields(command, call.body)
  const items = fields.docs(list)
  if (items === undefined)
    throw new ServerError(40414, `BSON field '${command}.${list}' is missing but a required field`)
  checkBatchSize(items.length, MAX_WRITE_BATCH)
  return { items, ordered: call.body.get('ordered') === undefined || fields.flag('ordered') }
}

function requestOf(call: Call, collection: CollectionReader | undefined, item: Doc, command: string): UpdateRequest {
  const fields = new Fields(`${command}.updates`, item)
  const update = item.get('u') ?? null
  const constants = fields.doc('c')
  if (constants !== undefined && isDoc(update)) {
    throw new ServerError(51198, 'Constant values may only be specified for pipeline updates')
  }
  return {
    filter: fields.requiredDoc('q'),
    update,
    upsert: fields.flag('upsert'),
    many: fields.flag('multi'),
    arrayFilters: fields.docs('arrayFilters'),
    variables: mergeVariables(new Fields(command, call.body).doc('let'), constants),
    collation: collationFor(collection, fields.doc('collation')),
    hint: hintOf(collection, item.get('hint')),
    sort: undefined,
    bypass: new Fields(command, call.body).flag('bypassDocumentValidation'),
  }
}

const mergeVariables = (a: Doc | undefined, b: Doc | undefined): Doc | undefined =>
  b === undefined ? a : docOf([...(a ?? EMPTY_DOC).entries(), ...b.entries()])

/** A write of many documents cannot be sent again: nobody knows how far it went. Throws 72. */
function refuseRetry({ retryable }: Call, what: string): void {
  if (retryable !== undefined) throw new ServerError(72, `Cannot use (or request) retryable writes with ${what}`)
}

const updated = ({ matched, modified, upserted }: UpdateOutcome): StatementResult =>
  upserted === undefined
    ? statementResult(matched, { modified })
    : statementResult(1, { upserted: upserted.get('_id') as Value })

function* updatedMany(call: Call, collection: CollectionReader, request: UpdateRequest): Steps<StatementResult> {
  return updated(yield* updateMany(call, collection, request))
}

export function* update(call: Call): Steps<Doc> {
  const { name } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'update', 'updates')
  for (const item of items) {
    new Fields('update.updates', item).only(UPDATE_FIELDS).requiredDoc('q')
    if (item.get('u') === undefined)
      throw new ServerError(40414, `BSON field 'update.updates.u' is missing but a required field`)
  }
  const tally = yield* runWrites(call, items, ordered, (item) => {
    const found = call.catalog.find(call.database, name)
    const request = requestOf(call, found, item, 'update')
    if (request.many) refuseRetry(call, 'multi=true')
    // Without the collection there is nothing to match; only an upsert makes it.
    const collection =
      found ??
      (request.upsert ? collectionForWrite(call, name) : call.server.catalog.build(call.database, name, NO_OPTIONS))
    return request.many ? updatedMany(call, collection, request) : updated(updateOne(call, collection, request))
  })
  const { upserted, nModified } = tally
  return writeReply(tally, [
    ...(upserted.length > 0 ? [['upserted', upserted] as const] : []),
    ['nModified', nModified],
  ])
}

function* deletedMany(
  call: Call,
  collection: CollectionReader,
  request: Parameters<typeof deleteMany>[2],
): Steps<StatementResult> {
  return statementResult(yield* deleteMany(call, collection, request))
}

export function* remove(call: Call): Steps<Doc> {
  const { name } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'delete', 'deletes')
  const variables = new Fields('delete', call.body).doc('let')
  const requests = items.map((item) => {
    const fields = new Fields('delete.deletes', item).only(DELETE_FIELDS)
    const filter = fields.requiredDoc('q')
    const limit = fields.number('limit')
    if (limit === undefined)
      throw new ServerError(40414, "BSON field 'delete.deletes.limit' is missing but a required field")
    if (limit !== 0 && limit !== 1)
      throw new ServerError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`)
    return { item, fields, filter, many: limit === 0 }
  })
  const tally = yield* runWrites(call, requests, ordered, ({ item, fields, filter, many }) => {
    if (many) refuseRetry(call, 'limit=0')
    const found = call.catalog.find(call.database, name)
    const collection = found ?? call.server.catalog.build(call.database, name, NO_OPTIONS)
    const collation = collationFor(found, fields.doc('collation'))
    const request = { filter, collation, hint: hintOf(found, item.get('hint')), sort: undefined, variables }
    if (many) return deletedMany(call, collection, request)
    return statementResult(deleteOne(call, collection, request) === undefined ? 0 : 1)
  })
  return writeReply(tally)
}
