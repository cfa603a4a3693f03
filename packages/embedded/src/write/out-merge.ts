import { Doc, equalValues, isArray, type Value } from '@stage0/bson-schema'
import { copyInto } from '../catalog/copy.ts'
import type { Call } from '../commands/call.ts'
import type { Steps } from '../commands/steps.ts'
import { compileUpdate } from '../evaluate/compile-update.ts'
import type { PipelineEnd } from '../evaluate/contract.ts'
import { compileExpression, rootScope } from '../evaluate/expression/compile.ts'
import { checkVariableName } from '../evaluate/expression/field-path.ts'
import { TURN, type Item } from '../evaluate/turn.ts'
import { sameCollation, type Collation } from '../read/collation.ts'
import { select, type Selected } from '../read/select.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS } from '../storage/collection.ts'
import { checkNewCollectionName, isInternalDatabase } from '../storage/names.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { documentOf } from '../storage/record.ts'
import { WriteUnit } from '../storage/write-unit.ts'
import { Blocked } from '../transactions/blocked.ts'
import { checkId, encodeDocument, withId } from './incoming.ts'
import { collectionForWrite, insertOne } from './insert.ts'
import { checkStays } from './modify-many.ts'
import { replaceDocument } from './modify.ts'

type Out = Extract<PipelineEnd, { readonly kind: 'out' }>
type Merge = Extract<PipelineEnd, { readonly kind: 'merge' }>

function insertInto(
  call: Pick<Call, 'server' | 'unit'>,
  collection: CollectionReader,
  result: Doc,
  bypass: boolean,
): void {
  const document = withId(result)
  const id = document.get('_id') as Value
  checkId(id)
  insertOne(call, collection, { raw: encodeDocument(document), id }, bypass, document)
}

/**
 * Writes the results into a collection of its own, with the options and indexes of the target, and puts it in the target's
 * place in one step. On any failure the target stays as it was.
 */
export function* writeOut(call: Call, end: Out, results: Iterable<Item>, bypass: boolean): Steps<void> {
  const database = end.database ?? call.database
  checkOutputNamespace('$out', database, end.collection)
  checkNewCollectionName(database, end.collection)
  const { catalog } = call.server
  const target = catalog.find(database, end.collection)
  if (target !== undefined) call.unit.claimCollection(target)
  const fresh = catalog.build(database, end.collection, target?.options ?? NO_OPTIONS)
  copyInto(fresh, target?.indexes.values() ?? [], [])
  const begun = stateOf(target)
  let isSwapped = false
  try {
    // Nobody sees the documents before the swap, which tells the whole collection.
    const aside = { server: call.server, unit: new WriteUnit(catalog, { noting: false, guard: undefined }) }
    for (const result of results) {
      if (result !== TURN) insertInto(aside, fresh, result, bypass)
      if (result === TURN || call.isTurnOver()) yield
    }
    yield* unblocked(() => {
      const now = stateOf(catalog.find(database, end.collection))
      if (now.length !== begun.length || now.some((each, i) => each !== begun[i])) throw changedMeanwhile(fresh)
      call.unit.swap(fresh)
    })
    isSwapped = true
  } finally {
    if (!isSwapped) fresh.release()
  }
}

/** What a result takes over from the collection whose place it takes. */
const stateOf = (target: CollectionReader | undefined): readonly unknown[] =>
  target === undefined ? [] : [target, target.options, ...[...target.indexes.values()].map(({ spec }) => spec)]

const changedMeanwhile = ({ namespace }: CollectionReader): ServerError =>
  new ServerError(28769, `the target collection ${namespace} of $out was changed as a whole while $out was running`)

/** Does `act` when no transaction stands in its way. */
function* unblocked(act: () => void, afterPause: () => void = () => undefined): Steps<void> {
  for (;;) {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof Blocked)) throw error
      yield error.by
      afterPause()
    }
  }
}

/** Throws 51183 where no unique index guarantees that `on` finds at most one document. */
function requireUniqueIndex(target: CollectionReader, on: readonly string[], collation: Collation): void {
  const fields = [...on].sort()
  if (fields.length === 1 && fields[0] === '_id' && sameCollation(target.options.collationSpec, collation.spec)) return
  for (const { spec } of target.indexes.values()) {
    const isFit =
      spec.unique &&
      spec.partial === undefined &&
      spec.kind === 'btree' &&
      sameCollation(spec.collation?.spec, collation.spec)
    if (isFit && equalValues([...spec.key.keys].sort(), fields)) return
  }
  throw new ServerError(51183, 'Cannot find index to verify that join fields will be unique')
}

function onValues(result: Doc, on: readonly string[]): Doc {
  const values = on.map((path) => {
    let node: Value | undefined = result
    for (const segment of path.split('.')) node = node instanceof Doc ? node.get(segment) : undefined
    if (isArray(node)) throw new ServerError(51185, `$merge write error: 'on' field '${path}' cannot be an array`)
    if (node === undefined || node === null) {
      throw new ServerError(
        51132,
        `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
      )
    }
    return new Doc(['$eq'], [node])
  })
  return new Doc(on, values)
}

/** Merges the results into the target one by one; what was written before a failure stays. Throws 175 as `updateMany` does. */
export function* writeMerge(
  call: Call,
  end: Merge,
  results: Iterable<Item>,
  collation: Collation,
  bypass: boolean,
): Steps<void> {
  const database = end.database ?? call.database
  checkOutputNamespace('$merge', database, end.collection)
  const change = compileWhenMatched(call, end.whenMatched)
  const target = collectionForWrite({ ...call, database }, end.collection)
  requireUniqueIndex(target, end.on, collation)
  const afterPause = (): void => {
    checkStays(call, target, end.collection)
    requireUniqueIndex(target, end.on, collation)
  }
  const isById = end.on.length === 1 && end.on[0] === '_id' && collation.spec === undefined
  for (const result of results) {
    if (result === TURN) {
      yield
      afterPause()
      continue
    }
    const document = withId(result)
    const filter = onValues(document, end.on)
    yield* unblocked(() => {
      const found = isById ? foundById(target, document) : [...select(call, target, filter, collation).matches()][0]
      if (found === undefined) mergeNew(call, end, target, document, bypass)
      else mergeFound(call, end, target, found, change, document, result, bypass)
    }, afterPause)
    if (!call.isTurnOver()) continue
    yield
    afterPause()
  }
}

function foundById(target: CollectionReader, document: Doc): Selected | undefined {
  const record = target.byId(document.get('_id') as Value)
  return record === undefined ? undefined : { record, document: documentOf(record) }
}

/** Databases and names that only the server itself writes to: 31320 and 31319 for `$merge`, 31321 and 17385 for `$out`. */
function checkOutputNamespace(stage: '$merge' | '$out', database: string, collection: string): void {
  const [internal, special] = stage === '$merge' ? [31320, 31319] : [31321, 17385]
  if (isInternalDatabase(database))
    throw new ServerError(internal, `${stage} cannot write to the internal database: ${database}`)
  if (collection.startsWith('system.'))
    throw new ServerError(special, `${stage} cannot write to the special collection: ${collection}`)
}

function mergeNew(call: Call, end: Merge, target: CollectionReader, document: Doc, bypass: boolean): void {
  if (end.whenNotMatched === 'fail')
    throw new ServerError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    )
  if (end.whenNotMatched === 'insert') insertInto(call, target, document, bypass)
}

function mergeFound(
  call: Call,
  end: Merge,
  target: CollectionReader,
  found: Selected,
  change: MergeChange,
  document: Doc,
  result: Doc,
  bypass: boolean,
): void {
  const { whenMatched } = end
  if (whenMatched === 'keepExisting') return
  if (whenMatched === 'fail') {
    const pattern = new Doc(
      end.on,
      end.on.map(() => 1),
    )
    throw target.duplicateKey(
      uniqueIndexName(target, end.on),
      pattern,
      onValues(document, end.on).values.map(operandOf),
    )
  }
  const after = change(found.document, document, result)
  replaceDocument(call, target, found.record, found.document, after, bypass)
}

const operandOf = (condition: Value): Value => (condition instanceof Doc ? (condition.values[0] as Value) : condition)

const uniqueIndexName = (target: CollectionReader, on: readonly string[]): string =>
  [...target.indexes.values()].find(({ spec }) => spec.unique && equalValues([...spec.key.keys].sort(), [...on].sort()))
    ?.name ?? '_id_'

/** What becomes of a stored document that a result meets. `document` is the result with an `_id`. */
type MergeChange = (before: Doc, document: Doc, result: Doc) => Doc

/** Compiles `whenMatched` once: a pipeline that is wrong is refused before anything is read or written. */
function compileWhenMatched(call: Call, how: Merge['whenMatched']): MergeChange {
  if (typeof how === 'string') return (before, document, result) => joined(how, before, document, result)
  const base = call.context(undefined)
  const scope = rootScope(base)
  const defined = [...(how.let?.entries() ?? [['new', '$$ROOT'] as const])].map(([name, expression]) => {
    checkVariableName(name)
    return { name, cell: { value: undefined as Value | undefined }, evaluate: compileExpression(expression, scope) }
  })
  const cells = new Map(defined.map(({ name, cell }) => [name, cell]))
  const update = compileUpdate(how.pipeline, { ...base, cells })
  return (before, _document, result) => {
    for (const { cell, evaluate } of defined) cell.value = evaluate(result)
    return update.apply(before, { insert: false })
  }
}

function joined(how: string, before: Doc, document: Doc, result: Doc): Doc {
  const id = before.get('_id') as Value
  // A result without an `_id` takes the one of the document that it meets; another `_id` cannot be taken over.
  const own = result.get('_id')
  if (own !== undefined && !equalValues(own, id))
    throw new ServerError(
      66,
      "$merge failed to update the matching document, did you attempt to modify the _id or the shard key? :: caused by :: the (immutable) field '_id' was found to have been altered",
    )
  const kept = document.without('_id')
  if (how === 'replace') return new Doc(['_id', ...kept.keys], [id, ...kept.values])
  let after = before
  for (const [key, value] of kept.entries()) after = after.with(key, value)
  return after
}
