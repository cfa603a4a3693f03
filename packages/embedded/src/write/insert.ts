import { decode, type Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { namedCollection } from '../read/find.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS, type Collection } from '../storage/collection.ts'
import { checkNewCollectionName } from '../storage/names.ts'
import { MAX_WRITE_BATCH } from '../wire/limits.ts'
import { prepareDocument, type Incoming } from './incoming.ts'
import { checkRules } from './validation.ts'
import { checkBatchSize, runWrites, writeReply } from './write-result.ts'

/** The collection that a write goes to; made when it does not exist. */
export function collectionForWrite(call: Pick<Call, 'server' | 'database' | 'unit'>, name: string): Collection {
  const found = call.server.catalog.find(call.database, name)
  if (found !== undefined) return found
  checkNewCollectionName(call.database, name)
  return call.unit.create(call.database, name, NO_OPTIONS)
}

/** Stores one prepared document under the rules of its collection. Throws 11000, 121, 171, 14031. */
export function insertOne(
  call: Pick<Call, 'server' | 'unit'>,
  collection: Collection,
  { raw, id }: Incoming,
  bypass: boolean,
  decoded?: Doc,
): void {
  // Nothing looks into the document: it goes in as it came.
  const isOpaque = collection.options.validator === undefined && collection.indexes.size === 0
  const document = isOpaque ? undefined : (decoded ?? decode(raw))
  if (document !== undefined) checkRules(collection, document, { bypass, before: undefined, log: call.server.log })
  call.unit.insert(collection, raw, id, document)
}

export function insert(call: Call): Doc {
  const { name } = namedCollection(call)
  const fields = new Fields('insert', call.body)
  const documents = call.documents
  if (documents === undefined)
    throw new ServerError(40414, "BSON field 'insert.documents' is missing but a required field")
  checkBatchSize(documents.length, MAX_WRITE_BATCH)
  const ordered = call.body.get('ordered') === undefined || fields.flag('ordered')
  const bypass = fields.flag('bypassDocumentValidation')
  const collection = collectionForWrite(call, name)
  let inserted = 0
  const errors = runWrites(call.server, documents, ordered, (bytes) => {
    insertOne(call, collection, prepareDocument(bytes, call.operation.startedAt), bypass)
    inserted++
    call.checkTime()
  })
  return writeReply(inserted, errors)
}
