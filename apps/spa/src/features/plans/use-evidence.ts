import type { PlanEvidence, PlanView } from '@stage0/types'
import { toAppError } from '@stage0/vue-kit'
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { api } from '../../shared/api.ts'
import { keys } from '../../shared/queries.ts'

/**
 * What the stored documents say about a plan: asked for by itself, so that the plan shows at once. Kept with the plan until
 * somebody looks again; while that goes on, what was found before stays.
 */
export function useEvidence(plan: () => PlanView | undefined) {
  let isAnew = false

  async function ask(id: string, signal: AbortSignal): Promise<PlanEvidence> {
    let found = await api.planEvidence(id, isAnew, { signal })
    isAnew = false
    // Each request waits on the service; the service ends looking after its own time.
    while (found === undefined) found = await api.planEvidence(id, false, { signal })
    return found
  }

  const query = useQuery(() => ({
    key: keys.plans.evidence(plan()?.id ?? ''),
    query: ({ signal }: { readonly signal: AbortSignal }) => ask(plan()?.id ?? '', signal),
    enabled: (plan()?.steps.length ?? 0) > 0,
    staleTime: Infinity,
  }))
  const error = computed(() => {
    const known = query.error.value === null ? undefined : toAppError(query.error.value)
    return known?.kind === 'aborted' ? undefined : known
  })
  const state = computed(() => ({
    evidence: query.data.value,
    isLooking: query.asyncStatus.value === 'loading',
    error: error.value,
  }))
  /** A failure of it is in `state`. */
  function again(): void {
    isAnew = true
    query.refetch().catch(() => undefined)
  }
  return { data: query.data, state, again }
}
