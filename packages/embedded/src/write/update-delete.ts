import { docOf, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { namedCollection } from '../read/find.ts'
import { hintOf } from '../read/options.ts'
import { collationFor } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS } from '../storage/collection.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { statementResult } from '../sessions/statements.ts'
import { MAX_WRITE_BATCH } from '../wire/limits.ts'
import { collectionForWrite } from './insert.ts'
import { deleteDocuments, updateDocuments, type UpdateRequest } from './modify.ts'
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

export function update(call: Call): Doc {
  const { name, collection: existing } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'update', 'updates')
  for (const item of items) {
    new Fields('update.updates', item).only(UPDATE_FIELDS).requiredDoc('q')
    if (item.get('u') === undefined)
      throw new ServerError(40414, `BSON field 'update.updates.u' is missing but a required field`)
  }
  const tally = runWrites(call, items, ordered, (item) => {
    const found = existing ?? call.catalog.find(call.database, name)
    const request = requestOf(call, found, item, 'update')
    if (request.many) refuseRetry(call, 'multi=true')
    // Without the collection there is nothing to match; only an upsert makes it.
    const collection =
      found ??
      (request.upsert ? collectionForWrite(call, name) : call.server.catalog.build(call.database, name, NO_OPTIONS))
    const { matched, modified, upserted } = updateDocuments(call, collection, request)
    if (upserted === undefined) return statementResult(matched, { modified })
    return statementResult(1, { upserted: upserted.get('_id') as Value })
  })
  const { upserted, nModified } = tally
  return writeReply(tally, [
    ...(upserted.length > 0 ? [['upserted', upserted] as const] : []),
    ['nModified', nModified],
  ])
}

export function remove(call: Call): Doc {
  const { name, collection: existing } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'delete', 'deletes')
  const collection = existing ?? call.server.catalog.build(call.database, name, NO_OPTIONS)
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
  const tally = runWrites(call, requests, ordered, ({ item, fields, filter, many }) => {
    if (many) refuseRetry(call, 'limit=0')
    const removed = deleteDocuments(call, collection, {
      filter,
      collation: collationFor(existing, fields.doc('collation')),
      hint: hintOf(existing, item.get('hint')),
      sort: undefined,
      many,
      variables,
    })
    return statementResult(removed.length)
  })
  return writeReply(tally)
}
