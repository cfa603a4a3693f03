import { useQuery, useQueryCache } from '@pinia/colada'
import type { RunList, RunStepView, RunSummary } from '@stage0/types'
import { useToasts } from '@stage0/vue-kit'
import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { api } from '../../shared/api.ts'
import { CHANGED_BY_RUN, keys, runsQuery } from '../../shared/queries.ts'
import { refresh } from './refresh.ts'
import { endedToast, startedToast } from './run-toasts.ts'
import { firstFailed, leftoversOf } from './run-view.ts'
import { endKind, mayHaveMissed, NOTHING_SEEN, watchRuns, type RunNotice } from './run-watch.ts'

/** How much of the history is read where runs may have been missed. */
const MISSED = 20
/** How often a page that nobody sees asks, as long as a run goes on: for its title and icon. */
const HIDDEN_MS = 10_000

/**
 * Tells of runs wherever the reader is, whoever began them: a message at the beginning and at the end, once for each run,
 * and everything that a run may have changed is asked for again. It looks at what the badge of the navigation asks for; only
 * in a page that nobody sees does it ask by itself.
 *
 * @returns What title and icon of the page show.
 */
export function useRunWatcher() {
  const { t } = useI18n({ useScope: 'global' })
  const toasts = useToasts()
  const route = useRoute()
  const cache = useQueryCache()
  const badge = useQuery(() => runsQuery({ limit: 1 }))
  const visibility = useDocumentVisibility()
  let state = NOTHING_SEEN
  let looking: Promise<void> = Promise.resolve()
  const isRunning = ref(false)
  /** A run that went wrong and was not looked at yet. */
  const failed = ref<string>()

  async function look(list: RunList): Promise<void> {
    const items = mayHaveMissed(state, list.items) ? (await api.runs({ limit: MISSED })).items : list.items
    const listed = new Set(items.map(({ run_id: id }) => id))
    const gone = [...state.running].filter((id) => !listed.has(id))
    const others: RunSummary[] = await Promise.all(gone.map(async (id) => (await api.run(id)).run))
    const seen = watchRuns(state, [...items, ...others])
    state = seen.state
    isRunning.value = state.running.size > 0
    for (const notice of seen.notices) await tell(notice)
  }

  async function tell({ kind, run }: RunNotice): Promise<void> {
    if (kind === 'started') {
      failed.value = undefined
      refresh(cache, [keys.runs.root])
      return void toasts.show(startedToast(t, run, isShown(run.run_id)))
    }
    refresh(cache, CHANGED_BY_RUN)
    const end = endKind(run.status)
    const isBad = end === 'failed' || end === 'interrupted'
    failed.value = isBad && !isShown(run.run_id) ? run.run_id : undefined
    toasts.show(endedToast(t, run, end === 'failed' || end === 'leftovers' ? await stepOf(run.run_id) : undefined))
  }

  const isShown = (runId: string): boolean => route.name === 'run' && route.params['id'] === runId
  watch(
    () => failed.value !== undefined && isShown(failed.value),
    (isSeen) => {
      if (isSeen) failed.value = undefined
    },
  )
  watch(
    () => badge.data.value,
    (list) => {
      if (list === undefined) return
      // One look after the other, so that nothing is told twice; what could not be read is looked for again next time.
      looking = looking.then(() => look(list)).catch(() => undefined)
    },
    { immediate: true },
  )
  useIntervalFn(() => {
    if (visibility.value === 'hidden' && isRunning.value) void badge.refetch()
  }, HIDDEN_MS)

  return {
    sign: computed(() => (isRunning.value ? 'running' : failed.value === undefined ? undefined : 'failed')),
  }
}

/** The step that failed first, or that found documents which do not match; undefined where the service does not say so now: then the message leads to the run. */
async function stepOf(runId: string): Promise<RunStepView | undefined> {
  try {
    const snapshot = await api.run(runId)
    return firstFailed(snapshot.steps) ?? leftoversOf(snapshot)[0]
  } catch {
    return undefined
  }
}
