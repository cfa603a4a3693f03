import fc from 'fast-check'
import type { Json } from '../json-schema.ts'
import { CORPUS } from './corpus.ts'

/** A change of a content at some place of it. */
export interface Mutation {
  /** Picks the place among all of them. */
  readonly place: number
  readonly act: 'replace' | 'remove' | 'rename' | 'add'
  readonly value: Json
  readonly word: string
}

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

function wordsOf(value: Json, words: Set<string>): void {
  if (isList(value)) for (const item of value) wordsOf(item, words)
  if (typeof value === 'string') words.add(value)
  if (!isMap(value)) return
  for (const [key, item] of Object.entries(value)) {
    words.add(key)
    wordsOf(item, words)
  }
}

const words = new Set([
  'additionalProperties',
  'bsonType',
  'constraint',
  'default',
  'integer',
  'off',
  'schemas',
  'warn',
  'unqiue',
])
for (const content of Object.values(CORPUS)) wordsOf(content, words)

const WORD = fc.constantFrom(...words)
/**
 * Numbers at and beyond the bounds of an int, of what a double holds exactly, and of a long; all of them doubles, without 2^63, which
 * is for one who reads doubles also the largest long.
 */
export const BOUNDS: readonly number[] = [31, 53, 63, 64].flatMap((bits) => {
  const [bound, step] = [2 ** bits, Math.max(1, 2 ** (bits - 52))]
  return [bound - step, bound, bound + step, -bound - step, -bound].filter((one) => one !== 2 ** 63)
})
const VALUES: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    2.5,
    33,
    ...BOUNDS,
    '',
    ' ',
    '.',
    '..',
    'a/b',
    'a\\b',
    '$a',
    'a.b',
    'a\u0000',
    '0.0.0',
    '0.0.0.0',
    '1.0',
    '1.0.0.1',
    '_id_',
    '*',
  ],
  ...[[], {}, [null], [{}], [[]], [1, 'a'], { a: 1 }, { type: 'string' }, { name: 'n', type: 'word' }, { name: 'n' }],
]

export const MUTATIONS: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  act: fc.constantFrom('replace' as const, 'replace' as const, 'remove' as const, 'rename' as const, 'add' as const),
  value: fc.oneof(fc.constantFrom(...VALUES), WORD),
  word: WORD,
})

const countPlaces = (value: Json): number =>
  1 +
  (isList(value) || isMap(value) ? Object.values(value).reduce<number>((sum, item) => sum + countPlaces(item), 0) : 0)

/** The content with the change at the place that the mutation picks. */
export function mutate(content: Json, mutation: Mutation): Json {
  return at(content, mutation.place % countPlaces(content), mutation)
}

function at(value: Json, place: number, mutation: Mutation): Json {
  if (place === 0) return mutation.act === 'add' ? added(value, mutation) : mutation.value
  let left = place - 1
  const entries: [string, Json][] = []
  for (const [key, item] of Object.entries(value as object) as [string, Json][]) {
    const size = countPlaces(item)
    if (left < 0 || left >= size) entries.push([key, item])
    else if (left > 0 || mutation.act === 'replace' || mutation.act === 'add')
      entries.push([key, at(item, left, mutation)])
    else if (mutation.act === 'rename') entries.push([mutation.word, item])
    left -= size
  }
  return isList(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

function added(value: Json, { word, value: item }: Mutation): Json {
  if (isList(value)) return [...value, item]
  return isMap(value) ? { ...value, [word]: item } : item
}
