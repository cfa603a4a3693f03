import { Timestamp } from 'bson'
import { isDoc, isNumeric, type Doc } from '@stage0/bson-schema'
import type { ReplicaSet } from '../replica-set/replica-set.ts'
import { ServerError } from '../server-error.ts'
import type { CommandDefinition } from './call.ts'
import { Fields, toNumber } from './fields.ts'

/** Fields that every command takes. Source: what the driver sends, and the manual's page of each command. */
export const GENERIC_FIELDS: readonly string[] = [
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'comment',
  'maxTimeMS',
  'backpressure',
  '$audit',
  '$client',
  'stmtId',
  'stmtIds',
]

const GENERIC: ReadonlySet<string> = new Set(GENERIC_FIELDS)

const MAX_TIME_LIMIT_MS = 0x7fffffff

/** Checks the generic fields of a command. Throws the server's errors for what it cannot do: a standalone server less than a replica set. */
export function checkGenericFields(command: string, body: Doc, set: ReplicaSet | undefined): void {
  const fields = new Fields(command, body)
  if (set === undefined && (body.has('txnNumber') || body.has('startTransaction') || body.has('autocommit'))) {
    throw new ServerError(20, 'Transaction numbers are only allowed on a replica set member or mongos')
  }
  const apiVersion = fields.string('apiVersion')
  if (apiVersion !== undefined && apiVersion !== '1') throw new ServerError(322, 'API version must be "1"')
  if (fields.flag('apiStrict')) throw new ServerError(323, 'apiStrict is not supported by the embedded server')
  const time = fields.doc('$clusterTime')?.get('clusterTime')
  if (time instanceof Timestamp) set?.clock.advance(time)
  checkReadConcern(fields.doc('readConcern'), set)
  checkWriteConcern(fields.doc('writeConcern'), set)
  fields.doc('lsid')
}

function checkReadConcern(readConcern: Doc | undefined, set: ReplicaSet | undefined): void {
  if (readConcern === undefined) return
  const fields = new Fields('readConcern', readConcern).only([
    'level',
    'afterClusterTime',
    'atClusterTime',
    'provenance',
  ])
  const level = fields.string('level')
  const ofSets = level === 'linearizable' || level === 'snapshot'
  if (ofSets && set === undefined) {
    throw new ServerError(123, `node needs to be a replica set member to use readConcern: ${level}`)
  }
  if (level !== undefined && !ofSets && !['local', 'available', 'majority'].includes(level)) {
    throw new ServerError(
      9,
      `readConcern.level must be either 'local', 'majority', 'linearizable', 'available', or 'snapshot'`,
    )
  }
  const after = readConcern.get('afterClusterTime')
  if (set === undefined && (after !== undefined || readConcern.has('atClusterTime'))) {
    throw new ServerError(20, 'a cluster time in readConcern needs a replica set member')
  }
  // Everything that was committed can be read at once: there is nothing to wait for.
  if (after instanceof Timestamp && set !== undefined && after.compare(set.clock.now()) > 0) {
    throw new ServerError(72, 'readConcern afterClusterTime must not be greater than clusterTime value')
  }
}

function checkWriteConcern(writeConcern: Doc | undefined, set: ReplicaSet | undefined): void {
  if (writeConcern === undefined) return
  const fields = new Fields('writeConcern', writeConcern).only(['w', 'j', 'wtimeout', 'fsync', 'provenance'])
  const w = writeConcern.get('w')
  if (w === undefined || w === 'majority') return
  if (typeof w === 'string' && set !== undefined) throw new ServerError(79, `No write concern mode named '${w}' found`)
  if (typeof w === 'string')
    throw new ServerError(2, `cannot use non-majority 'w' mode ${w} when a host is not a member of a replica set`)
  if (isDoc(w) || !isNumeric(w)) throw new ServerError(9, 'w has to be a number, string, or object; found: other')
  if ((fields.number('w') as number) <= 1) return
  // A real set writes and then tells so; here nothing is written.
  if (set !== undefined) throw new ServerError(100, 'Not enough data-bearing nodes')
  throw new ServerError(2, "cannot use 'w' > 1 when a host is not replicated")
}

/** `maxTimeMS` in milliseconds; 0 and absent mean no limit. */
export function maxTimeOf(command: string, body: Doc): number {
  const value = body.get('maxTimeMS')
  if (value === undefined || value === null) return 0
  if (!isNumeric(value)) throw new ServerError(2, `${command}: maxTimeMS must be a number`)
  const milliseconds = toNumber(value)
  if (!Number.isInteger(milliseconds)) throw new ServerError(9, 'maxTimeMS has non-integral value')
  if (milliseconds < 0 || milliseconds > MAX_TIME_LIMIT_MS) {
    throw new ServerError(2, `${milliseconds} value for maxTimeMS is out of range [0, ${MAX_TIME_LIMIT_MS}]`)
  }
  return milliseconds
}

/** Refuses what the command does not know (40415) and what the embedded server leaves out (115). */
export function checkFields(definition: CommandDefinition, name: string, body: Doc): void {
  if (definition.fields === 'any') return
  for (const key of body.keys.slice(1)) {
    if (GENERIC.has(key) || definition.fields.includes(key)) continue
    if (definition.refused?.includes(key) === true) {
      // Drivers and shells send the default of some of them.
      if (body.get(key) === false) continue
      throw new ServerError(115, `option ${key} of ${name} is not supported by the embedded server`)
    }
    throw new ServerError(40415, `BSON field '${name}.${key}' is an unknown field.`)
  }
}
