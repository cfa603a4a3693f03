import { resolve } from 'node:path'
import { err, ok, type ExitCode, type Problem, type Result } from '@stage0/types'
import type { Setting, Settings } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import type { Io } from '../terminal/io.ts'
import { startDatabase } from './embedded-database.ts'

/** Where the database of `start` and `serve` is: the one that the connection string names, or one of their own. */
export type DatabasePlace =
  | { readonly kind: 'named' }
  | {
      readonly kind: 'own'
      /** Its data folder; in memory without one. */
      readonly data: string | undefined
    }

/** What counts more comes later. */
const SOURCES: readonly Setting<unknown>['from'][] = ['default', 'file', 'environment', 'option']

/**
 * Which database is meant where a connection string, a data folder, or neither is given. Of both the one counts that is said more
 * directly, as with every setting: an option before the environment, that before a file.
 *
 * @returns `SETTING_INVALID` where both are said in the same way.
 */
export function databasePlace(io: Io, settings: Settings): Result<DatabasePlace, Problem[]> {
  const { MONGO_CONNECTION_STRING: uri, EMBEDDED_DATA: data } = settings
  if (data.value === '') return ok(uri.from === 'default' ? { kind: 'own', data: undefined } : { kind: 'named' })
  const lead = SOURCES.indexOf(data.from) - SOURCES.indexOf(uri.from)
  if (lead > 0) return ok({ kind: 'own', data: resolve(io.folder, data.value) })
  if (lead < 0) return ok({ kind: 'named' })
  const text = `MONGO_CONNECTION_STRING, from ${uri.source}, and EMBEDDED_DATA, from ${data.source}, both say where the database is.`
  return err([{ code: 'SETTING_INVALID', severity: 'error', text, hint: 'Leave one of them out.' }])
}

/** Runs the embedded database for as long as `use` works with it. */
export async function withOwnDatabase(
  io: Io,
  data: string | undefined,
  json: boolean | undefined,
  use: (uri: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const database = await startDatabase(data === undefined ? {} : { data })
  if (!database.ok) return tellFailure(io, database.error, json)
  const { uri, notice } = database.value
  if (notice !== undefined) io.err(`${notice}\n`)
  try {
    return await use(uri)
  } finally {
    await database.value.close()
  }
}
