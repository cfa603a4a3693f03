import type { Scope } from '@stage0/types'
import type { LocationQuery } from 'vue-router'

/** Which collections a plan is made for. */
export type Which = 'all' | 'behind' | 'chosen'
/** `default`: as the service is set up (LOAD_TEST_DATA). */
export type TestData = 'default' | 'yes' | 'no'

/** What is to be planned, as the reader chose it; all of it stands in the address. */
export interface Selection {
  readonly which: Which
  /** Names of the chosen collections; kept while `which` is something else. */
  readonly collections: readonly string[]
  /** Target version by collection; the newest where none is named. */
  readonly versions: Readonly<Record<string, string>>
  readonly testData: TestData
}

const SEPARATOR = ','
const one = (value: LocationQuery[string] | undefined): string =>
  String((Array.isArray(value) ? value[0] : value) ?? '')
const names = (text: string): string[] => [...new Set(text.split(SEPARATOR).filter(Boolean))]

/** Reads a selection from the query of an address; what means nothing there counts as not said. */
export function selectionOf(query: LocationQuery): Selection {
  const collections = names(one(query['collections']))
  const which = one(query['which'])
  const testData = one(query['test_data'])
  return {
    which:
      which === 'behind' || which === 'all' || which === 'chosen' ? which : collections.length > 0 ? 'chosen' : 'all',
    collections,
    versions: Object.fromEntries(
      names(one(query['to'])).flatMap((pair) => {
        const at = pair.lastIndexOf(':')
        return at > 0 && at < pair.length - 1 ? [[pair.slice(0, at), pair.slice(at + 1)]] : []
      }),
    ),
    testData: testData === 'yes' || testData === 'no' ? testData : 'default',
  }
}

/** The query that `selectionOf` reads back; what is as usual is left out, so that every selection has one address. */
export function queryOf({ which, collections, versions, testData }: Selection): Record<string, string> {
  const to = Object.entries(versions).map(([name, version]) => `${name}:${version}`)
  return {
    // Names alone say that they are chosen, no names that all are meant.
    ...(which === 'behind' || (which === 'chosen') === (collections.length === 0) ? { which } : {}),
    ...(collections.length > 0 ? { collections: collections.join(SEPARATOR) } : {}),
    ...(to.length > 0 ? { to: to.join(SEPARATOR) } : {}),
    ...(testData === 'default' ? {} : { test_data: testData }),
  }
}

/** The collections that a selection means, of those that can be planned; `behind` lists those with something to do. */
export function chosenOf(
  { which, collections }: Selection,
  all: readonly { readonly name: string; readonly isBehind: boolean }[],
): readonly string[] {
  const known = all.map(({ name }) => name)
  if (which === 'all') return known
  if (which === 'behind') return all.filter(({ isBehind }) => isBehind).map(({ name }) => name)
  return known.filter((name) => collections.includes(name))
}

/** The scope to ask the service for. All collections are asked for without naming them: then enumerators count too. */
export function scopeOf(selection: Selection, chosen: readonly string[]): Scope {
  const versions = Object.entries(selection.versions).filter(([name]) => chosen.includes(name))
  return {
    ...(selection.which === 'all' ? {} : { collections: [...chosen] }),
    ...(versions.length > 0 ? { versions: Object.fromEntries(versions) } : {}),
    ...(selection.testData === 'default' ? {} : { load_test_data: selection.testData === 'yes' }),
  }
}

/** The selection that a plan was made for, to change it or to plan again. */
export const selectionOfScope = ({ collections = [], versions = {}, load_test_data: load }: Scope): Selection => ({
  which: collections.length > 0 ? 'chosen' : 'all',
  collections,
  versions,
  testData: load === undefined ? 'default' : load ? 'yes' : 'no',
})
