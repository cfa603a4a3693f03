import { ServerError } from '../server-error.ts'

const MAX_DATABASE_BYTES = 63
const MAX_NAMESPACE_BYTES = 255
const BAD_IN_DATABASE = /[/\\. "$\0]/

/** Throws 73 where `name` cannot name a database. */
export function checkDatabaseName(name: string): void {
  if (name === '' || Buffer.byteLength(name) > MAX_DATABASE_BYTES || BAD_IN_DATABASE.test(name)) {
    throw new ServerError(73, `Invalid database name: '${name}'`)
  }
}

/** Throws 73 where `name` cannot name a collection of `database`. */
export function checkCollectionName(database: string, name: string): void {
  const invalid = (why: string): never => {
    throw new ServerError(73, `Invalid namespace specified '${database}.${name}'${why}`)
  }
  if (name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('\0')) invalid('')
  if (name.includes('$')) invalid(': a collection name cannot contain $')
  if (Buffer.byteLength(`${database}.${name}`) > MAX_NAMESPACE_BYTES) {
    invalid(`: a namespace has at most ${MAX_NAMESPACE_BYTES} bytes`)
  }
}

/** Throws 73 where a collection of this name may not be made by a client. */
export function checkNewCollectionName(database: string, name: string): void {
  checkCollectionName(database, name)
  if (name.startsWith('system.')) throw new ServerError(73, `Invalid system namespace: ${database}.${name}`)
}

/** The databases that carry no validators and that `dropDatabase` keeps. */
export const isInternalDatabase = (database: string): boolean =>
  database === 'admin' || database === 'local' || database === 'config'
