import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { BsonError, decode, doc, encode, isArray, isDoc, type Doc } from '@stage0/bson-schema'
import { rawLength, readStored, storedDoc, UnreadableRecord, type StoredCollection } from './change.ts'
import { recordOf } from '../storage/record-bytes.ts'
import { DataFolderError } from './data-folder-error.ts'
import type { Files, InputFile, OutputFile } from './files.ts'
import { FORMAT_VERSION } from './frame.ts'
import { snapshotName } from './manifest.ts'
import { writeFile } from './write-file.ts'

/** One collection at one moment: documents never change, so the list is all that has to be kept. */
export interface CollectionState {
  readonly collection: StoredCollection
  readonly documents: readonly Uint8Array[]
}

/** All data after record `sequence` of the log. */
export interface DataState {
  readonly sequence: number
  readonly collections: readonly CollectionState[]
}

const CATALOG_FILE = 'catalog'
const CHUNK_BYTES = 1024 * 1024

const fileName = (index: number): string => `${String(index + 1).padStart(4, '0')}.bson`

async function writeDocuments(file: OutputFile, documents: readonly Uint8Array[]): Promise<number> {
  let sum = 0
  let chunk: Uint8Array[] = []
  let bytes = 0
  for (const document of documents) {
    chunk.push(document)
    bytes += document.length
    sum = crc32(document, sum)
    if (bytes < CHUNK_BYTES) continue
    await file.write(chunk)
    chunk = []
    bytes = 0
  }
  await file.write(chunk)
  return sum
}

/**
 * Writes the snapshot of a generation: a file of plain BSON for each collection, and a catalog with their checksums. It
 * is written aside and renamed, so that a folder of this name is always a whole one. Rejects with what the disk says; on a full
 * one what was written aside is in nobody's way.
 */
export async function writeSnapshot(files: Files, folder: string, generation: number, state: DataState): Promise<void> {
  const aside = join(folder, `${snapshotName(generation)}.tmp`)
  files.remove(aside)
  files.makeFolder(aside)
  try {
    await writeInto(files, aside, generation, state)
  } catch (error) {
    files.remove(aside)
    throw error
  }
  files.rename(aside, join(folder, snapshotName(generation)))
  files.syncFolder(folder)
}

async function writeInto(files: Files, aside: string, generation: number, state: DataState): Promise<void> {
  const collections: Doc[] = []
  for (const [index, { collection, documents }] of state.collections.entries()) {
    const sum = await writeFile(files, join(aside, fileName(index)), (file) => writeDocuments(file, documents))
    collections.push(storedDoc(collection).with('documents', documents.length).with('crc32', BigInt(sum)))
  }
  const catalog = encode(doc({ version: FORMAT_VERSION, generation, sequence: BigInt(state.sequence), collections }))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(crc32(catalog))
  await writeFile(files, join(aside, CATALOG_FILE), (file) => file.write([head, catalog]))
  files.syncFolder(aside)
}

/** Who takes what a snapshot holds. */
export interface SnapshotReader {
  collection(collection: StoredCollection): void
  document(uuid: Uint8Array, raw: Uint8Array): void
}

/**
 * Hands a snapshot over and returns the number of the last record that is in it.
 *
 * @throws DataFolderError `EMBEDDED_DATA_DAMAGED` for a bit that is not the one that was written.
 */
export function readSnapshot(files: Files, folder: string, generation: number, reader: SnapshotReader): number {
  const name = snapshotName(generation)
  const names = files.list(join(folder, name))
  const damaged = (file: string): DataFolderError =>
    new DataFolderError(
      'EMBEDDED_DATA_DAMAGED',
      `The data folder ${folder} is damaged: ${name}/${file} is not what was written.`,
    )
  if (names?.includes(CATALOG_FILE) !== true) throw damaged(CATALOG_FILE)
  const catalog = opened(files, join(folder, name, CATALOG_FILE), readCatalog)
  if (catalog === undefined || catalog.get('generation') !== generation) throw damaged(CATALOG_FILE)
  const sequence = catalog.get('sequence')
  const collections = catalog.get('collections')
  if (typeof sequence !== 'bigint' || !isArray(collections)) throw damaged(CATALOG_FILE)
  for (const [index, entry] of collections.entries()) {
    const file = fileName(index)
    if (!isDoc(entry)) throw damaged(CATALOG_FILE)
    if (!names.includes(file)) throw damaged(file)
    const stored = readStored(entry)
    reader.collection(stored)
    const found = opened(files, join(folder, name, file), (input) =>
      readDocuments(input, (raw) => reader.document(stored.uuid, raw)),
    )
    if (found === undefined || found.count !== entry.get('documents')) throw damaged(file)
    if (BigInt(found.sum) !== entry.get('crc32')) throw damaged(file)
  }
  return Number(sequence)
}

function opened<T>(files: Files, path: string, read: (input: InputFile) => T): T | undefined {
  const input = files.open(path)
  try {
    return read(input)
  } catch (error) {
    if (error instanceof UnreadableRecord || error instanceof BsonError) return undefined
    throw error
  } finally {
    input.close()
  }
}

function readCatalog(input: InputFile): Doc | undefined {
  const bytes = input.read(0, input.size)
  if (bytes.length < 4) return undefined
  const catalog = bytes.subarray(4)
  const sum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return crc32(catalog) === sum ? decode(catalog) : undefined
}

/** Cuts a file into documents, a chunk at a time; each is a copy. Throws `UnreadableRecord`. */
function readDocuments(input: InputFile, take: (raw: Uint8Array) => void): { count: number; sum: number } {
  let sum = 0
  let count = 0
  let at = 0
  let length = CHUNK_BYTES
  while (at < input.size) {
    const chunk = input.read(at, length)
    const isLast = at + chunk.length >= input.size
    let used = 0
    while (used < chunk.length) {
      const next = chunk.length - used < 4 ? undefined : new DataView(chunk.buffer, used, 4).getInt32(0, true)
      if (!isLast && (next === undefined || used + next > chunk.length)) break
      const raw = recordOf(chunk, used, used + rawLength(chunk, used))
      sum = crc32(raw, sum)
      take(raw)
      count++
      used += raw.length
    }
    at += used
    // A document that is longer than a chunk: once more, with room for it.
    length = used === 0 ? length * 2 : CHUNK_BYTES
  }
  return { count, sum }
}
