import { decode, type Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import type { Steps } from '../commands/steps.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import { namedCollection } from '../read/find.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS } from '../storage/collection.ts'
import { checkNewCollectionName } from '../storage/names.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { RecordRow } from '../storage/record-bytes.ts'
import { statementResult } from '../sessions/statements.ts'
import { MAX_WRITE_BATCH } from '../wire/limits.ts'
import { prepareDocument, type Incoming } from './incoming.ts'
import { checkRules } from './validation.ts'
import { checkBatchSize, runWrites, writeReply } from './write-result.ts'

/** The collection that a write goes to; made when it does not exist. */
export function collectionForWrite(call: Pick<Call, 'catalog' | 'database' | 'unit'>, name: string): CollectionReader {
  const found = call.catalog.find(call.database, name)
  if (found !== undefined) return found
  checkNewCollectionName(call.database, name)
  return call.unit.create(call.database, name, NO_OPTIONS)
}

/** Stores one prepared document under the rules of its collection. Throws 11000, 121, 171, 14031. */
export function insertOne(
  call: Pick<Call, 'server' | 'unit'>,
  collection: CollectionReader,
  { raw, id }: Incoming,
  bypass: boolean,
  decoded?: Doc,
): void {
  const { validator } = collection.options
  const passes = validator === undefined || bypass || (decoded === undefined && validator.acceptsRaw?.(raw) === true)
  // Where nothing looks into the document it goes in as it came.
  const document = decoded ?? (passes && collection.indexes.size === 0 ? undefined : decode(raw))
  if (!passes && document !== undefined) {
    checkRules(collection, document, { bypass, before: undefined, log: call.server.log })
  }
  call.unit.insert(collection, raw, id, document)
}

/** The documents of a command stand in the same bytes, one after the other. */
const rowOf = (documents: readonly ScannedDocument[]): RecordRow =>
  new RecordRow(documents[0]?.bytes ?? new Uint8Array(0), documents.at(-1)?.end ?? 0)

const INSERTED = statementResult(1)

export function* insert(call: Call): Steps<Doc> {
  const { name } = namedCollection(call)
  const fields = new Fields('insert', call.body)
  const documents = call.documents
  if (documents === undefined)
    throw new ServerError(40414, "BSON field 'insert.documents' is missing but a required field")
  checkBatchSize(documents.length, MAX_WRITE_BATCH)
  const ordered = call.body.get('ordered') === undefined || fields.flag('ordered')
  const bypass = fields.flag('bypassDocumentValidation')
  let collection = collectionForWrite(call, name)
  let { pauses } = call.operation
  const row = rowOf(documents)
  const tally = yield* runWrites(call, documents, ordered, (document) => {
    // Meanwhile it may have been dropped, or another one been put in its place.
    if (call.operation.pauses !== pauses) collection = collectionForWrite(call, name)
    ;({ pauses } = call.operation)
    insertOne(call, collection, prepareDocument(document, row, call.operation.startedAt), bypass)
    call.checkTime()
    return INSERTED
  })
  return writeReply(tally)
}
