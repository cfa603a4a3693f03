import { Timestamp } from 'bson'
import { isDoc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { ServerError } from '../server-error.ts'

/**
 * The time at which a read with the level `snapshot` outside of transactions reads: now. A time that the client asks for is
 * served while nothing was committed since, because no older state is kept: 239 otherwise, 72 for one that is to come.
 */
export function readTime({ server, body, transaction }: Call): Timestamp | undefined {
  const concern = body.get('readConcern')
  if (server.replicaSet === undefined || transaction !== undefined) return undefined
  if (!isDoc(concern) || concern.get('level') !== 'snapshot') return undefined
  const now = server.replicaSet.clock.now()
  const asked = concern.get('atClusterTime')
  if (asked === undefined) return now
  if (!(asked instanceof Timestamp)) {
    throw new ServerError(14, "BSON field 'readConcern.atClusterTime' is the wrong type, expected type 'timestamp'")
  }
  if (asked.compare(now) > 0)
    throw new ServerError(72, 'readConcern atClusterTime must not be greater than the current clusterTime.')
  if (asked.compare(now) < 0) throw new ServerError(239, 'Read timestamp is older than the oldest available timestamp.')
  return now
}
