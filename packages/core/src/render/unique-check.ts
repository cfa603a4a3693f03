import { equalValues, hashKey, isDoc, typeName, type Doc, type Value } from '@stage0/bson-schema'
import type { DataFile } from '../model/model.ts'
import { hasField, indexEntries } from './index-keys.ts'
import { matchesPartialFilter } from './partial-filter.ts'

/** A document that test data bring in, with the file and the position that it comes from. */
export interface LoadedDocument {
  readonly file: DataFile
  /** Counted from 0. */
  readonly ordinal: number
  readonly document: Doc
}

export interface UniqueIndex {
  readonly name: string
  readonly key: Doc
  readonly options: Doc
}

export interface Collision {
  readonly index: UniqueIndex
  readonly first: LoadedDocument
  readonly second: LoadedDocument
  /** The values that both have, in the order of the key. */
  readonly values: readonly Value[]
}

/** Whether two documents collide can be said exactly: directions only, and a collation that can be reproduced. */
export function isCheckable(index: UniqueIndex): boolean {
  if (index.options.get('unique') !== true) return false
  if (index.key.values.some((direction) => typeof direction === 'string')) return false
  if (index.key.keys.some((path) => path.includes('$'))) return false
  return stringKeyOf(index) !== null
}

/** Every document whose key an earlier document has, once per document. Documents that cannot be told exactly are left out. */
export function findCollisions(index: UniqueIndex, documents: readonly LoadedDocument[]): readonly Collision[] {
  const seen = new Map<string, LoadedDocument>()
  const collisions: Collision[] = []
  const stringKey = stringKeyOf(index) ?? undefined
  for (const loaded of documents) {
    if (!isIndexed(index, loaded.document)) continue
    const own = new Map<string, readonly Value[]>()
    for (const values of indexEntries(loaded.document, index.key.keys) ?? []) {
      own.set(values.map((value) => hashKey(value, { stringKey })).join('|'), values)
    }
    const taken = [...own].find(([key]) => seen.has(key))
    if (taken !== undefined) {
      const first = seen.get(taken[0]) as LoadedDocument
      // The same document again counts as loaded already.
      if (!isSameDocument(first.document, loaded.document))
        collisions.push({ index, first, second: loaded, values: taken[1] })
      continue
    }
    for (const key of own.keys()) seen.set(key, loaded)
  }
  return collisions
}

const isSameDocument = (a: Doc, b: Doc): boolean => equalValues(a, b) && hashTypes(a) === hashTypes(b)

/** Equal numbers of different types compare as equal, but a document with another type is another document. */
const hashTypes = (value: Value): string =>
  isDoc(value)
    ? value.values.map(hashTypes).join()
    : Array.isArray(value)
      ? value.map(hashTypes).join()
      : typeName(value)

function isIndexed(index: UniqueIndex, document: Doc): boolean {
  if (index.options.get('sparse') === true && !index.key.keys.some((path) => hasField(document, path))) return false
  const filter = index.options.get('partialFilterExpression')
  // Where membership cannot be told exactly nothing is claimed.
  return !isDoc(filter) || matchesPartialFilter(document, filter) === true
}

const BASE_STRENGTH = 1
const ACCENT_STRENGTH = 2
/** ICU's default strength. */
const VARIANT_STRENGTH = 3

/**
 * What maps texts that the index's collation holds equal to one; `undefined` without a collation, `null` where the
 * collation cannot be reproduced.
 */
function stringKeyOf(index: UniqueIndex): ((text: string) => string) | undefined | null {
  const collation = index.options.get('collation')
  const locale = isDoc(collation) ? collation.get('locale') : undefined
  if (!isDoc(collation) || locale === 'simple') return undefined
  const strength = collation.get('strength') ?? VARIANT_STRENGTH
  const isPlain =
    collation.keys.every((key) => ['locale', 'strength', 'caseLevel'].includes(key)) &&
    collation.get('caseLevel') !== true
  if (
    typeof locale !== 'string' ||
    !isPlain ||
    ![BASE_STRENGTH, ACCENT_STRENGTH, VARIANT_STRENGTH].includes(strength as number)
  )
    return null
  const sensitivity = strength === BASE_STRENGTH ? 'base' : strength === ACCENT_STRENGTH ? 'accent' : 'variant'
  const collator = collatorOf(locale, sensitivity)
  if (collator === undefined) return null
  const representatives: string[] = []
  return (text) => {
    let low = 0
    let high = representatives.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (collator.compare(representatives[middle] as string, text) < 0) low = middle + 1
      else high = middle
    }
    const found = representatives[low]
    if (found !== undefined && collator.compare(found, text) === 0) return found
    representatives.splice(low, 0, text)
    return text
  }
}

function collatorOf(locale: string, sensitivity: 'base' | 'accent' | 'variant'): Intl.Collator | undefined {
  try {
    return new Intl.Collator(locale.replace('_', '-'), { sensitivity })
  } catch {
    // Not a language tag: the server has its own names for some locales.
    return undefined
  }
}
