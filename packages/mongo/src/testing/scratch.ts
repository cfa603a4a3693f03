import { startEmbedded } from '@stage0/embedded'
import type { TargetPort } from '@stage0/engine'
import type { Result } from '@stage0/types'
import { MongoClient, type Db } from 'mongodb'
import { randomBytes } from 'node:crypto'
import type { SentCommand } from '../connection/connect.ts'
import { openTarget } from '../target.ts'

/** A throw-away database, seen through a target and directly. Development only. */
export interface Scratch {
  readonly name: string
  readonly target: TargetPort
  readonly db: Db
  /** Commands that the target has sent. */
  readonly sent: SentCommand[]
  /** Another connection, as of another process. Closed with the database. */
  another(): Promise<TargetPort>
  drop(): Promise<void>
}

/** The server under test: the one that MONGO_CONNECTION_STRING names, else an embedded one. Development only. */
export interface ScratchServer {
  readonly uri: string
  database(): Promise<Scratch>
  close(): Promise<void>
}

/** More than a server has room for unasked: the largest test migrates a million, and inserts more meanwhile. */
const MAX_DOCUMENTS = 2_000_000

const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }

/** @param replicaSet The name of the set that an embedded server is then the one member of; a given server is what it is. */
export async function startScratch(
  given = process.env['MONGO_CONNECTION_STRING'],
  replicaSet?: string,
): Promise<ScratchServer> {
  const embedded =
    given === undefined
      ? await startEmbedded({ maxDocuments: MAX_DOCUMENTS, ...(replicaSet !== undefined && { replicaSet }) })
      : undefined
  const uri = given ?? embedded?.uri ?? ''
  const client = await new MongoClient(uri).connect()
  const database = async (): Promise<Scratch> => {
    const name = `stage0_test_${randomBytes(6).toString('hex')}`
    const sent: SentCommand[] = []
    const opened: TargetPort[] = []
    const open = async (onCommand?: (command: SentCommand) => void): Promise<TargetPort> => {
      const target = value(await openTarget({ uri, database: name, recordNames, ...(onCommand && { onCommand }) }))
      opened.push(target)
      return target
    }
    const target = await open((command) => sent.push(command))
    const db = client.db(name)
    const drop = async (): Promise<void> => {
      for (const each of opened) await each.close()
      await db.dropDatabase()
    }
    return { name, target, db, sent, another: () => open(), drop }
  }
  const close = async (): Promise<void> => {
    await client.close()
    await embedded?.close()
  }
  return { uri, database, close }
}

/** The value of a result that must be one. */
export function value<T, E extends { readonly message: string }>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
