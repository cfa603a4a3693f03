import { equalValues } from '@stage0/bson-schema'
import { sameCollation } from '../read/collation.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionReader } from '../storage/readers.ts'
import type { IndexSpec } from '../storage/index-spec.ts'
import { shellDoc } from '../storage/shell-text.ts'
import type { Writer } from '../storage/writer.ts'
import { isIdIndex } from './index-specs.ts'

/** With `_id_`. Source: the manual's page on limits. */
const MAX_INDEXES = 64

/** What tells two indexes over the same fields apart, so that both may exist. */
function sameSignature(a: IndexSpec, b: IndexSpec): boolean {
  if (!equalValues(a.key, b.key) || a.unique !== b.unique || a.sparse !== b.sparse) return false
  if (!sameCollation(a.collation?.spec, b.collation?.spec)) return false
  if (a.partial === undefined || b.partial === undefined) return a.partial === b.partial
  return equalValues(a.partial.expression, b.partial.expression)
}

const sameOptions = (a: IndexSpec, b: IndexSpec): boolean =>
  sameSignature(a, b) &&
  a.expireAfterSeconds === b.expireAfterSeconds &&
  a.hidden === b.hidden &&
  a.prepareUnique === b.prepareUnique

const both = (wanted: IndexSpec, existing: IndexSpec): string =>
  `Requested index: ${shellDoc(wanted.spec)}, existing index: ${shellDoc(existing.spec)}`

/** Whether `wanted` is there already. Throws 85 and 86 where an index stands in its way. */
function exists(wanted: IndexSpec, existing: IndexSpec): boolean {
  const sameName = wanted.name === existing.name
  const signature = sameSignature(wanted, existing)
  if (!sameName && !signature) return false
  if (sameName && !signature) {
    throw new ServerError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both(wanted, existing)}`,
    )
  }
  if (sameName && sameOptions(wanted, existing)) return true
  if (sameName)
    throw new ServerError(
      85,
      `An equivalent index already exists with the same name but different options. ${both(wanted, existing)}`,
    )
  if (sameOptions(wanted, existing))
    throw new ServerError(85, `Index already exists with a different name: ${existing.name}`)
  throw new ServerError(
    85,
    `An equivalent index already exists with a different name and options. ${both(wanted, existing)}`,
  )
}

/** Which of `wanted` are not there yet. Throws 85, 86, 67 before anything is built. */
export function newIndexes(collection: CollectionReader, wanted: readonly IndexSpec[]): readonly IndexSpec[] {
  const fresh: IndexSpec[] = []
  for (const spec of wanted) {
    if (isIdIndex(spec)) continue
    const known = [...[...collection.indexes.values()].map((index) => index.spec), ...fresh]
    if (known.some((existing) => exists(spec, existing))) continue
    if (known.length + 1 >= MAX_INDEXES) {
      throw new ServerError(
        67,
        `add index fails, too many indexes for ${collection.namespace} key:${shellDoc(spec.key)}`,
      )
    }
    if (spec.kind === 'text' && known.some(({ kind }) => kind === 'text')) {
      throw new ServerError(67, 'only one text index per collection is allowed')
    }
    fresh.push(spec)
  }
  return fresh
}

const uuidText = (uuid: Uint8Array): string =>
  Buffer.from(uuid)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** Builds all of them, or none. Throws 11000 with the server's words around it, and 171. */
export function buildIndexes(unit: Writer, collection: CollectionReader, specs: readonly IndexSpec[]): void {
  const built: string[] = []
  try {
    for (const spec of specs) {
      unit.addIndex(collection, spec)
      built.push(spec.name)
    }
  } catch (error) {
    for (const name of built) unit.dropIndex(collection, name)
    if (!(error instanceof ServerError)) throw error
    const uuid = uuidText(collection.uuid)
    const message = `Index build failed: ${uuid}: Collection ${collection.namespace} ( ${uuid} ) :: caused by :: ${error.message}`
    throw new ServerError(error.code, message, error.extra)
  }
}
