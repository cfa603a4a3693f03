import { useQuery } from '@pinia/colada'
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, watch } from 'vue'
import { runsQuery } from '../shared/queries.ts'

const EVERY_MS = 5_000
// A database that does not answer is not asked twelve times a minute.
const AFTER_FAILURE_MS = 30_000

/** Whether a run goes on: asked for every few seconds, only while somebody can see the page (decisions.md 10). */
export function useRunBadge() {
  const query = useQuery(() => runsQuery({ limit: 1 }))
  const visibility = useDocumentVisibility()
  const timer = useIntervalFn(
    () => void query.refetch(),
    computed(() => (query.error.value === null ? EVERY_MS : AFTER_FAILURE_MS)),
  )
  watch(visibility, async (state) => {
    if (state === 'hidden') return timer.pause()
    timer.resume()
    await query.refetch()
  })
  // The lock also tells of a run that another process does.
  const isRunning = computed(
    () => query.data.value?.lock !== undefined || query.data.value?.items[0]?.status === 'running',
  )
  return { isRunning }
}
