import type { ObservedPrivilege } from '@stage0/core'
import type { Db, Document } from 'mongodb'

/**
 * What the connected user may do on databases and collections; `undefined` where nobody is signed in, so that the server
 * has no list. Privileges on the cluster are left out: the engine needs none.
 */
export async function readPrivileges(db: Db): Promise<readonly ObservedPrivilege[] | undefined> {
  const status = await db.command({ connectionStatus: 1, showPrivileges: true })
  const { authenticatedUsers = [], authenticatedUserPrivileges = [] } = (status['authInfo'] ?? {}) as {
    authenticatedUsers?: readonly Document[]
    authenticatedUserPrivileges?: readonly Document[]
  }
  if (authenticatedUsers.length === 0) return undefined
  return authenticatedUserPrivileges.flatMap((privilege) => {
    const resource = (privilege['resource'] ?? {}) as Document
    const actions = (privilege['actions'] ?? []) as readonly string[]
    if (resource['anyResource'] === true) return [{ database: '', collection: '', actions }]
    if (typeof resource['db'] !== 'string' || typeof resource['collection'] !== 'string') return []
    return [{ database: resource['db'], collection: resource['collection'], actions }]
  })
}
