import { Binary } from 'bson'
import { doc, EMPTY_DOC, encode, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { on, onServer } from '../auth/privileges.ts'
import { changeIndex } from '../catalog/change-index.ts'
import { copyInto } from '../catalog/copy.ts'
import { changedOptions, newOptions, refuseOtherKinds, shownOptions } from '../catalog/options.ts'
import { compileFilter } from '../evaluate/compile-filter.ts'
import { openCursor } from '../read/batch.ts'
import { namedCollection } from '../read/find.ts'
import { ServerError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { checkCollectionName, checkDatabaseName, checkNewCollectionName, isInternalDatabase } from '../storage/names.ts'
import type { Access, Call, CommandDefinition, RawReply } from './call.ts'
import { mayDo } from './dispatch-errors.ts'
import { Fields, isSet } from './fields.ts'
import { idIndexSpec } from '../catalog/index-specs.ts'
import type { Steps } from './steps.ts'

const SUBTYPE_UUID = 4

function create(call: Call): Doc {
  const { database } = call
  const { name, collection } = namedCollection(call)
  refuseOtherKinds(call.body)
  checkOwnReadConcern(call)
  checkNewCollectionName(database, name)
  const options = newOptions(call, `${database}.${name}`)
  if (collection !== undefined) throw new ServerError(48, `Collection ${database}.${name} already exists.`)
  call.unit.create(database, name, options)
  return EMPTY_DOC
}

/** In a transaction collections and indexes are made under the level `local` only: error 263. */
export function checkOwnReadConcern({ transaction, body }: Call): void {
  const concern = body.get('readConcern')
  const level = isDoc(concern) ? concern.get('level') : undefined
  if (transaction === undefined || level === undefined || level === 'local') return
  throw new ServerError(263, `${body.keys[0] ?? ''} in a transaction needs the read concern level local`)
}

/** Throws 26 where the collection does not exist. */
export function requireCollection(call: Call, message: (namespace: string) => string): Collection {
  const { name } = namedCollection(call)
  const collection = call.server.catalog.find(call.database, name)
  if (collection === undefined) throw new ServerError(26, message(`${call.database}.${name}`))
  return collection
}

function collMod(call: Call): Doc {
  const collection = requireCollection(call, (namespace) => `ns does not exist: ${namespace}`)
  const fields = new Fields('collMod', call.body)
  const index = fields.doc('index')
  const dryRun = fields.flag('dryRun')
  if (dryRun && index?.get('unique') !== true)
    throw new ServerError(72, 'dryRun mode is only supported for index unique conversion')
  const isOfRules = ['validator', 'validationLevel', 'validationAction'].some((field) => call.body.has(field))
  const options = isOfRules ? changedOptions(call, collection.namespace, collection.options) : undefined
  const reply = index === undefined ? EMPTY_DOC : changeIndex(call.unit, collection, index, dryRun)
  if (!dryRun && options !== undefined) call.unit.setOptions(collection, options)
  return reply
}

function drop(call: Call): Doc {
  const { name } = namedCollection(call)
  const collection = call.server.catalog.find(call.database, name)
  // Since 7.0 dropping what does not exist is no error.
  if (collection === undefined) return EMPTY_DOC
  const { namespace } = collection
  call.unit.drop(collection)
  return doc({ nIndexesWas: collection.indexes.size + 1, ns: namespace })
}

function dropDatabase({ server, database, unit }: Call): Doc {
  if (isInternalDatabase(database)) throw new ServerError(20, `Dropping the '${database}' database is prohibited.`)
  const collections = server.catalog.collections(database)
  for (const collection of collections) unit.claimCollection(collection)
  for (const collection of collections) unit.drop(collection)
  return collections.length === 0 ? EMPTY_DOC : doc({ dropped: database })
}

function splitNamespace(namespace: string): readonly [string, string] {
  const dot = namespace.indexOf('.')
  const database = namespace.slice(0, dot < 0 ? undefined : dot)
  const name = dot < 0 ? '' : namespace.slice(dot + 1)
  checkDatabaseName(database)
  checkCollectionName(database, name)
  return [database, name]
}

function renameCollection({ server, body, unit }: Call): Doc {
  const fields = new Fields('renameCollection', body)
  const from = fields.requiredString('renameCollection')
  const to = fields.requiredString('to')
  const [fromDatabase, fromName] = splitNamespace(from)
  const [toDatabase, toName] = splitNamespace(to)
  checkNewCollectionName(toDatabase, toName)
  const source = server.catalog.find(fromDatabase, fromName)
  if (source === undefined) throw new ServerError(26, `Source collection ${from} does not exist`)
  if (from === to) throw new ServerError(20, "Can't rename a collection to itself")
  const target = server.catalog.find(toDatabase, toName)
  if (target !== undefined && !fields.flag('dropTarget')) throw new ServerError(48, 'target namespace exists')
  if (fromDatabase === toDatabase) unit.rename(source, toName)
  else {
    for (const each of [source, ...(target === undefined ? [] : [target])]) unit.claimCollection(each)
    const copy = server.catalog.build(toDatabase, toName, source.options)
    copyInto(copy, source.indexes.values(), source.records())
    unit.swap(copy)
    unit.drop(source)
  }
  return EMPTY_DOC
}

function collectionInfo(collection: Collection, nameOnly: boolean): Doc {
  if (nameOnly) return doc({ name: collection.name, type: 'collection' })
  return doc({
    name: collection.name,
    type: 'collection',
    options: shownOptions(collection.options),
    info: { readOnly: false, uuid: new Binary(collection.uuid, SUBTYPE_UUID) },
    idIndex: idIndexSpec(collection),
  })
}

/** The batch size in `cursor: {batchSize}`. */
export const cursorBatchSize = (command: string, body: Doc): number | undefined =>
  new Fields(`${command}.cursor`, new Fields(command, body).doc('cursor') ?? EMPTY_DOC)
    .only(['batchSize'])
    .count('batchSize')

function listCollections(call: Call): Steps<RawReply> {
  const { server, database, body } = call
  const fields = new Fields('listCollections', body)
  const accepts = compileFilter(fields.doc('filter') ?? EMPTY_DOC, call.context(undefined))
  const nameOnly = fields.flag('nameOnly')
  const seesAll = mayDo(call, on(database, '', 'listCollections'))
  const found = server.catalog
    .collections(database)
    .filter(({ name }) => seesAll || mayDo(call, on(database, name, 'find')))
    .map((collection) => ({ full: collectionInfo(collection, false), shown: collectionInfo(collection, nameOnly) }))
    .filter(({ full }) => accepts(full))
  const documents = found.map(({ shown }) => encode(shown))
  const namespace = `${database}.$cmd.listCollections`
  return openCursor(call, documents, undefined, {
    namespace,
    batchSize: cursorBatchSize('listCollections', body),
    singleBatch: false,
  })
}

function listDatabases(call: Call): Doc {
  const { server, body } = call
  const fields = new Fields('listDatabases', body)
  const accepts = compileFilter(fields.doc('filter') ?? EMPTY_DOC, call.context(undefined))
  const nameOnly = fields.flag('nameOnly')
  const seesAll = mayDo(call, onServer('listDatabases')) && !fields.flag('authorizedDatabases')
  const found = server.catalog
    .databases()
    .filter((name) => seesAll || mayDo(call, on(name, '', 'find')))
    .map((name) => ({ name, size: server.catalog.collections(name).reduce((sum, { bytes }) => sum + bytes, 0) }))
    .map(({ name, size }) => ({
      size,
      info: doc(nameOnly ? { name } : { name, sizeOnDisk: BigInt(size), empty: false }),
    }))
    .filter(({ info }) => accepts(info))
  const databases = found.map(({ info }) => info)
  if (nameOnly) return doc({ databases })
  const total = found.reduce((sum, { size }) => sum + size, 0)
  return doc({ databases, totalSize: BigInt(total), totalSizeMb: BigInt(Math.floor(total / (1024 * 1024))) })
}

const nameOf = (body: Doc): string => (typeof body.values[0] === 'string' ? body.values[0] : '')
const own =
  (...actions: string[]) =>
  (call: Call): Access => [on(call.database, nameOf(call.body), ...actions)]

const REFUSED_OPTIONS = [
  'size',
  'max',
  'pipeline',
  'storageEngine',
  'indexOptionDefaults',
  'expireAfterSeconds',
  'autoIndexId',
  'idIndex',
  'temp',
  'recordPreImages',
]

function renameAccess({ body }: Call): Access {
  const [fromDatabase, fromName] = splitNamespace(String(body.values[0] as Value))
  const [toDatabase, toName] = splitNamespace(String(body.get('to') as Value))
  const dropsTarget = isSet(body.get('dropTarget')) ? ['dropCollection'] : []
  return [
    on(
      fromDatabase,
      fromName,
      ...(fromDatabase === toDatabase ? ['renameCollectionSameDB'] : ['find', 'dropCollection']),
    ),
    on(
      toDatabase,
      toName,
      ...(fromDatabase === toDatabase ? ['renameCollectionSameDB'] : ['insert', 'createIndex']),
      ...dropsTarget,
    ),
  ]
}

export const COLLECTION_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['create'],
    summary: 'validator, validationLevel, validationAction, collation',
    fields: [
      'validator',
      'validationLevel',
      'validationAction',
      'collation',
      'capped',
      'timeseries',
      'viewOn',
      'clusteredIndex',
      'encryptedFields',
      'changeStreamPreAndPostImages',
    ],
    refused: REFUSED_OPTIONS,
    access: own('createCollection'),
    run: create,
  },
  {
    names: ['collMod'],
    summary:
      'validator, validationLevel, validationAction; index: hidden, expireAfterSeconds, prepareUnique, unique, dryRun',
    fields: ['index', 'validator', 'validationLevel', 'validationAction', 'dryRun'],
    refused: [
      'viewOn',
      'pipeline',
      'cappedSize',
      'cappedMax',
      'changeStreamPreAndPostImages',
      'timeseries',
      'expireAfterSeconds',
      'recordPreImages',
    ],
    access: own('collMod'),
    run: collMod,
  },
  {
    names: ['drop'],
    summary: 'drops a collection; one that does not exist is no error',
    fields: [],
    access: own('dropCollection'),
    run: drop,
  },
  {
    names: ['dropDatabase'],
    summary: 'drops a database',
    fields: [],
    access: ({ database }) => [on(database, '', 'dropDatabase')],
    run: dropDatabase,
  },
  {
    names: ['renameCollection'],
    summary: 'renames, also into another database; dropTarget',
    fields: ['to', 'dropTarget'],
    refused: ['stayTemp'],
    adminOnly: true,
    access: renameAccess,
    run: renameCollection,
  },
  {
    names: ['listCollections'],
    summary: 'filter, nameOnly, authorizedCollections',
    fields: ['filter', 'cursor', 'nameOnly', 'authorizedCollections'],
    access: ({ database, body }) =>
      body.get('nameOnly') === true && body.get('authorizedCollections') === true
        ? 'login'
        : [on(database, '', 'listCollections')],
    run: listCollections,
  },
  {
    names: ['listDatabases'],
    summary: 'filter, nameOnly, authorizedDatabases',
    fields: ['filter', 'nameOnly', 'authorizedDatabases'],
    adminOnly: true,
    access: ({ body }) => (body.get('authorizedDatabases') === false ? [onServer('listDatabases')] : 'login'),
    run: listDatabases,
  },
]
