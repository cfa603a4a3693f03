import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { IndexSpec } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import type { CollationOptions, Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver, toDriverDocument } from '../driver-values.ts'

/** Key tuples per query: their text stays far below the 16 MiB of one command. */
const BATCH_DOCUMENTS = 100

/**
 * Stored documents that have a key of `index` in common with one of `documents` and another `_id`, at most `limit`.
 * Partial filter, sparse and collation of the index count; a missing field is null, an array has one key per element.
 */
export async function findByKeys(
  { db, attempt }: Connection,
  collection: string,
  index: IndexSpec,
  documents: readonly Doc[],
  limit: number,
  signal?: AbortSignal,
): TargetResult<readonly Doc[]> {
  return attempt(`look for documents of collection "${collection}" that collide on index "${index.name}"`, async () => {
    const found: Doc[] = []
    const collation = index.options.get('collation')
    const options = {
      ...AS_BYTES,
      ...(signal ? { signal } : {}),
      // `find` would take the collection's own collation, which is also what an index without one has.
      ...(isDoc(collation)
        ? {
            collation: Object.fromEntries(
              toDriverDocument(collation) as Map<string, unknown>,
            ) as unknown as CollationOptions,
          }
        : {}),
    }
    for (let from = 0; from < documents.length && found.length < limit; from += BATCH_DOCUMENTS) {
      const conditions = documents.slice(from, from + BATCH_DOCUMENTS).flatMap((document) => collides(index, document))
      if (conditions.length === 0) continue
      const cursor = db
        .collection(collection)
        .find(filterOf(index, conditions), { ...options, limit: limit - found.length })
      for await (const bytes of cursor) found.push(readDocument(bytes))
    }
    return found
  })
}

function filterOf(index: IndexSpec, conditions: readonly Document[]): Document {
  const partial = index.options.get('partialFilterExpression')
  const all: Document[] = [{ $or: conditions }]
  if (isDoc(partial)) all.push(toDriverDocument(partial))
  return { $and: all }
}

/** What a stored document must satisfy to collide with `document`; none where the index does not hold `document`. */
function collides(index: IndexSpec, document: Doc): Document[] {
  const sparse = index.options.get('sparse') === true
  const fields = index.key.keys.map((path) => ({ path, values: keysAt(document, path.split('.')) }))
  if (sparse && fields.every(({ values }) => values.length === 0)) return []
  const conditions: Document[] = fields.map(({ path, values }) => {
    const tests = values.length === 0 ? [null] : values
    return { $or: tests.map((value) => ({ [path]: { $eq: toDriver(value, path) } })) }
  })
  if (sparse) conditions.push({ $or: index.key.keys.map((path) => ({ [path]: { $exists: true } })) })
  const id = document.get('_id')
  if (id !== undefined) conditions.push({ _id: { $ne: toDriver(id, '_id') } })
  return [{ $and: conditions }]
}

/** The values that an index on the path holds of a document: one per element of an array, none where the field is missing. */
function keysAt(value: Value | undefined, path: readonly string[]): Value[] {
  if (value === undefined) return []
  const [step, ...rest] = path
  if (step === undefined) return isArray(value) && value.length > 0 ? [...value] : [value]
  if (isDoc(value)) return keysAt(value.get(step), rest)
  if (!isArray(value)) return []
  const position = /^\d+$/.test(step) ? value[Number(step)] : undefined
  const inside = value.filter(isDoc).flatMap((element) => keysAt(element, path))
  return [...(position === undefined ? [] : keysAt(position, rest)), ...inside]
}
