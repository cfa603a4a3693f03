import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { connect } from '@stage0/mongo'

/** A document as the driver gives it. */
export type Document = Record<string, unknown>

type EmbeddedOptions = NonNullable<Parameters<typeof startEmbedded>[0]>

/** A database of one test, and a look into it. */
export interface TestDatabase {
  readonly uri: string
  /** Name of the database on the server. */
  readonly name: string
  uriFor(user: string, password: string): string
  /** Names of the collections, sorted, without those that Stage0 keeps for itself. */
  collections(): Promise<string[]>
  /** In `_id` order. */
  documents(collection: string): Promise<Document[]>
  /** Sorted by name. */
  indexes(collection: string): Promise<Document[]>
  /** Documents, validators and indexes of all collections that are not Stage0's own. */
  everything(): Promise<unknown>
  run(command: Document): Promise<Document>
}

const EMBEDDED_NAME = 'shop'

/**
 * A database that ends with the test: of its own on the server that MONGO_CONNECTION_STRING names, else an embedded one.
 * With `users`, of whom the last one looks into it, it is always an embedded one.
 */
export async function testDatabase(options: EmbeddedOptions = {}): Promise<TestDatabase> {
  const external = process.env['MONGO_CONNECTION_STRING'] ?? ''
  if (options.users === undefined && external !== '') {
    const database = databaseAt(external, `stage0_test_${randomUUID().slice(0, 8)}`, external)
    onTestFinished(async () => void (await database.run({ dropDatabase: 1 })))
    return database
  }
  const server = await startEmbedded(options)
  onTestFinished(() => server.close())
  const observer = options.users?.at(-1)
  const observerUri = observer === undefined ? server.uri : withUser(server.uri, observer.user, observer.password)
  return databaseAt(server.uri, EMBEDDED_NAME, observerUri)
}

const withUser = (uri: string, user: string, password: string) => uri.replace('://', `://${user}:${password}@`)

function databaseAt(uri: string, database: string, observerUri: string): TestDatabase {
  /** A connection of its own each time: nothing of a test outlives its question. */
  const run = async (command: Document): Promise<Document> => {
    const opened = await connect({ uri: observerUri, database })
    if (!opened.ok) throw new Error(opened.error.message)
    try {
      return (await opened.value.db.command(command)) as Document
    } finally {
      await opened.value.close()
    }
  }
  const firstBatch = async (command: Document) => {
    const { cursor } = (await run(command)) as { cursor: { firstBatch: Document[] } }
    return cursor.firstBatch
  }
  const byName = (a: Document, b: Document) => (String(a['name']) < String(b['name']) ? -1 : 1)
  const documents = (collection: string) => firstBatch({ find: collection, sort: { _id: 1 }, batchSize: 10_000 })
  const indexes = async (collection: string) => (await firstBatch({ listIndexes: collection })).sort(byName)
  const listed = async () =>
    (await firstBatch({ listCollections: 1 })).filter(({ name }) => !String(name).startsWith('stage0_')).sort(byName)

  return {
    uri,
    name: database,
    uriFor: (user, password) => withUser(uri, user, password),
    run,
    documents,
    indexes,
    collections: async () => (await listed()).map(({ name }) => String(name)),
    everything: async () =>
      Promise.all(
        (await listed()).map(async (entry) => ({
          entry,
          documents: await documents(String(entry['name'])),
          indexes: await indexes(String(entry['name'])),
        })),
      ),
  }
}
