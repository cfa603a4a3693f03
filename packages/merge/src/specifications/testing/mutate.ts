import fc from 'fast-check'
import { WHOLE, type Json } from './whole.ts'

/** A change of a content at some place of it. */
export interface Mutation {
  /** Picks the place among all of them. */
  readonly place: number
  readonly act: 'replace' | 'remove' | 'rename' | 'add'
  readonly value: Json
  readonly key: string
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isCollection = (value: Json): value is readonly Json[] | { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null

function textsOf(value: Json): readonly string[] {
  if (!isCollection(value)) return typeof value === 'string' ? [value] : []
  return [...(isList(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(textsOf)]
}

const TEXT = fc.constantFrom(...new Set(Object.values(WHOLE).flatMap(textsOf)), 'Users', 'prod', '__proto__')
const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1, 2.5, 65_536, 10_000, '', ' ', 'a b', 'a\tb', 'a\nb', 'abcd', 'x'.repeat(256)],
  ...['\u{1f3e0}'.repeat(41), '\u{1f3e0}'.repeat(3), [], {}, [null], [{}], [[]], ['Order'], [{ name: 'n' }]],
]

export const MUTATIONS: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  act: fc.constantFrom('replace' as const, 'replace' as const, 'remove' as const, 'rename' as const, 'add' as const),
  value: fc.oneof(fc.constantFrom(...VALUES), TEXT),
  key: TEXT,
})

const sizeOf = (value: Json): number =>
  1 + (isCollection(value) ? Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 0) : 0)

/** The content with the change at the place that the mutation picks. */
export const mutate = (content: Json, mutation: Mutation): Json =>
  changed(content, mutation.place % sizeOf(content), mutation)

function changed(value: Json, place: number, mutation: Mutation): Json {
  if (place === 0) return mutation.act === 'add' ? added(value, mutation) : mutation.value
  let left = place - 1
  const entries: [string, Json][] = []
  for (const [key, item] of Object.entries(value as object) as [string, Json][]) {
    const size = sizeOf(item)
    const isHere = left >= 0 && left < size
    if (!isHere) entries.push([key, item])
    else if (left > 0 || mutation.act === 'replace' || mutation.act === 'add')
      entries.push([key, changed(item, left, mutation)])
    else if (mutation.act === 'rename') entries.push([mutation.key, item])
    left -= size
  }
  return isList(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

function added(value: Json, { key, value: item }: Mutation): Json {
  if (isList(value)) return [...value, item]
  return isCollection(value) ? Object.fromEntries([...Object.entries(value), [key, item]]) : item
}
