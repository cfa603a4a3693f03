import { doc, docOf, encode, equalValues, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { on } from '../auth/privileges.ts'
import { buildIndexes, newIndexes } from '../catalog/create-indexes.ts'
import { idIndexSpec, readIndexSpec } from '../catalog/index-specs.ts'
import { openCursor } from '../read/batch.ts'
import { namedCollection } from '../read/find.ts'
import { ServerError } from '../server-error.ts'
import { NO_OPTIONS, type Collection } from '../storage/collection.ts'
import type { IndexTree } from '../storage/index-tree.ts'
import { checkNewCollectionName } from '../storage/names.ts'
import { shellDoc } from '../storage/shell-text.ts'
import type { Access, Call, CommandDefinition, RawReply } from './call.ts'
import { checkOwnReadConcern, cursorBatchSize, requireCollection } from './collection-commands.ts'
import { Fields } from './fields.ts'
import type { Steps } from './steps.ts'

function createIndexes(call: Call): Doc {
  const { server, database, body } = call
  const { name, collection: existing } = namedCollection(call)
  const specs = new Fields('createIndexes', body).docs('indexes')
  if (specs === undefined)
    throw new ServerError(40414, "BSON field 'createIndexes.indexes' is missing but a required field")
  if (specs.length === 0) throw new ServerError(2, 'Must specify at least one index to create')
  if (existing === undefined) checkNewCollectionName(database, name)
  checkOwnReadConcern(call)
  const aside = existing ?? server.catalog.build(database, name, NO_OPTIONS)
  const wanted = specs.map((spec) => readIndexSpec(aside, spec, call.context(undefined)))
  const fresh = newIndexes(aside, wanted)
  const collection = existing ?? call.unit.create(database, name, NO_OPTIONS)
  const before = collection.indexes.size + 1
  buildIndexes(call.unit, collection, fresh)
  return docOf([
    ['numIndexesBefore', before],
    ['numIndexesAfter', collection.indexes.size + 1],
    ...(existing === undefined ? [['createdCollectionAutomatically', true] as const] : []),
    ...(fresh.length === 0 ? [['note', 'all indexes already exist'] as const] : []),
  ])
}

function listIndexes(call: Call): Steps<RawReply> {
  const collection = requireCollection(call, (namespace) => `ns does not exist: ${namespace}`)
  const specs = [idIndexSpec(collection), ...[...collection.indexes.values()].map((index) => index.spec.spec)]
  return openCursor(
    call,
    specs.map((spec) => encode(spec)),
    undefined,
    {
      namespace: collection.namespace,
      batchSize: cursorBatchSize('listIndexes', call.body),
      singleBatch: false,
    },
  )
}

const CANNOT_DROP_ID = new ServerError(72, 'cannot drop _id index')

/** The indexes that one value of `dropIndexes` names. Throws 27 and 72. */
function namedIndexes(collection: Collection, by: Value): readonly IndexTree[] {
  const all = [...collection.indexes.values()]
  if (typeof by === 'string') {
    if (by === '_id_') throw CANNOT_DROP_ID
    const found = all.filter(({ name }) => name === by)
    if (found.length === 0) throw new ServerError(27, `index not found with name [${by}]`)
    return found
  }
  if (!isDoc(by))
    throw new ServerError(
      14,
      "BSON field 'dropIndexes.index' is the wrong type, expected types '[string, object, array]'",
    )
  if (equalValues(by, doc({ _id: 1 }))) throw CANNOT_DROP_ID
  const found = all.filter(({ spec }) => equalValues(spec.key, by))
  if (found.length === 0) throw new ServerError(27, `can't find index with key: ${shellDoc(by)}`)
  if (found.length > 1) {
    throw new ServerError(181, `${found.length} indexes found for key: ${shellDoc(by)}, identify by name instead.`)
  }
  return found
}

function dropIndexes(call: Call): Doc {
  const collection = requireCollection(call, (namespace) => `ns not found ${namespace}`)
  const by = call.body.get('index')
  if (by === undefined) throw new ServerError(40414, "BSON field 'dropIndexes.index' is missing but a required field")
  const nIndexesWas = collection.indexes.size + 1
  const names =
    by === '*'
      ? [...collection.indexes.values()]
      : (isArray(by) ? by : [by]).flatMap((each) => namedIndexes(collection, each))
  for (const { name } of names) call.unit.dropIndex(collection, name)
  return doc({ nIndexesWas, msg: by === '*' ? 'non-_id indexes dropped for collection' : undefined })
}

const own =
  (action: string) =>
  ({ database, body }: Call): Access => [on(database, typeof body.values[0] === 'string' ? body.values[0] : '', action)]

export const INDEX_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['createIndexes'],
    summary: 'builds all indexes or none; identical ones are no error',
    fields: ['indexes', 'commitQuorum'],
    access: own('createIndex'),
    run: createIndexes,
  },
  {
    names: ['listIndexes'],
    summary: 'indexes of a collection',
    fields: ['cursor', 'includeBuildUUIDs'],
    access: own('listIndexes'),
    run: listIndexes,
  },
  {
    names: ['dropIndexes', 'deleteIndexes'],
    summary: 'by name, names, key or *',
    fields: ['index'],
    access: own('dropIndex'),
    run: dropIndexes,
  },
]
