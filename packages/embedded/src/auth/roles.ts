import type { Privilege } from './privileges.ts'

const READ = ['find', 'listCollections', 'listIndexes', 'collStats', 'dbStats', 'killCursors', 'changeStream', 'dbHash']
const WRITE = [
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'createIndex',
  'dropIndex',
  'renameCollectionSameDB',
  'convertToCapped',
]
const ADMIN = [
  'collMod',
  'createCollection',
  'createIndex',
  'dropCollection',
  'dropDatabase',
  'dropIndex',
  'renameCollectionSameDB',
  'bypassDocumentValidation',
  'validate',
  'listCollections',
  'listIndexes',
  'collStats',
  'dbStats',
  'indexStats',
  'killCursors',
  'reIndex',
  'compact',
  'enableProfiler',
  'convertToCapped',
]
const USERS = [
  'changeCustomData',
  'changePassword',
  'createRole',
  'createUser',
  'dropRole',
  'dropUser',
  'grantRole',
  'revokeRole',
  'viewRole',
  'viewUser',
]
const MONITOR = [
  'serverStatus',
  'hostInfo',
  'getCmdLineOpts',
  'getLog',
  'getParameter',
  'inprog',
  'listDatabases',
  'listSessions',
  'top',
  'connPoolStats',
  'checkFreeMonitoringStatus',
]
const MANAGER = ['killop', 'killAnyCursor', 'killAnySession', 'setParameter', ...MONITOR]

const sorted = (actions: readonly string[]): readonly string[] => [...new Set(actions)].sort()
const onDatabase = (db: string, actions: readonly string[]): Privilege => ({
  resource: { db, collection: '' },
  actions: sorted(actions),
})
const onCluster = (actions: readonly string[]): Privilege => ({ resource: { cluster: true }, actions: sorted(actions) })

const DATABASE_ROLES: Readonly<Record<string, readonly string[]>> = {
  read: READ,
  readWrite: [...READ, ...WRITE],
  dbAdmin: ADMIN,
  userAdmin: USERS,
  dbOwner: [...READ, ...WRITE, ...ADMIN, ...USERS],
}

const SERVER_ROLES: Readonly<Record<string, readonly Privilege[]>> = {
  readAnyDatabase: [onDatabase('', READ), onCluster(['listDatabases'])],
  readWriteAnyDatabase: [onDatabase('', [...READ, ...WRITE]), onCluster(['listDatabases'])],
  dbAdminAnyDatabase: [onDatabase('', ADMIN), onCluster(['listDatabases'])],
  userAdminAnyDatabase: [onDatabase('', USERS), onCluster(['listDatabases'])],
  clusterMonitor: [onCluster(MONITOR), onDatabase('', ['collStats', 'dbStats', 'indexStats'])],
  clusterManager: [onCluster(MANAGER)],
  root: [{ resource: { anyResource: true }, actions: ['anyAction'] }],
}

/** Names of the roles that exist on every server. */
export const ROLE_NAMES: readonly string[] = [...Object.keys(DATABASE_ROLES), ...Object.keys(SERVER_ROLES)]

/** What a built-in role grants; `undefined` where there is no such role on `db`. */
export function privilegesOfRole(role: string, db: string): readonly Privilege[] | undefined {
  const actions = Object.hasOwn(DATABASE_ROLES, role) ? DATABASE_ROLES[role] : undefined
  if (actions !== undefined) return [onDatabase(db, actions)]
  return db === 'admin' && Object.hasOwn(SERVER_ROLES, role) ? SERVER_ROLES[role] : undefined
}
