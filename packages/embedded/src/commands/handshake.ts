import { arch, cpus, hostname, platform, release, totalmem } from 'node:os'
import { doc, docOf, Double, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { onServer } from '../auth/privileges.ts'
import { ServerError } from '../server-error.ts'
import { SESSION_TIMEOUT_MINUTES } from '../sessions/sessions.ts'
import { FEATURE_COMPATIBILITY_VERSION, MODULE_NAME, VERSION, VERSION_ARRAY } from '../version.ts'
import {
  MAX_DOCUMENT_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_WIRE_VERSION,
  MAX_WRITE_BATCH,
  MIN_WIRE_VERSION,
} from '../wire/limits.ts'
import { saslMechanismsOf, speculativeSasl } from './authentication.ts'
import type { Call, CommandDefinition } from './call.ts'
import { addressOf } from './replica-set-commands.ts'

function hello(call: Call): Doc {
  const { body, connection, server } = call
  const client = body.get('client')
  if (isDoc(client)) connection.client ??= client
  const reply: (readonly [string, Value])[] = [
    // The old names of the command answer with the old name of the field.
    [body.keys[0] === 'hello' ? 'isWritablePrimary' : 'ismaster', true],
    ['helloOk', true],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['maxMessageSizeBytes', MAX_MESSAGE_BYTES],
    ['maxWriteBatchSize', MAX_WRITE_BATCH],
    ['localTime', server.clock()],
    ['logicalSessionTimeoutMinutes', SESSION_TIMEOUT_MINUTES],
    ['connectionId', connection.id],
    ['minWireVersion', MIN_WIRE_VERSION],
    ['maxWireVersion', MAX_WIRE_VERSION],
    ['readOnly', false],
  ]
  if (server.replicaSet !== undefined) reply.push(...server.replicaSet.helloFields(addressOf(server)))
  const mechanisms = saslMechanismsOf(call)
  if (mechanisms !== undefined) reply.push(['saslSupportedMechs', mechanisms])
  const speculative = speculativeSasl(call)
  if (speculative !== undefined) reply.push(['speculativeAuthenticate', speculative])
  return docOf(reply)
}

function buildInfo(): Doc {
  return doc({
    version: VERSION,
    gitVersion: MODULE_NAME,
    modules: [MODULE_NAME],
    allocator: 'v8',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    versionArray: VERSION_ARRAY,
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ['memory'],
  })
}

const PARAMETERS: Readonly<Record<string, Value>> = {
  featureCompatibilityVersion: doc({ version: FEATURE_COMPATIBILITY_VERSION }),
  authenticationMechanisms: ['SCRAM-SHA-256'],
  internalQueryMaxAddToSetBytes: 104857600,
}

function getParameter({ body }: Call): Doc {
  const all = body.values[0] === '*' || (isDoc(body.values[0]) && body.values[0].get('allParameters') === true)
  const asked = body.keys.slice(1).filter((key) => key !== 'comment' && key !== 'lsid' && !key.startsWith('$'))
  const names = all ? Object.keys(PARAMETERS) : asked.filter((key) => Object.hasOwn(PARAMETERS, key))
  if (names.length === 0) throw new ServerError(72, 'no option found to get')
  return docOf(names.map((name) => [name, PARAMETERS[name] as Value]))
}

function getLog({ body }: Call): Doc {
  const name = body.values[0]
  if (name === '*') return doc({ names: ['global', 'startupWarnings'] })
  if (name === 'global' || name === 'startupWarnings') return doc({ totalLinesWritten: 0, log: [] })
  throw new ServerError(96, `No log named '${String(name)}'`)
}

function hostInfo({ server }: Call): Doc {
  const MEGABYTE = 1024 * 1024
  return doc({
    system: {
      currentTime: server.clock(),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: Math.floor(totalmem() / MEGABYTE),
      numCores: cpus().length,
      cpuArch: arch(),
    },
    os: { type: platform(), name: platform(), version: release() },
    extra: {},
  })
}

function serverStatus({ server }: Call): Doc {
  const MILLISECONDS_PER_SECOND = 1000
  const uptime = server.clock().getTime() - server.startedAt.getTime()
  const counts = (...names: string[]): number => names.reduce((sum, name) => sum + (server.counters.get(name) ?? 0), 0)
  return doc({
    host: `${hostname()}:${server.port}`,
    version: VERSION,
    process: MODULE_NAME,
    pid: BigInt(process.pid),
    uptime: new Double(Math.floor(uptime / MILLISECONDS_PER_SECOND)),
    uptimeMillis: BigInt(uptime),
    localTime: server.clock(),
    connections: { current: server.connections, totalCreated: server.totalConnections },
    opcounters: {
      insert: BigInt(counts('insert')),
      query: BigInt(counts('find')),
      update: BigInt(counts('update', 'findAndModify')),
      delete: BigInt(counts('delete')),
      getmore: BigInt(counts('getMore')),
      command: BigInt(counts(...server.counters.keys())),
    },
    metrics: { cursor: { open: { total: BigInt(server.cursors.size) } } },
    storageEngine: { name: 'memory', supportsCommittedReads: true, persistent: false },
    mem: { bits: 64, resident: Math.floor(process.memoryUsage.rss() / 1048576) },
  })
}

export const HANDSHAKE_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['hello', 'isMaster', 'ismaster'],
    summary: 'who the server is and what it can do',
    fields: [
      'helloOk',
      'client',
      'compression',
      'loadBalanced',
      'speculativeAuthenticate',
      'saslSupportedMechs',
      'hostInfo',
      'topologyVersion',
      'maxAwaitTimeMS',
      'internalClient',
      'arbiterCredentials',
    ],
    access: () => 'public',
    run: hello,
  },
  { names: ['ping'], summary: 'answers', fields: [], access: () => 'public', run: () => doc({}) },
  {
    names: ['buildInfo', 'buildinfo'],
    summary: 'version 7.0, modules ["embedded"]',
    fields: [],
    access: () => 'public',
    run: buildInfo,
  },
  {
    names: ['getParameter'],
    summary: 'a few parameters that clients ask for',
    // Every field is the name of a parameter, known or not.
    fields: 'any',
    adminOnly: true,
    access: () => [onServer('getParameter')],
    run: getParameter,
  },
  {
    names: ['getLog'],
    summary: 'empty logs',
    fields: [],
    adminOnly: true,
    access: () => [onServer('getLog')],
    run: getLog,
  },
  {
    names: ['getCmdLineOpts'],
    summary: 'no options',
    fields: [],
    adminOnly: true,
    access: () => [onServer('getCmdLineOpts')],
    run: () => doc({ argv: [MODULE_NAME], parsed: {} }),
  },
  {
    names: ['hostInfo'],
    summary: 'the machine',
    fields: [],
    adminOnly: true,
    access: () => [onServer('hostInfo')],
    run: hostInfo,
  },
  {
    names: ['serverStatus'],
    summary: 'counters and memory',
    fields: ['repl', 'metrics', 'locks', 'mirroredReads', 'latchAnalysis', 'opcounters', 'connections', 'mem'],
    access: () => [onServer('serverStatus')],
    run: serverStatus,
  },
  {
    names: ['whatsmyuri'],
    summary: "the client's address",
    fields: [],
    access: () => 'public',
    run: ({ connection }) => doc({ you: connection.remote }),
  },
]
