import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { DataFolderError } from './data-folder-error.ts'
import type { Files } from './files.ts'
import { FORMAT_VERSION, LOG_HEAD_BYTES } from './frame.ts'
import { LOCK_FILE } from './lock.ts'
import { writeFile } from './write-file.ts'

export const MANIFEST_FILE = 'stage0-embedded.json'
const FORMAT = 'stage0-embedded'

export const logName = (generation: number): string => `log-${generation}`
export const snapshotName = (generation: number): string => `snapshot-${generation}`
const generationOf = (name: string): number | undefined => {
  const found = /^log-(\d+)$/.exec(name)
  return found === null ? undefined : Number(found[1])
}

/** Generations of the logs that are there, in order. */
export const logGenerations = (names: readonly string[]): readonly number[] =>
  names
    .map(generationOf)
    .filter((generation) => generation !== undefined)
    .sort((a, b) => a - b)

/** Removes snapshots of other generations than `snapshot`, logs outside of those from `snapshot` to `lastLog`, and what was being written. */
export function removeOthers(files: Files, folder: string, snapshot: number, lastLog: number): void {
  for (const name of files.list(folder) ?? []) {
    const found = /^(log|snapshot)-(\d+)(\.tmp)?$/.exec(name)
    if (found === null) continue
    const generation = Number(found[2])
    const counts = found[1] === 'log' ? generation >= snapshot && generation <= lastLog : generation === snapshot
    if (!counts || found[3] !== undefined) files.remove(join(folder, name))
  }
}

const checksum = (generation: number): string => crc32(`${FORMAT} ${FORMAT_VERSION} ${generation}`).toString(16)

/** Says which generation counts from now on: one rename, so that there is always exactly one. */
export async function writeManifest(files: Files, folder: string, generation: number): Promise<void> {
  const aside = join(folder, `${MANIFEST_FILE}.tmp`)
  const text = JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, generation, checksum: checksum(generation) })
  await writeFile(files, aside, (file) => file.write([Buffer.from(`${text}\n`)]))
  files.rename(aside, join(folder, MANIFEST_FILE))
  files.syncFolder(folder)
}

const damaged = (folder: string): DataFolderError =>
  new DataFolderError(
    'EMBEDDED_DATA_DAMAGED',
    `The data folder ${folder} is damaged: ${MANIFEST_FILE} does not say which generation of the data counts.`,
  )

/**
 * The generation that counts; undefined for a new folder. Changes nothing.
 *
 * @throws DataFolderError `EMBEDDED_DATA_FOREIGN`, `EMBEDDED_DATA_NEWER`, `EMBEDDED_DATA_DAMAGED`.
 */
export function readManifest(files: Files, folder: string): number | undefined {
  const text = files.readText(join(folder, MANIFEST_FILE))
  if (text === undefined) {
    refuseForeign(files, folder)
    return undefined
  }
  let read: Readonly<Record<string, unknown>>
  try {
    read = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>
  } catch {
    throw damaged(folder)
  }
  if (read['format'] !== FORMAT) throw damaged(folder)
  if (typeof read['version'] === 'number' && read['version'] > FORMAT_VERSION) {
    throw new DataFolderError(
      'EMBEDDED_DATA_NEWER',
      `The data folder ${folder} has format ${read['version']}; this version of the embedded server reads up to ${FORMAT_VERSION}.`,
    )
  }
  const generation = read['generation']
  if (read['version'] !== FORMAT_VERSION || typeof generation !== 'number') throw damaged(folder)
  if (read['checksum'] !== checksum(generation)) throw damaged(folder)
  return generation
}

/** A folder without a manifest must be empty, or hold what a start that was cut off left there. */
function refuseForeign(files: Files, folder: string): void {
  const names = files.list(folder) ?? []
  const foreign = names.find((name) => {
    if (name === LOCK_FILE || /^(lock\..*|stage0-embedded\.json)\.tmp$/.test(name)) return false
    return name !== logName(0) || hasRecords(files, join(folder, name))
  })
  if (foreign === undefined) return
  throw new DataFolderError(
    'EMBEDDED_DATA_FOREIGN',
    `The folder ${folder} is not a data folder of the embedded server: it holds ${foreign} and no ${MANIFEST_FILE}.`,
  )
}

function hasRecords(files: Files, path: string): boolean {
  const file = files.open(path)
  file.close()
  return file.size > LOG_HEAD_BYTES
}
