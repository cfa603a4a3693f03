import { doc, EMPTY_DOC, hashKey, type Doc, type Value } from '@stage0/bson-schema'
import { on } from '../auth/privileges.ts'
import { cursorReply, takeAtOnce } from '../read/batch.ts'
import { distinctValues } from '../read/distinct.ts'
import { find, namedCollection } from '../read/find.ts'
import { hintOf } from '../read/options.ts'
import { collationFor, select } from '../read/select.ts'
import { pausing } from '../read/pausing.ts'
import { readTime } from '../read/read-time.ts'
import { ServerError } from '../server-error.ts'
import { sessionOf } from '../sessions/session-key.ts'
import { MAX_DOCUMENT_BYTES } from '../wire/limits.ts'
import type { Call, CommandDefinition, RawReply } from './call.ts'
import { notAuthorized } from './dispatch-errors.ts'
import { Fields } from './fields.ts'
import type { Steps } from './steps.ts'

function getMore(call: Call): RawReply {
  const { body, server, database, connection } = call
  const fields = new Fields('getMore', body)
  const id = fields.long('getMore') ?? 0n
  const namespace = `${database}.${fields.requiredString('collection')}`
  const batchSize = fields.count('batchSize')
  server.cursors.expire(server.clock().getTime())
  const cursor = server.cursors.require(id)
  if (cursor.namespace !== namespace) {
    throw new ServerError(
      13,
      `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
    )
  }
  if (cursor.user !== connection.auth.user?.name) throw notAuthorized(call)
  if (cursor.session !== undefined && cursor.session !== sessionOf(call)) {
    throw new ServerError(50738, `Cannot run getMore on cursor ${id}, which was created in another session`)
  }
  if (cursor.transaction !== call.transaction) {
    const where = cursor.transaction === undefined ? 'outside of a transaction' : 'in a transaction'
    throw new ServerError(50741, `Cannot run getMore on cursor ${id}, which was created ${where}, from elsewhere`)
  }
  cursor.operation.idleMs += performance.now() - cursor.idleSince
  // A batch size of 0 means the default to getMore: as much as fits.
  const batch = takeAtOnce(cursor.documents, batchSize === 0 ? undefined : batchSize)
  const next = cursor.documents.next()
  if (next === undefined) server.cursors.kill(id)
  else cursor.documents.putBack(next)
  cursor.idleSince = performance.now()
  cursor.lastUsed = server.clock().getTime()
  return cursorReply('nextBatch', namespace, next === undefined ? 0n : id, batch)
}

function killCursors({ body, server, connection }: Call): Doc {
  const fields = new Fields('killCursors', body)
  const killed: Value[] = []
  const notFound: Value[] = []
  for (const id of fields.requiredArray('cursors')) {
    if (typeof id !== 'bigint')
      throw new ServerError(14, "BSON field 'killCursors.cursors' must hold values of type 'long'")
    const mine = server.cursors.find(id)?.user === connection.auth.user?.name
    ;(mine && server.cursors.kill(id) ? killed : notFound).push(id)
  }
  return doc({ cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] })
}

function* count(call: Call): Steps<Doc> {
  const { collection } = namedCollection(call)
  const fields = new Fields('count', call.body)
  const collation = collationFor(collection, fields.doc('collation'))
  const filter = fields.doc('query') ?? EMPTY_DOC
  const skip = fields.count('skip') ?? 0
  // A negative limit means the same as its positive one, from the times of old drivers.
  const limit = Math.abs(fields.number('limit') ?? 0)
  const hint = hintOf(collection, call.body.get('hint'))
  let total = 0
  if (filter.size === 0) total = collection?.size ?? 0
  else total = yield* select(call, collection, filter, collation, { hint }).count(call.isTurnOver)
  const left = Math.max(0, total - skip)
  return doc({ n: limit === 0 ? left : Math.min(limit, left) })
}

function* distinct(call: Call): Steps<Doc> {
  const { collection } = namedCollection(call)
  const fields = new Fields('distinct', call.body)
  const key = fields.requiredString('key')
  const collation = collationFor(collection, fields.doc('collation'))
  const selection = select(call, collection, fields.doc('query') ?? EMPTY_DOC, collation, {
    hint: hintOf(collection, call.body.get('hint')),
  })
  const found = distinctValues(selection.matchesInTurns(call.isTurnOver), key.split('.'), collation.compare)
  const time = readTime(call)
  const values = yield* pausing(found)
  const bytes = values.reduce<number>((sum, value) => sum + hashKey(value).length, 0)
  if (bytes > MAX_DOCUMENT_BYTES) throw new ServerError(17217, 'distinct too big, 16mb cap')
  return doc({ values, atClusterTime: time })
}

const readAccess = (call: Call) => {
  const name = call.body.values[0]
  return [on(call.database, typeof name === 'string' ? name : '', 'find')]
}

export const READ_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['find'],
    summary: 'filter, sort, projection, skip, limit, batchSize, singleBatch, collation, hint, min, max, let',
    fields: [
      'filter',
      'sort',
      'min',
      'max',
      'projection',
      'hint',
      'skip',
      'limit',
      'batchSize',
      'singleBatch',
      'collation',
      'let',
      'noCursorTimeout',
      'allowPartialResults',
      'allowDiskUse',
      'oplogReplay',
    ],
    refused: ['returnKey', 'showRecordId', 'tailable', 'awaitData', 'readOnce', 'resumeAfter', 'term', 'ntoreturn'],
    access: readAccess,
    run: find,
  },
  {
    names: ['getMore'],
    summary: 'the next batch of a cursor',
    fields: ['collection', 'batchSize'],
    refused: ['term', 'lastKnownCommittedOpTime'],
    access: () => 'login',
    run: getMore,
  },
  {
    names: ['killCursors'],
    summary: 'closes cursors',
    fields: ['cursors'],
    access: () => 'login',
    run: killCursors,
  },
  {
    names: ['count'],
    summary: 'query, skip, limit, collation, hint',
    fields: ['query', 'skip', 'limit', 'hint', 'collation', 'fields'],
    access: readAccess,
    run: count,
  },
  {
    names: ['distinct'],
    summary: 'key, query, collation, hint',
    fields: ['key', 'query', 'collation', 'hint'],
    access: readAccess,
    run: distinct,
  },
]
