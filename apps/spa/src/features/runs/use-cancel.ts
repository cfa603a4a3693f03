import { useQuery, useQueryCache } from '@pinia/colada'
import type { RunSnapshot } from '@stage0/types'
import { toAppError, useConfirm, type AppError } from '@stage0/vue-kit'
import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { api } from '../../shared/api.ts'
import { keys, runsQuery } from '../../shared/queries.ts'
import { refresh } from './refresh.ts'

/** Asks a run to end in order, and tells whether that was asked for, here or elsewhere. */
export function useCancel(id: string, snapshot: () => RunSnapshot | undefined, accept: (next: RunSnapshot) => void) {
  const { t } = useI18n({ useScope: 'global' })
  const { confirm } = useConfirm()
  const cache = useQueryCache()
  // No event tells of a request to cancel; the history, which the badge asks for, does.
  const badge = useQuery(() => runsQuery({ limit: 1 }))
  const isAsking = ref(false)
  const error = shallowRef<AppError>()
  const isAsked = computed(
    () =>
      snapshot()?.run.cancel_requested === true ||
      badge.data.value?.items.some((run) => run.run_id === id && run.cancel_requested) === true,
  )

  async function cancel(): Promise<void> {
    if (isAsking.value || isAsked.value) return
    const isAgreed = await confirm({
      title: t('runs.cancel.title'),
      text: t('runs.cancel.text'),
      verb: t('runs.cancel.verb'),
      dismiss: t('runs.cancel.keep'),
      danger: true,
    })
    if (!isAgreed) return
    isAsking.value = true
    error.value = undefined
    try {
      accept(await api.cancelRun(id))
      refresh(cache, [keys.runs.root])
    } catch (cause) {
      error.value = toAppError(cause)
    } finally {
      isAsking.value = false
    }
  }
  return { cancel, isAsking, isAsked, error }
}
