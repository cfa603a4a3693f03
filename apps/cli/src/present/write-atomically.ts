import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'

/** Writes a whole file or nothing: a temporary file beside it, synced, then renamed over it. */
export async function writeAtomically(path: string, text: string): Promise<Result<void, Failure>> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    return ok(undefined)
  } catch (error) {
    // Where the folder is none, the system says so here too: the first reason is the one to tell.
    await rm(temporary, { force: true }).catch(() => undefined)
    if (!(error instanceof Error && 'code' in error)) throw error
    return err({
      code: 'OUTPUT_NOT_WRITABLE',
      message: `Cannot write ${path}: ${whyNot(error.message)}.`,
      exit: EXIT.usage,
    })
  }
}

/** Without the call and its paths: they name the temporary file, of which nobody knows. */
const whyNot = (message: string): string => message.replace(/, [a-z]+ '.*$/s, '')
