import { startEmbedded, type EmbeddedServer } from '@stage0/embedded'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'

/** Starts the embedded database on this machine. A port that cannot be had is the caller's to change. */
export async function startDatabase(port: number): Promise<Result<EmbeddedServer, Failure>> {
  try {
    return ok(await startEmbedded({ port }))
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) throw error
    return err({ code: 'PORT_UNUSABLE', message: `Cannot listen on port ${port}: ${error.message}.`, exit: EXIT.usage })
  }
}

/** Resolves when the command is asked to end. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
