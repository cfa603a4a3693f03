import { useQuery, useQueryCache } from '@pinia/colada'
import type { RunSnapshot } from '@stage0/types'
import { announce, toAppError, type AppError } from '@stage0/vue-kit'
import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { api } from '../../shared/api.ts'
import { keys, runsQuery } from '../../shared/queries.ts'
import { refresh } from './refresh.ts'
import { isPaused } from './run-view.ts'

/** Asks a run to wait, or to go on, and tells what was asked for last and what is so; both may be asked for elsewhere too. */
export function usePause(id: string, snapshot: () => RunSnapshot | undefined, accept: (next: RunSnapshot) => void) {
  const { t } = useI18n({ useScope: 'global' })
  const cache = useQueryCache()
  // An event tells when the run begins to wait; that it was asked to, before that, only the history tells.
  const badge = useQuery(() => runsQuery({ limit: 1 }))
  const isAsking = ref(false)
  const error = shallowRef<AppError>()
  /** What was asked for last, by anybody. */
  const isWanted = ref(false)
  const isWaiting = computed(() => {
    const now = snapshot()
    return now !== undefined && isPaused(now)
  })
  watch(
    () => snapshot()?.run.pause_requested,
    (asked) => (isWanted.value = asked === true),
    { immediate: true },
  )
  watch(
    () => badge.data.value?.items.find(({ run_id: known, status }) => known === id && status === 'running'),
    (run) => {
      if (run !== undefined) isWanted.value = run.pause_requested === true
    },
    { immediate: true },
  )
  watch(isWaiting, (waits) => {
    isWanted.value = waits
    const isAtWork = snapshot()?.run.status === 'running'
    // Its end is told by itself.
    if (isAtWork) announce(t(waits ? 'runs.pause.announced' : 'runs.pause.goesOn'))
    refresh(cache, [keys.runs.root])
  })

  async function ask(paused: boolean): Promise<void> {
    if (isAsking.value) return
    isAsking.value = true
    error.value = undefined
    try {
      accept(await api.pauseRun(id, paused))
      isWanted.value = paused
      refresh(cache, [keys.runs.root])
    } catch (cause) {
      error.value = toAppError(cause)
    } finally {
      isAsking.value = false
    }
  }
  return { ask, toggle: () => ask(!isWanted.value), isWanted, isWaiting, error }
}
