import { doc, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { ServerError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { collectionStats } from './statistics.ts'

/** First stages that read the server instead of a collection. */
export const SERVER_STAGES: readonly string[] = ['$collStats', '$currentOp', '$indexStats', '$listLocalSessions']

/** The documents of such a stage; `undefined` where the pipeline begins with another one. */
export function serverSource(
  call: Call,
  stage: Value | undefined,
  collection: Collection | undefined,
): readonly Doc[] | undefined {
  if (!isDoc(stage)) return undefined
  switch (stage.keys[0]) {
    case '$changeStream':
      throw new ServerError(40573, 'The $changeStream stage is only supported on replica sets')
    case '$currentOp':
      if (call.database !== 'admin')
        throw new ServerError(73, "$currentOp must be run against the 'admin' database with {aggregate: 1}")
      return [currentOperation(call)]
    case '$listLocalSessions':
      return []
    case '$collStats':
      return collStatsDocuments(call, stage.values[0] as Value, collection)
    case '$indexStats':
      return indexStats(call, collection)
    default:
      return undefined
  }
}

/** The operation of the call itself: commands run one after another, so no other is ever active. */
export function currentOperation({ operation, connection, server }: Call): Doc {
  const { command } = operation
  return doc({
    type: 'op',
    host: `${server.host}:${server.port}`,
    desc: `conn${connection.id}`,
    connectionId: connection.id,
    client: connection.remote,
    active: true,
    currentOpTime: operation.startedAt.toISOString(),
    opid: operation.id,
    lsid: command.get('lsid'),
    secs_running: 0n,
    microsecs_running: 0n,
    op: 'command',
    ns: operation.namespace,
    command,
    comment: command.get('comment'),
  })
}

function collStatsDocuments(call: Call, options: Value, collection: Collection | undefined): readonly Doc[] {
  if (collection === undefined) throw new ServerError(26, 'Collection not found')
  const asked = isDoc(options) ? options : doc({})
  return [
    doc({
      ns: collection.namespace,
      host: `${call.server.host}:${call.server.port}`,
      localTime: call.server.clock(),
      storageStats: asked.has('storageStats') ? collectionStats(collection, 1) : undefined,
      count: asked.has('count') ? collection.size : undefined,
    }),
  ]
}

function indexStats(call: Call, collection: Collection | undefined): readonly Doc[] {
  if (collection === undefined) return []
  const row = (name: string, key: Doc): Doc =>
    doc({
      name,
      key,
      host: `${call.server.host}:${call.server.port}`,
      accesses: { ops: 0n, since: call.server.startedAt },
    })
  return [
    row('_id_', doc({ _id: 1 })),
    ...[...collection.indexes.values()].map(({ name, spec }) => row(name, spec.key)),
  ]
}
