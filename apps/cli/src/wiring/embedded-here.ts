import { DataFolderError, startEmbedded } from '@stage0/embedded'
import { err, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import { failureOf, type DatabaseOptions, type EmbeddedDatabase, type WorkerRefusal } from './embedded-database.ts'

/** What a failed start says that the caller can change; undefined for a defect. */
export function refusalOf(error: unknown): WorkerRefusal | undefined {
  if (error instanceof DataFolderError) return { refused: error.code, message: error.message }
  if (error instanceof Error && 'syscall' in error && error.syscall === 'listen') return { unusable: error.message }
  return undefined
}

/**
 * Starts the embedded database in this thread: for a process that does nothing else, which then listens a good deal earlier
 * than with a thread of its own for the database. Fails as `startDatabase` does.
 */
export async function startDatabaseHere(options: DatabaseOptions): Promise<Result<EmbeddedDatabase, Failure>> {
  try {
    return ok(await startEmbedded(options))
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return err(failureOf(refusal, options))
  }
}
