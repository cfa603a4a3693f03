import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { compileSort } from '../evaluate/compile-sort.ts'
import { compileUpdate, upsertSeed } from '../evaluate/compile-update.ts'
import type { Update } from '../evaluate/contract.ts'
import type { Collation } from '../read/collation.ts'
import { variablesOf } from '../read/options.ts'
import type { Hint } from '../read/query-plan.ts'
import { select } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf, type StoredRecord } from '../storage/record.ts'
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
  /** Of the last document; findAndModify looks at it. */
  readonly change: Change | undefined
  readonly upserted: Doc | undefined
}

/** A document that will be written. Many of them decoded at once would take the room of the collection several times. */
export interface Target {
  readonly record: StoredRecord
  /** Absent where it is to be decoded when its turn comes. */
  readonly document: Doc | undefined
}

/** Of so many that match, the decoded form is kept until they are written. */
const KEPT_DECODED = 1_000

export const documentIn = ({ record, document }: Target): Doc => document ?? documentOf(record)

/** The matching documents, taken before anything is changed: a document never meets its own update. */
function selectForWrite(
  call: Call,
  collection: CollectionReader,
  request: Pick<UpdateRequest, 'filter' | 'collation' | 'hint' | 'sort' | 'many' | 'variables'>,
): readonly Target[] {
  const variables = variablesOf(request.variables, call.context(request.collation.compare))
  const selection = select(call, collection, request.filter, request.collation, {
    variables,
    hint: request.hint,
    sort: request.sort,
  })
  if (request.sort !== undefined && request.sort.size > 0 && !selection.plan.isSorted) {
    const order = compileSort(request.sort, selection.context)
    const sorted = [...selection.matches()].sort((a, b) => order(a.document, b.document))
    return request.many ? sorted : sorted.slice(0, 1)
  }
  if (!request.many) {
    for (const first of selection.matches()) return [first]
    return []
  }
  if (request.filter.size === 0) return Array.from(selection.records(), (record) => ({ record, document: undefined }))
  const targets: Target[] = []
  for (const found of selection.matches()) {
    targets.push(targets.length < KEPT_DECODED ? found : { record: found.record, document: undefined })
  }
  return targets
}

function compile(call: Call, request: UpdateRequest): Update {
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

/** Updates what matches, or inserts when nothing does and `upsert` is set. Throws on the first document that fails. */
export function updateDocuments(call: Call, collection: CollectionReader, request: UpdateRequest): UpdateOutcome {
  const update = compile(call, request)
  if (request.upsert) upsertSeed(request.filter)
  const selected = selectForWrite(call, collection, request)
  call.unit.claim(collection, recordsOf(selected))
  let modified = 0
  let change: Change | undefined
  for (const target of selected) {
    call.checkTime()
    const { record } = target
    const document = documentIn(target)
    const after = update.apply(document, { insert: false })
    change = { before: document, after }
    if (after === document) continue
    if (replaceDocument(call, collection, record, document, after, request.bypass)) modified++
  }
  if (selected.length > 0 || !request.upsert) return { matched: selected.length, modified, change, upserted: undefined }
  return { matched: 0, modified: 0, change: undefined, upserted: upsert(call, collection, update, request) }
}

const recordsOf = (selected: readonly Target[]): Iterable<StoredRecord> => ({
  *[Symbol.iterator]() {
    for (const { record } of selected) yield record
  },
})

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

/** Removes what matches; returns what was removed. */
export function deleteDocuments(
  call: Call,
  collection: CollectionReader,
  request: Pick<UpdateRequest, 'filter' | 'collation' | 'hint' | 'sort' | 'many' | 'variables'>,
): readonly Target[] {
  const selected = selectForWrite(call, collection, request)
  call.unit.claim(collection, recordsOf(selected))
  for (const { record } of selected) call.unit.remove(collection, record)
  return selected
}
