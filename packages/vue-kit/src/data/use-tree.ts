import { computed, type ComputedRef, type Ref } from 'vue'
import { filteredRows, treePlaces, visibleRows, type TreePlace } from './tree-structure.ts'

/** A tree of rows in a list, with what is open and what a filter leaves. Indexes point into the list. */
export interface Tree {
  readonly keys: ComputedRef<readonly string[]>
  readonly places: ComputedRef<readonly TreePlace[]>
  /** Indexes of the rows in sight, from top to bottom. */
  readonly visible: ComputedRef<readonly number[]>
  readonly isFiltered: ComputedRef<boolean>
  /** Whether the rows below this one are in sight; a filter opens everything. */
  isOpen(index: number): boolean
  /** Expands or collapses a row; a filtered tree stays as the filter has it. */
  setOpen(index: number, isOpen: boolean): void
  expandSiblings(index: number): void
  /** Expands what is above a row. */
  expandAbove(key: string): void
}

/** `isMatch`: which rows the filter leaves, with all above them; `undefined` where there is no filter. */
export function useTree<Row extends { readonly depth: number }>(options: {
  readonly rows: () => readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly expanded: Ref<readonly string[]>
  readonly isMatch: () => ((row: Row) => boolean) | undefined
}): Tree {
  const { expanded } = options
  const keys = computed(() => options.rows().map(options.keyOf))
  const places = computed(() => treePlaces(options.rows()))
  const open = computed(() => new Set(expanded.value))
  const isFiltered = computed(() => options.isMatch() !== undefined)
  const isExpanded = (index: number) => open.value.has(keys.value[index] ?? '')
  const visible = computed(() => {
    const isMatch = options.isMatch()
    if (isMatch === undefined) return visibleRows(places.value, isExpanded)
    const rows = options.rows()
    return filteredRows(places.value, (index) => {
      const row = rows[index]
      return row !== undefined && isMatch(row)
    })
  })
  const expand = (more: readonly string[]) => (expanded.value = [...new Set([...expanded.value, ...more])])

  return {
    keys,
    places,
    visible,
    isFiltered,
    isOpen: (index) => isFiltered.value || isExpanded(index),
    setOpen(index, isOpen) {
      const key = keys.value[index]
      if (key === undefined || isFiltered.value) return
      if (isOpen) expand([key])
      else expanded.value = expanded.value.filter((other) => other !== key)
    },
    expandSiblings(index) {
      const parent = places.value[index]?.parent
      expand(
        keys.value.filter(
          (_key, other) => places.value[other]?.parent === parent && places.value[other]?.hasChildren === true,
        ),
      )
    },
    expandAbove(key) {
      const above: string[] = []
      for (let at = places.value[keys.value.indexOf(key)]?.parent ?? -1; at >= 0; at = places.value[at]?.parent ?? -1)
        above.push(keys.value[at] ?? '')
      expand(above)
    },
  }
}
