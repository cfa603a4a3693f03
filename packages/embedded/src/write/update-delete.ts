import { doc, docOf, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { namedCollection } from '../read/find.ts'
import { hintOf } from '../read/options.ts'
import { collationFor } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS, type Collection } from '../storage/collection.ts'
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

function requestOf(call: Call, collection: Collection | undefined, item: Doc, command: string): UpdateRequest {
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

export function update(call: Call): Doc {
  const { name, collection: existing } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'update', 'updates')
  for (const item of items) {
    new Fields('update.updates', item).only(UPDATE_FIELDS).requiredDoc('q')
    if (item.get('u') === undefined)
      throw new ServerError(40414, `BSON field 'update.updates.u' is missing but a required field`)
  }
  let n = 0
  let nModified = 0
  const upserted: Doc[] = []
  const errors = runWrites(call.server, items, ordered, (item, index) => {
    const found = existing ?? call.server.catalog.find(call.database, name)
    const request = requestOf(call, found, item, 'update')
    // Without the collection there is nothing to match; only an upsert makes it.
    const collection =
      found ??
      (request.upsert ? collectionForWrite(call, name) : call.server.catalog.build(call.database, name, NO_OPTIONS))
    const outcome = updateDocuments(call, collection, request)
    n += outcome.matched
    nModified += outcome.modified
    if (outcome.upserted !== undefined) {
      n++
      upserted.push(doc({ index, _id: outcome.upserted.get('_id') as Value }))
    }
  })
  return writeReply(n, errors, [
    ...(upserted.length > 0 ? [['upserted', upserted] as const] : []),
    ['nModified', nModified],
  ])
}

export function remove(call: Call): Doc {
  const { name, collection: existing } = namedCollection(call)
  const { items, ordered } = batchOf(call, 'delete', 'deletes')
  const collection = existing ?? call.server.catalog.build(call.database, name, NO_OPTIONS)
  const variables = new Fields('delete', call.body).doc('let')
  let n = 0
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
  const errors = runWrites(call.server, requests, ordered, ({ item, fields, filter, many }) => {
    const removed = deleteDocuments(call, collection, {
      filter,
      collation: collationFor(existing, fields.doc('collation')),
      hint: hintOf(existing, item.get('hint')),
      sort: undefined,
      many,
      variables,
    })
    n += removed.length
  })
  return writeReply(n, errors)
}
