import { doc, docOf, type Doc } from '@stage0/bson-schema'
import { on } from '../auth/privileges.ts'
import { collectionStats, databaseStats } from '../read/statistics.ts'
import { namedCollection } from '../read/find.ts'
import { ServerError } from '../server-error.ts'
import { documentOf } from '../storage/record.ts'
import type { Access, Call, CommandDefinition } from './call.ts'
import { requireCollection } from './collection-commands.ts'
import { Fields } from './fields.ts'

function scaleOf(command: string, body: Doc): number {
  const scale = new Fields(command, body).number('scale') ?? 1
  if (scale < 1) throw new ServerError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`)
  return scale
}

function collStats(call: Call): Doc {
  const { name, collection } = namedCollection(call)
  const scale = scaleOf('collStats', call.body)
  if (collection !== undefined) return collectionStats(collection, scale)
  return doc({
    ns: `${call.database}.${name}`,
    size: 0,
    count: 0,
    storageSize: 0,
    totalSize: 0,
    nindexes: 0,
    totalIndexSize: 0,
    indexSizes: {},
    scaleFactor: scale,
  })
}

function validate(call: Call): Doc {
  const collection = requireCollection(call, (namespace) => `Collection '${namespace}' does not exist to validate.`)
  const { validator } = collection.options
  let nonCompliant = 0
  if (validator !== undefined)
    for (const record of collection.records()) if (!validator.accepts(documentOf(record))) nonCompliant++
  const indexes = [
    ['_id_', collection.size] as const,
    ...[...collection.indexes.values()].map(({ name, size }) => [name, size] as const),
  ]
  return doc({
    ns: collection.namespace,
    nInvalidDocuments: 0,
    nNonCompliantDocuments: nonCompliant,
    nrecords: collection.size,
    nIndexes: indexes.length,
    keysPerIndex: docOf(indexes),
    indexDetails: docOf(indexes.map(([name]) => [name, doc({ valid: true })])),
    valid: true,
    repaired: false,
    warnings:
      nonCompliant === 0
        ? []
        : ["Detected one or more documents not compliant with the collection's schema. Check logs for log id 5363500."],
    errors: [],
    extraIndexEntries: [],
    missingIndexEntries: [],
  })
}

const own =
  (action: string) =>
  ({ database, body }: Call): Access => [on(database, typeof body.values[0] === 'string' ? body.values[0] : '', action)]

export const STATISTICS_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['collStats', 'collstats'],
    summary: 'sizes and counts of a collection',
    fields: ['scale'],
    access: own('collStats'),
    run: collStats,
  },
  {
    names: ['dbStats', 'dbstats'],
    summary: 'sizes and counts of a database',
    fields: ['scale', 'freeStorage'],
    access: ({ database }) => [on(database, '', 'dbStats')],
    run: ({ server, database, body }) =>
      databaseStats(database, server.catalog.collections(database), scaleOf('dbStats', body)),
  },
  {
    names: ['validate'],
    summary: 'counts documents that break the rules',
    fields: ['full', 'repair', 'metadata', 'checkBSONConformance', 'background'],
    access: own('validate'),
    run: validate,
  },
]
