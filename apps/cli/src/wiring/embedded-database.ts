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

/** Why the database does not start: a port or a data folder that cannot be had. */
export type WorkerRefusal =
  { readonly unusable: string } | { readonly refused: DataFolderCode; readonly message: string }

/** What the thread of the database says first, and only then. */
export type WorkerMessage = { readonly uri: string; readonly notice: string | undefined } | WorkerRefusal

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
  if (!('uri' in said)) return err(failureOf(said, options))
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

/** A refusal as the command tells it. */
export function failureOf(refusal: WorkerRefusal, { port }: DatabaseOptions): Failure {
  if ('refused' in refusal) return { code: refusal.refused, message: refusal.message, exit: EXIT.targetUnusable }
  return {
    code: 'PORT_UNUSABLE',
    message: `Cannot listen on port ${port ?? 0}: ${refusal.unusable}.`,
    exit: EXIT.usage,
  }
}

/** Resolves when the command is asked to end. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
