import type { UseQueryReturn } from '@pinia/colada'
import type { RunSnapshot } from '@stage0/types'
import { toAppError } from '@stage0/vue-kit'
import { useTimeoutFn } from '@vueuse/core'
import { ref, watch } from 'vue'
import { api } from '../../shared/api.ts'

/** How often a run that has the lock but no record yet is asked for. */
const ASK_MS = 1_000

/**
 * What a 404 of a run means. A run takes the lock before it records its first step: for as long as the lock names it, it is
 * about to begin and is asked for again. Only when the lock does not name it, and the record is still not there afterwards,
 * the run is unknown: a short run may have come and gone in between.
 */
export function useBeginning(id: string, query: Pick<UseQueryReturn<RunSnapshot, Error>, 'error' | 'refetch'>) {
  const isBeginning = ref(false)
  const isUnknown = ref(false)
  let isLastTry = false
  const later = useTimeoutFn(() => void query.refetch(), ASK_MS, { immediate: false })

  async function holdsLock(): Promise<boolean> {
    try {
      return (await api.runs({ limit: 1 })).lock?.run_id === id
    } catch {
      // Who holds the lock is not known: then only the record can tell.
      return false
    }
  }
  async function ask(): Promise<void> {
    isBeginning.value = await holdsLock()
    if (isBeginning.value) {
      isLastTry = false
      later.start()
    } else if (isLastTry) isUnknown.value = true
    else {
      isLastTry = true
      await query.refetch()
    }
  }
  watch(
    query.error,
    (failure) => {
      if (failure !== null && !isUnknown.value && toAppError(failure).status === 404) void ask()
    },
    { immediate: true },
  )
  return { isBeginning, isUnknown }
}
