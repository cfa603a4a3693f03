import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'

/** What the thread of the database says first, and only then. */
export type WorkerMessage = { readonly uri: string } | { readonly unusable: string }

/** A running embedded database. */
export interface EmbeddedDatabase {
  readonly uri: string
  /** Ends it; its data are gone. */
  close(): Promise<void>
}

/** The built file, which a thread can load; from the sources as from the build it is in the same place. */
const WORKER = new URL('../../dist/wiring/embedded-worker.js', import.meta.url)

/**
 * Starts the embedded database on this machine, in a thread of its own: a service in this process answers while the database is busy. A
 * port that cannot be had is the caller's to change; any other failure of the thread ends the process.
 */
export async function startDatabase(port: number): Promise<Result<EmbeddedDatabase, Failure>> {
  const worker = new Worker(WORKER, { workerData: port })
  const [said] = (await once(worker, 'message')) as [WorkerMessage]
  if ('unusable' in said) {
    return err({ code: 'PORT_UNUSABLE', message: `Cannot listen on port ${port}: ${said.unusable}.`, exit: EXIT.usage })
  }
  return ok({
    uri: said.uri,
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
