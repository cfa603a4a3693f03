import { doc, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields, isSet } from '../commands/fields.ts'
import type { Operation } from '../commands/operation.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import type { CollectionReader } from '../storage/readers.ts'
import { collectionStats } from './statistics.ts'

/** First stages that read the server instead of a collection. */
export const SERVER_STAGES: readonly string[] = ['$collStats', '$currentOp', '$indexStats', '$listLocalSessions']

/** The documents of such a stage; `undefined` where the pipeline begins with another one. */
export function serverSource(
  call: Call,
  stage: Value | undefined,
  collection: CollectionReader | undefined,
): readonly Doc[] | undefined {
  if (!isDoc(stage)) return undefined
  const name = stage.keys[0] ?? ''
  if (call.transaction !== undefined && (SERVER_STAGES.includes(name) || name === '$changeStream')) {
    throw new ServerError(263, `Stage not supported inside of a multi-document transaction: ${name}`)
  }
  switch (name) {
    case '$changeStream':
      if (call.server.replicaSet === undefined)
        throw new ServerError(40573, 'The $changeStream stage is only supported on replica sets')
      throw new ServerError(115, 'the stage $changeStream is not supported by the embedded server')
    case '$currentOp':
      if (call.database !== 'admin')
        throw new ServerError(73, "$currentOp must be run against the 'admin' database with {aggregate: 1}")
      onlyOptions('$currentOp', stage, CURRENT_OP_OPTIONS)
      return currentOperations(call, isSet((stage.values[0] as Doc).get('allUsers')))
    case '$listLocalSessions':
      onlyOptions('$listLocalSessions', stage, ['users', 'allUsers'])
      return []
    case '$collStats':
      return collStatsDocuments(call, stage.values[0] as Value, collection)
    case '$indexStats':
      return indexStats(call, stage.values[0] as Value, collection)
    default:
      return undefined
  }
}

/** All but `allUsers` add what does not run, or what other servers run: there is nothing of either. */
const CURRENT_OP_OPTIONS = ['allUsers', 'idleConnections', 'idleCursors', 'idleSessions', 'localOps', 'targetAllNodes']

function onlyOptions(name: string, stage: Doc, known: readonly string[]): void {
  const options = stage.values[0]
  if (!isDoc(options)) throw new ServerError(9, `${name} options must be specified in an object`)
  new Fields(name, options).only(known)
}

/** The operation of the call itself, and those that have stopped for it; those of other users where `ofAll` is set. */
export function currentOperations({ operation, server }: Call, ofAll: boolean): readonly Doc[] {
  const userOf = ({ connection }: Operation): string | undefined => connection.auth.user?.name
  const others = [...server.operations].filter((other) => ofAll || userOf(other) === userOf(operation))
  return [operation, ...others].map((each) => shown(each, server))
}

function shown({ id, connection, command, startedAt, namespace, pauses, interrupted }: Operation, server: ServerState) {
  const ranMs = BigInt(Math.max(0, server.clock().getTime() - startedAt.getTime()))
  return doc({
    type: 'op',
    host: `${server.host}:${server.port}`,
    desc: `conn${connection.id}`,
    connectionId: connection.id,
    client: connection.remote,
    active: true,
    currentOpTime: server.clock().toISOString(),
    opid: id,
    lsid: command.get('lsid'),
    secs_running: ranMs / 1000n,
    microsecs_running: ranMs * 1000n,
    op: 'command',
    ns: namespace,
    command,
    comment: command.get('comment'),
    numYields: pauses,
    killPending: interrupted === undefined ? undefined : true,
  })
}

function collStatsDocuments(call: Call, options: Value, collection: CollectionReader | undefined): readonly Doc[] {
  if (collection === undefined) throw new ServerError(26, 'Collection not found')
  if (!isDoc(options)) throw new ServerError(5447000, '$collStats must take a nested object')
  const asked = new Fields('$collStats', options).only(['storageStats', 'count', 'latencyStats', 'queryExecStats'])
  const refused = ['latencyStats', 'queryExecStats'].find((name) => options.has(name))
  if (refused !== undefined)
    throw new ServerError(115, `${refused} of $collStats is not supported by the embedded server`)
  const scale = scaleOf(asked.doc('storageStats'))
  asked.doc('count')
  return [
    doc({
      ns: collection.namespace,
      host: `${call.server.host}:${call.server.port}`,
      localTime: call.server.clock(),
      storageStats: options.has('storageStats') ? collectionStats(collection, scale) : undefined,
      count: options.has('count') ? collection.size : undefined,
    }),
  ]
}

function scaleOf(storageStats: Doc | undefined): number {
  const scale = new Fields('$collStats.storageStats', storageStats ?? EMPTY_DOC).only(['scale']).number('scale') ?? 1
  if (scale < 1) throw new ServerError(51024, `BSON field '$collStats.storageStats.scale' value must be >= 1`)
  return Math.floor(scale)
}

function indexStats(call: Call, options: Value, collection: CollectionReader | undefined): readonly Doc[] {
  if (!isDoc(options) || options.size > 0)
    throw new ServerError(28803, 'The $indexStats stage specification must be an empty object')
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
