import { doc, docOf, equalValues, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { Fields } from '../commands/fields.ts'
import { ServerError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import type { IndexTree } from '../storage/index-tree.ts'
import type { Writer } from '../storage/writer.ts'
import { shownSpec } from './index-specs.ts'

const KNOWN = ['name', 'keyPattern', 'hidden', 'expireAfterSeconds', 'prepareUnique', 'unique']

/** Finds an index by name or by key. Throws 27. */
export function findIndex(collection: Collection, by: Value): IndexTree {
  for (const index of collection.indexes.values()) {
    if (isDoc(by) ? equalValues(index.spec.key, by) : index.name === by) return index
  }
  throw new ServerError(
    27,
    isDoc(by)
      ? `cannot find index with key pattern in ${collection.namespace}`
      : `cannot find index ${String(by)} for ns ${collection.namespace}`,
  )
}

/** The part `index` of `collMod`: hidden, expireAfterSeconds, prepareUnique, unique. Returns the fields of the reply. */
export function changeIndex(unit: Writer, collection: Collection, change: Doc, dryRun: boolean): Doc {
  const fields = new Fields('collMod.index', change).only(KNOWN)
  const by = fields.string('name') ?? fields.doc('keyPattern')
  if (by === undefined) throw new ServerError(72, 'must specify either index name or key pattern')
  if (by === '_id_') throw new ServerError(2, "can't hide _id index")
  const index = findIndex(collection, by)
  const before = index.spec
  const reply: [string, Value][] = []
  let next = { ...before }
  const ttl = fields.number('expireAfterSeconds')
  if (ttl !== undefined) {
    if (before.expireAfterSeconds !== undefined)
      reply.push(['expireAfterSeconds_old', BigInt(before.expireAfterSeconds)])
    reply.push(['expireAfterSeconds_new', BigInt(ttl)])
    next = { ...next, expireAfterSeconds: ttl }
  }
  if (change.has('hidden')) {
    reply.push(['hidden_old', before.hidden], ['hidden_new', fields.flag('hidden')])
    next = { ...next, hidden: fields.flag('hidden') }
  }
  if (change.has('prepareUnique')) {
    reply.push(['prepareUnique_old', before.prepareUnique], ['prepareUnique_new', fields.flag('prepareUnique')])
    next = { ...next, prepareUnique: fields.flag('prepareUnique') }
  }
  if (change.has('unique')) {
    if (!fields.flag('unique')) throw new ServerError(2, 'cannot make an index non-unique')
    if (!dryRun && !before.unique && !next.prepareUnique) {
      throw new ServerError(
        72,
        'Cannot convert an index to unique before it has been prepared: set prepareUnique first',
      )
    }
    refuseDuplicates(collection, index)
    if (dryRun) return docOf([])
    if (!before.unique) reply.push(['unique_new', true])
    next = { ...next, unique: true, prepareUnique: false }
  }
  unit.changeIndex(collection, index, { ...next, spec: shownSpec(next, before.spec) })
  return docOf(reply)
}

/** Throws 359 with the ids of documents that stand in the way of a unique index. */
function refuseDuplicates(collection: Collection, index: IndexTree): void {
  const pair = index.duplicate()
  if (pair === undefined) return
  const ids = pair.map(({ recordKey }) => collection.byKey(recordKey)?.id ?? null)
  throw new ServerError(
    359,
    'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
    doc({ violations: [{ ids }] }),
  )
}
