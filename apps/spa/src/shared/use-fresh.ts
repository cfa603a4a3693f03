import type { UseQueryReturn } from '@pinia/colada'
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { watch } from 'vue'

/** How often the state of a database is asked for again while somebody looks at it. */
export const FRESH_MS = 10_000

/**
 * Asks again by itself while the page can be seen, and at once when it comes into sight: what goes away is noticed, and
 * what comes back is there without a click.
 */
export function useFresh<Data>(query: UseQueryReturn<Data, Error>): void {
  const visibility = useDocumentVisibility()
  const timer = useIntervalFn(() => void query.refetch(), FRESH_MS)
  watch(visibility, (state) => {
    if (state === 'hidden') return timer.pause()
    timer.resume()
    void query.refetch()
  })
}
