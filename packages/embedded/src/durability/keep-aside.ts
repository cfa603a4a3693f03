import { join } from 'node:path'
import { droppedOf, type Dropped } from './dropped.ts'
import type { Files } from './files.ts'
import { logName } from './manifest.ts'
import type { Recovered } from './recovery.ts'
import { writeFile } from './write-file.ts'

const CHUNK_BYTES = 4 * 1024 * 1024

/** Under this name lies what is left out of a file. */
export const damagedName = (name: string): string => `${name}.damaged`

/** Copies a log beside itself; a copy that was cut off is made anew. Rejects with what the disk says. */
export async function copyLog(files: Files, folder: string, name: string): Promise<void> {
  const log = files.open(join(folder, name))
  try {
    await writeFile(files, join(folder, damagedName(name)), async (copy) => {
      for (let at = 0; at < log.size; at += CHUNK_BYTES) await copy.write([log.read(at, CHUNK_BYTES)])
    })
  } finally {
    log.close()
  }
}

/** What is cut off at the end of the log; a record that is whole in length is kept in a file beside. */
export async function keepLast(files: Files, folder: string, data: Recovered): Promise<Dropped | undefined> {
  const { generation, end } = data
  if (end === undefined || end.rest === 0) return undefined
  const dropped = droppedOf(data)
  const { offset, bytes, record } = dropped
  if (record === undefined) return dropped
  const keptAs = unusedName(files.list(folder) ?? [], `${logName(generation)}-record-${record}`)
  const log = files.open(join(folder, logName(generation)))
  try {
    await writeFile(files, join(folder, keptAs), (file) => file.write([log.read(offset, bytes)]))
  } finally {
    log.close()
  }
  files.syncFolder(folder)
  return { ...dropped, keptAs: [keptAs] }
}

function unusedName(taken: readonly string[], name: string): string {
  const nth = (n: number): string => damagedName(n === 1 ? name : `${name}-${n}`)
  let n = 1
  while (taken.includes(nth(n))) n++
  return nth(n)
}
