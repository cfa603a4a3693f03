import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Document } from './test-database.ts'

/** In these the identity of a document is whatever the server made of it. */
const WITHOUT_IDENTITY = ['CollectionVersions', 'DatabaseEnumerators']

/** The verified content of a database: per collection the documents as its fixture has them. */
export async function verifiedDatabase(fixture: string): Promise<ReadonlyMap<string, readonly Document[]>> {
  const folder = join(fixture, 'verified_output', 'test_database')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Document[]]> => {
        const documents = JSON.parse(await readFile(join(folder, file), 'utf8')) as Document[]
        return [basename(file, '.json'), sorted(basename(file, '.json'), documents)]
      }),
    ),
  )
}

/**
 * What of the documents of a collection is compared, in the form that the verified output uses. Only what the verified
 * document at the same place has counts, without keys that it says to ignore.
 */
export function comparable(
  name: string,
  actual: readonly Document[],
  verified: readonly Document[],
): { actual: unknown[]; verified: unknown[] } {
  const keys = verified.map((document) =>
    Object.keys(document).filter(
      (key) => document[key] !== 'ignore' && !(key === '_id' && WITHOUT_IDENTITY.includes(name)),
    ),
  )
  const pick = (document: Document | undefined, index: number): unknown =>
    document === undefined ? undefined : Object.fromEntries((keys[index] ?? []).map((key) => [key, document[key]]))
  return {
    actual: sorted(name, actual).map((document, index) => pick(plain(name, document) as Document, index)),
    verified: verified.map(pick),
  }
}

function sorted(name: string, documents: readonly Document[]): Document[] {
  const by = name === 'CollectionVersions' ? 'collection_name' : 'version'
  if (!documents.every((document) => by in document)) return [...documents]
  return [...documents].sort((a, b) => {
    const [left, right] = [a[by], b[by]]
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return String(left) < String(right) ? -1 : 1
  })
}

/** Identities as hex and times as text, as the verified output writes them. */
function plain(name: string, value: unknown): unknown {
  if (value instanceof Date) return timeText(value)
  if (Array.isArray(value)) return value.map((item) => plain(name, item))
  if (typeof value !== 'object' || value === null) return value
  if ('toHexString' in value && typeof value.toHexString === 'function') {
    const hex = String((value.toHexString as () => string)())
    return name === 'sample' ? { $oid: hex } : hex
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(name, item)]))
}

const timeText = (time: Date): string =>
  time
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
