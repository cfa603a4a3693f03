import { join } from 'node:path'
import { DataFolderError } from './data-folder-error.ts'
import type { Files } from './files.ts'
import type { Holder, Machine } from './machine.ts'

export const LOCK_FILE = 'lock'
/** A lock can change hands while it is looked at; each round then looks anew. */
const ROUNDS = 5

function readHolder(text: string): Holder | undefined {
  try {
    const read = JSON.parse(text) as Partial<Holder> | null
    if (typeof read?.pid !== 'number' || typeof read.host !== 'string' || typeof read.since !== 'string')
      return undefined
    return { pid: read.pid, host: read.host, since: read.since, boot: read.boot, begun: read.begun }
  } catch {
    // A lock is made with its content in one step: half of one is what a loss of power left.
    return undefined
  }
}

const inUse = (folder: string, holder: Holder, hint: string): DataFolderError =>
  new DataFolderError(
    'EMBEDDED_DATA_IN_USE',
    `The data folder ${folder} is in use by process ${holder.pid} on ${holder.host} since ${holder.since}${hint}.`,
  )

/**
 * Takes the folder for this process. The lock of a process that is gone is taken over.
 *
 * @returns what gives the folder back.
 * @throws DataFolderError `EMBEDDED_DATA_IN_USE`, naming the holder.
 */
export function takeLock(files: Files, machine: Machine, folder: string, now: Date): () => void {
  const path = join(folder, LOCK_FILE)
  const own = `${JSON.stringify(machine.describe(now))}\n`
  for (let round = 0; round < ROUNDS; round++) {
    if (files.claim(path, own)) return () => release(files, path, own)
    const text = files.readText(path)
    if (text === undefined) continue
    const holder = readHolder(text)
    const verdict = holder === undefined ? 'ended' : machine.judge(holder)
    if (holder !== undefined && verdict === 'running') throw inUse(folder, holder, '')
    if (holder !== undefined && verdict === 'unknown') {
      throw inUse(folder, holder, `; if it has ended, remove the file ${path}`)
    }
    setAside(files, path, text, round)
  }
  throw new DataFolderError('EMBEDDED_DATA_IN_USE', `The data folder ${folder} is being taken by other processes.`)
}

/** Removes the lock of a process that is gone. Two may try at once: who moved another's new lock puts it back. */
function setAside(files: Files, path: string, stale: string, round: number): void {
  const aside = `${path}.${process.pid}-${round}.tmp`
  try {
    files.rename(path, aside)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  const moved = files.readText(aside)
  if (moved !== undefined && moved !== stale) files.claim(path, moved)
  files.remove(aside)
}

function release(files: Files, path: string, own: string): void {
  if (files.readText(path) === own) files.remove(path)
}
