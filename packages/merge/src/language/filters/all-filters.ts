import { listFilters } from './list-filters.ts'
import { numberFilters } from './number-filters.ts'
import { selectFilters } from './select-filters.ts'
import { sortFilters } from './sort-filters.ts'
import { textFilters } from './text-filters.ts'
import { writeFilters } from './write-filters.ts'
import type { Filter } from './filter.ts'

const FILTERS: ReadonlyMap<string, Filter> = new Map([
  ...textFilters,
  ...numberFilters,
  ...listFilters,
  ...selectFilters,
  ...sortFilters,
  ...writeFilters,
])

/** The filter of that name, `undefined` where there is none. */
export const findFilter = (name: string): Filter | undefined => FILTERS.get(name)

/** All of them, as the guide to templates lists them. */
export const filterNames: readonly string[] = [...FILTERS.keys()]
