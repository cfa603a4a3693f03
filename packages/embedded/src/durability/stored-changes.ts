import { Doc, encode } from '@stage0/bson-schema'
import { shownOptions } from '../catalog/options.ts'
import type { CollectionOptions, Collection } from '../storage/collection.ts'
import type { Change } from '../storage/changes.ts'
import type { StoredChange, StoredCollection } from './change.ts'

/** A collection without its documents. */
const stored = (
  { uuid, database, name }: Collection,
  options: CollectionOptions,
  indexes: StoredCollection['indexes'],
): StoredCollection => ({ uuid, database, name, options: shownOptions(options), indexes })

/** A collection as it is now, without its documents. */
export const storedCollection = (collection: Collection): StoredCollection =>
  stored(
    collection,
    collection.options,
    [...collection.indexes.values()].map(({ spec }) => spec.spec),
  )

const dropped = (replaced: Collection | undefined): readonly StoredChange[] =>
  replaced === undefined ? [] : [{ kind: 'drop', uuid: replaced.uuid }]

/** What the log says of the changes of one unit. Neighbours of one kind in one collection share an entry. */
export function storedChanges(changes: readonly Change[]): readonly StoredChange[] {
  const out: StoredChange[] = []
  let documents: Uint8Array[] = []
  let last: StoredChange | undefined
  for (const change of changes) {
    if (change.kind !== 'document') {
      out.push(...catalogChange(change))
      last = undefined
      continue
    }
    const { collection, before, after } = change
    const raw = after?.raw ?? (before === undefined ? undefined : encode(new Doc(['_id'], [before.id])))
    if (raw === undefined) continue
    const kind = after === undefined ? 'remove' : 'put'
    if (last?.kind !== kind || last.uuid !== collection.uuid) {
      documents = []
      last = { kind, uuid: collection.uuid, documents }
      out.push(last)
    }
    documents.push(raw)
  }
  return out
}

function catalogChange(change: Exclude<Change, { kind: 'document' }>): readonly StoredChange[] {
  const { kind, collection } = change
  const { uuid } = collection
  switch (kind) {
    case 'create':
      return [{ kind, collection: stored(collection, change.options, []) }]
    case 'drop':
      return [{ kind, uuid }]
    case 'rename':
      return [...dropped(change.replaced), { kind, uuid, name: change.to }]
    case 'swap':
      return [
        ...dropped(change.replaced),
        { kind: 'create', collection: storedCollection(collection) },
        { kind: 'put', uuid, documents: [...collection.records()].map(({ raw }) => raw) },
      ]
    case 'options':
      return [{ kind, uuid, options: shownOptions(change.options) }]
    case 'addIndex':
    case 'changeIndex':
      return [{ kind: 'index', uuid, spec: change.spec.spec }]
    case 'dropIndex':
      return [{ kind, uuid, name: change.index.name }]
    default:
      return change satisfies never
  }
}
