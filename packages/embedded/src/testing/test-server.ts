import { MongoClient, type Db, type Document, type MongoClientOptions } from 'mongodb'
import { afterAll, beforeAll } from 'vitest'
import { nodeFiles } from '../durability/node-files.ts'
import { thisMachine } from '../durability/machine.ts'
import { startServer, type EmbeddedOptions, type EmbeddedServer } from '../server.ts'

export interface TestServer {
  readonly server: EmbeddedServer
  readonly client: MongoClient
  readonly db: Db
}

/** Starts a server for the tests of a file and connects the official driver to it. */
export function useServer(
  options: EmbeddedOptions = {},
  clientOptions: MongoClientOptions = {},
  turnMs?: number,
): () => TestServer {
  let current: TestServer | undefined
  beforeAll(async () => {
    const world = { files: nodeFiles, machine: thisMachine, ...(turnMs === undefined ? {} : { turnMs }) }
    const server = await startServer(options, world)
    const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 5_000, ...clientOptions })
    current = { server, client, db: client.db('test') }
  })
  afterAll(async () => {
    await current?.client.close()
    await current?.server.close()
  })
  return () => {
    if (current === undefined) throw new Error('the server is not running')
    return current
  }
}

/** What a failed operation says; fails the test when the operation succeeds. */
export async function failureOf(operation: Promise<unknown>): Promise<Document> {
  try {
    await operation
  } catch (error) {
    const { code, codeName, message, errorResponse } = error as Document
    return { code, codeName, message, ...(errorResponse as Document) } as Document
  }
  throw new Error('the operation succeeded')
}
