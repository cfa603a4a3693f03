import { onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { connect } from '@stage0/mongo'

/** A document as the driver gives it. */
export type Document = Record<string, unknown>

type EmbeddedOptions = NonNullable<Parameters<typeof startEmbedded>[0]>

/** An embedded database in the process of the test, and a look into it. */
export interface TestDatabase {
  readonly uri: string
  uriFor(user: string, password: string): string
  /** Names of the collections, sorted, without those that Stage0 keeps for itself. */
  collections(database: string): Promise<string[]>
  /** In `_id` order. */
  documents(database: string, collection: string): Promise<Document[]>
  /** Sorted by name. */
  indexes(database: string, collection: string): Promise<Document[]>
  /** Documents, validators and indexes of all collections that are not Stage0's own. */
  everything(database: string): Promise<unknown>
  run(database: string, command: Document): Promise<Document>
}

/** Starts a database that ends with the test. With `users`, the last one is who looks into it. */
export async function embeddedDatabase(options: EmbeddedOptions = {}): Promise<TestDatabase> {
  const server = await startEmbedded(options)
  onTestFinished(() => server.close())
  const uriFor = (user: string, password: string) => server.uri.replace('://', `://${user}:${password}@`)
  const observer = options.users?.at(-1)
  const uri = observer === undefined ? server.uri : uriFor(observer.user, observer.password)

  /** A connection of its own each time: nothing of a test outlives its question. */
  const run = async (database: string, command: Document): Promise<Document> => {
    const opened = await connect({ uri, database })
    if (!opened.ok) throw new Error(opened.error.message)
    try {
      return (await opened.value.db.command(command)) as Document
    } finally {
      await opened.value.close()
    }
  }
  const firstBatch = async (database: string, command: Document) => {
    const { cursor } = (await run(database, command)) as { cursor: { firstBatch: Document[] } }
    return cursor.firstBatch
  }
  const allCollections = async (database: string) =>
    (await firstBatch(database, { listCollections: 1 })).sort((a, b) =>
      String(a['name']) < String(b['name']) ? -1 : 1,
    )
  const own = (name: unknown) => String(name).startsWith('stage0_')
  const documents = (database: string, collection: string) =>
    firstBatch(database, { find: collection, sort: { _id: 1 }, batchSize: 10_000 })
  const indexes = async (database: string, collection: string) =>
    (await firstBatch(database, { listIndexes: collection })).sort((a, b) =>
      String(a['name']) < String(b['name']) ? -1 : 1,
    )

  return {
    uri: server.uri,
    uriFor,
    run,
    documents,
    indexes,
    collections: async (database) =>
      (await allCollections(database)).map(({ name }) => String(name)).filter((name) => !own(name)),
    everything: async (database) =>
      Promise.all(
        (await allCollections(database))
          .filter(({ name }) => !own(name))
          .map(async (entry) => ({
            entry,
            documents: await documents(database, String(entry['name'])),
            indexes: await indexes(database, String(entry['name'])),
          })),
      ),
  }
}
