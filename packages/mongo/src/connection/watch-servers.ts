import type { MongoClient, TopologyDescription } from 'mongodb'

/** What the driver has heard of the servers of a deployment. */
export interface WatchedServers {
  readonly hasPrimary: () => boolean
  /** Why no server suits although some answered: they do not belong to the replica set that the connection string names. */
  readonly setMismatch: () => { readonly message: string; readonly hint: string } | undefined
}

/** Listens to what a client hears; to be called before it connects. */
export function watchServers(client: MongoClient): WatchedServers {
  const wanted = client.options.replicaSet
  // The driver forgets servers of another set, so the name that each told is kept here; `undefined` of one that is in no set.
  const answered = new Map<string, string | undefined>()
  let topology: TopologyDescription | undefined
  if (wanted !== undefined) {
    client.on('serverHeartbeatSucceeded', ({ connectionId, reply }) => {
      const name: unknown = reply['setName']
      answered.set(connectionId, typeof name === 'string' ? name : undefined)
    })
  }
  client.on('topologyDescriptionChanged', ({ newDescription }) => (topology = newDescription))
  return {
    hasPrimary: () => [...(topology?.servers.values() ?? [])].some(({ isWritable }) => isWritable),
    setMismatch: () => (wanted === undefined ? undefined : mismatch(wanted, answered)),
  }
}

function mismatch(wanted: string, answered: ReadonlyMap<string, string | undefined>) {
  const names = [...new Set([...answered.values()].flatMap((name) => name ?? []))]
  if (answered.size === 0 || names.includes(wanted)) return undefined
  const at = [...answered.keys()].join(', ')
  const who = answered.size === 1 ? `The server at ${at} answered, but it` : `The servers at ${at} answered, but they`
  const are = answered.size === 1 ? 'is' : 'are'
  if (names.length === 0) {
    return {
      message: `${who} ${are} not in a replica set, and the connection string names "${wanted}".`,
      hint: 'Leave `replicaSet` out of the connection string, or name the servers of the set.',
    }
  }
  const called = names.map((name) => `"${name}"`).join(' and ')
  return {
    message: `${who} ${are} in the replica set ${called}, and the connection string names "${wanted}".`,
    hint: `Write replicaSet=${names[0] ?? ''} into the connection string, or name the servers of "${wanted}".`,
  }
}
