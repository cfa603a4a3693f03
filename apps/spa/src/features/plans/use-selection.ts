import { computed, shallowRef, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { queryOf, selectionOf, type Selection } from './selection.ts'

/**
 * The selection that stands in the address. A choice counts from when it is made, not only when the address has followed:
 * the next one builds on it, however quickly it comes.
 */
export function useSelection(): {
  readonly selection: ComputedRef<Selection>
  readonly change: (part: Partial<Selection>) => Promise<void>
} {
  const route = useRoute()
  const router = useRouter()
  const wanted = shallowRef<Selection>()
  const selection = computed(() => wanted.value ?? selectionOf(route.query))

  async function change(part: Partial<Selection>): Promise<void> {
    const mine = { ...selection.value, ...part }
    wanted.value = mine
    try {
      await router.replace({ query: queryOf(mine) })
    } finally {
      // Where another navigation came first, the address is right.
      if (wanted.value === mine) wanted.value = undefined
    }
  }
  return { selection, change }
}
