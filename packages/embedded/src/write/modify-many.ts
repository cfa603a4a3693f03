import type { Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import type { Steps } from '../commands/steps.ts'
import { upsertSeed } from '../evaluate/compile-update.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf, type StoredRecord } from '../storage/record.ts'
import { Blocked } from '../transactions/blocked.ts'
import {
  compile,
  missed,
  replaceDocument,
  selectionFor,
  type Match,
  type UpdateOutcome,
  type UpdateRequest,
} from './modify.ts'

/**
 * Calls `act` for every document that is meant, each once: the candidates are those of the beginning, so that nothing which
 * is written leads to a document again. Others have their turn between two documents. What they remove is not met, what they
 * change is met when it still matches.
 *
 * @returns how many matched. Throws 175 where the collection is dropped or renamed meanwhile.
 */
function* eachMatch(
  call: Call,
  collection: CollectionReader,
  match: Match,
  act: (record: StoredRecord, document: Doc) => void,
): Steps<number> {
  const selection = selectionFor(call, collection, match)
  selection.source.detach()
  const { name } = collection
  let hasPaused = false
  let matched = 0

  /** The document as it is now, where it is meant. */
  const meant = (candidate: StoredRecord): { record: StoredRecord; document: Doc } | undefined => {
    const record = hasPaused ? collection.byKey(candidate.key) : candidate
    // A document that came into its place has a place of its own in the order.
    if (record === undefined || record.sequence !== candidate.sequence) return undefined
    const document = documentOf(record)
    const isMeant = record === candidate ? selection.accepts(document) : selection.stillAccepts(document)
    return isMeant ? { record, document } : undefined
  }
  const afterPause = (): void => {
    hasPaused = true
    checkStays(call, collection, name)
  }

  for (const candidate of selection.source) {
    for (;;) {
      call.checkTime()
      const found = meant(candidate)
      if (found === undefined) break
      try {
        act(found.record, found.document)
        matched++
        break
      } catch (error) {
        if (!(error instanceof Blocked)) throw error
        yield error.by
        afterPause()
      }
    }
    if (!call.isTurnOver()) continue
    yield
    afterPause()
  }
  return matched
}

/** Throws 175 unless `collection` is still the one of that name. */
export function checkStays({ catalog }: Call, collection: CollectionReader, name: string): void {
  const { database } = collection
  if (collection.name === name && catalog.find(database, name) === collection) return
  const what = collection.name === name ? 'dropped' : 'renamed'
  throw new ServerError(175, `collection ${what} while its documents were written: ${database}.${name}`)
}

/** Updates what matches, or inserts when nothing does and `upsert` is set. Ends at the first document that fails. */
export function* updateMany(call: Call, collection: CollectionReader, request: UpdateRequest): Steps<UpdateOutcome> {
  const update = compile(call, request)
  if (request.upsert) upsertSeed(request.filter)
  let modified = 0
  const matched = yield* eachMatch(call, collection, request, (record, document) => {
    const after = update.apply(document, { insert: false })
    if (after === document) return
    if (replaceDocument(call, collection, record, document, after, request.bypass)) modified++
  })
  if (matched === 0) return missed(call, collection, update, request)
  return { matched, modified, change: undefined, upserted: undefined }
}

/** Removes what matches; returns how many. */
export const deleteMany = (call: Call, collection: CollectionReader, match: Match): Steps<number> =>
  eachMatch(call, collection, match, (record) => call.unit.remove(collection, record))
