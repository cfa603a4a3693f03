import { doc, docOf, EMPTY_DOC, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { compileProjection } from '../evaluate/compile-projection.ts'
import { namedCollection } from '../read/find.ts'
import { hintOf } from '../read/options.ts'
import { collationFor } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import { statementResult } from '../sessions/statements.ts'
import { NO_OPTIONS } from '../storage/collection.ts'
import { collectionForWrite } from './insert.ts'
import { deleteOne, updateOne, type UpdateRequest } from './modify.ts'

/** As `carryOut`; one that is sent again gives the reply of the first time. */
export function findAndModify(call: Call): Doc {
  const { retryable } = call
  const known = retryable?.recall(0)
  if (known?.reply !== undefined) return known.reply.with('retriedStmtId', retryable?.idOf(0) ?? 0)
  const reply = carryOut(call)
  retryable?.keep(0, statementResult(1, { reply }))
  return reply
}

/** One document is found, changed or removed, and given back: before the change or after it. */
function carryOut(call: Call): Doc {
  const { name, collection: existing } = namedCollection(call)
  const { body, server, database } = call
  const fields = new Fields('findAndModify', body)
  const isRemove = fields.flag('remove')
  const isNew = fields.flag('new')
  const upsert = fields.flag('upsert')
  const update = body.get('update')
  if (isRemove && update !== undefined) throw new ServerError(9, 'Cannot specify both an update and remove=true')
  if (isRemove && body.has('arrayFilters')) throw new ServerError(9, 'Cannot specify arrayFilters and remove=true')
  if (isRemove && upsert) throw new ServerError(9, 'Cannot specify both upsert=true and remove=true')
  if (isRemove && isNew)
    throw new ServerError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
  if (!isRemove && update === undefined) throw new ServerError(9, 'Either an update or remove=true must be specified')
  const collection =
    existing ?? (upsert ? collectionForWrite(call, name) : server.catalog.build(database, name, NO_OPTIONS))
  const request: UpdateRequest = {
    filter: fields.doc('query') ?? EMPTY_DOC,
    update: update ?? EMPTY_DOC,
    upsert,
    many: false,
    arrayFilters: fields.docs('arrayFilters'),
    variables: fields.doc('let'),
    collation: collationFor(existing, fields.doc('collation')),
    hint: hintOf(existing, body.get('hint')),
    sort: fields.doc('sort'),
    bypass: fields.flag('bypassDocumentValidation'),
  }
  const project = projectionOf(call, fields, request)
  if (isRemove) {
    const removed = deleteOne(call, collection, request)
    return doc({
      lastErrorObject: { n: removed === undefined ? 0 : 1 },
      value: removed === undefined ? null : project(removed.document),
    })
  }
  const { matched, change, upserted } = updateOne(call, collection, request)
  const value = isNew ? (upserted ?? change?.after) : change?.before
  const lastErrorObject = docOf([
    ['n', upserted === undefined ? matched : 1],
    ['updatedExisting', matched > 0],
    ...(upserted === undefined ? [] : [['upserted', upserted.get('_id') as Value] as const]),
  ])
  return doc({ lastErrorObject, value: value === undefined ? null : project(value) })
}

function projectionOf(call: Call, fields: Fields, request: UpdateRequest): (document: Doc) => Doc {
  const projection = fields.doc('fields')
  if (projection === undefined || projection.size === 0) return (document) => document
  return compileProjection(projection, call.context(request.collation.compare), request.filter)
}
