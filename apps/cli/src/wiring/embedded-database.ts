import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { DataFolderCode, EmbeddedOptions } from '@stage0/embedded'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'

/** What of the server can be chosen here: everything that can be sent to a thread. */
export type DatabaseOptions = Pick<
  EmbeddedOptions,
  'port' | 'data' | 'recover' | 'replicaSet' | 'maxDocuments' | 'maxBytes'
>

/** What the thread of the database says first, and only then. */
export type WorkerMessage =
  | { readonly uri: string; readonly notice: string | undefined }
  | { readonly unusable: string }
  | { readonly refused: DataFolderCode; readonly message: string }

/** A running embedded database. */
export interface EmbeddedDatabase {
  readonly uri: string
  /** What its data folder held and could not be read, in a sentence. */
  readonly notice: string | undefined
  /** Ends it; without a data folder its data are gone. */
  close(): Promise<void>
}

/** The built file, which a thread can load: `src/wiring` and `dist/chunks`, where this is, are equally deep. */
const WORKER = new URL('../../dist/embedded-worker.js', import.meta.url)

/**
 * Starts the embedded database on this machine, in a thread of its own: a service in this process answers while the database is busy. A
 * port or a data folder that cannot be had is the caller's to change; any other failure of the thread ends the process.
 */
export async function startDatabase(options: DatabaseOptions = {}): Promise<Result<EmbeddedDatabase, Failure>> {
  const worker = new Worker(WORKER, { workerData: options })
  const [said] = (await once(worker, 'message')) as [WorkerMessage]
  if ('unusable' in said) {
    const message = `Cannot listen on port ${options.port ?? 0}: ${said.unusable}.`
    return err({ code: 'PORT_UNUSABLE', message, exit: EXIT.usage })
  }
  if ('refused' in said) return err({ code: said.refused, message: said.message, exit: EXIT.targetUnusable })
  return ok({
    uri: said.uri,
    notice: said.notice,
    close: async () => {
      const ended = once(worker, 'exit')
      worker.postMessage('close')
      await ended
    },
  })
}

/** Resolves when the command is asked to end. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
