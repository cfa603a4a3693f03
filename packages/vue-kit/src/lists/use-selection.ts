import { computed, type ComputedRef, type Ref } from 'vue'

/** Which rows are selected, by their keys; without keys (`undefined`) nothing can be. */
export interface Selection {
  readonly selected: ComputedRef<ReadonlySet<string>>
  readonly isAll: ComputedRef<boolean>
  toggle(key: string): void
  toggleAll(): void
}

/** `keys`: those of all rows of the list, in any order. */
export function useSelection(chosen: Ref<readonly string[] | undefined>, keys: () => readonly string[]): Selection {
  const selected = computed(() => new Set(chosen.value))
  const isAll = computed(() => keys().length > 0 && keys().every((key) => selected.value.has(key)))
  return {
    selected,
    isAll,
    toggle(key) {
      if (chosen.value === undefined) return
      chosen.value = selected.value.has(key) ? chosen.value.filter((other) => other !== key) : [...chosen.value, key]
    },
    toggleAll() {
      chosen.value = isAll.value ? [] : keys()
    },
  }
}
