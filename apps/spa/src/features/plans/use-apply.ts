import type { LockView, PlanView } from '@stage0/types'
import { toAppError, useConfirm, useToasts, type AppError } from '@stage0/vue-kit'
import { useQueryCache } from '@pinia/colada'
import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { api } from '../../shared/api.ts'
import { paths } from '../../shared/paths.ts'
import { keys } from '../../shared/queries.ts'
import { useIsHere } from '../../shared/use-is-here.ts'

const LOCAL = 'local'

// Not `randomUUID`: it is missing where the page is not served over a secure origin.
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Applies exactly the plan that was looked at: asks (with the name of the database where the environment is not local),
 * starts the run and goes to it. A failure leaves everything as it is, and can be tried again with the same key, so that
 * a lost answer does not become a second run.
 */
export function useApply(plan: () => PlanView | undefined) {
  const { t } = useI18n({ useScope: 'global' })
  const { confirm } = useConfirm()
  const router = useRouter()
  const cache = useQueryCache()
  const toasts = useToasts()
  const isHere = useIsHere()
  const isStarting = ref(false)
  const error = shallowRef<AppError>()
  // Another plan at the same page has nothing to do with what failed.
  watch(
    () => plan()?.id,
    () => (error.value = undefined),
  )
  let attempt: { readonly hash: string; readonly key: string } | undefined

  async function apply(): Promise<void> {
    const wanted = plan()
    if (wanted === undefined || isStarting.value) return
    const isLocal = wanted.environment === LOCAL
    const isAgreed = await confirm({
      title: t('plans.plan.confirm.title', { database: wanted.database }, wanted.steps.length),
      text: t('plans.plan.confirm.text', {
        environment: wanted.environment,
        risks: t('plans.plan.confirm.risks', wanted.open_risks),
      }),
      verb: t('plans.plan.apply'),
      danger: !isLocal || wanted.open_risks > 0,
      ...(isLocal ? {} : { typed: wanted.database }),
    })
    if (!isAgreed) return
    if (attempt?.hash !== wanted.hash) attempt = { hash: wanted.hash, key: newKey() }
    await start(wanted, attempt.key)
  }

  async function start(wanted: PlanView, key: string): Promise<void> {
    isStarting.value = true
    error.value = undefined
    try {
      const body = { scope: wanted.scope, plan_hash: wanted.hash, confirm: wanted.database }
      const { run_id: runId } = await api.startRun(body, key)
      // A question given up for a newer one is no failure.
      cache.invalidateQueries({ key: keys.runs.root }).catch(() => undefined)
      // Who went on meanwhile is told by a message that leads to the run.
      if (isHere()) await router.push(paths.run(runId))
    } catch (cause) {
      error.value = toAppError(cause)
      if (!isHere()) tell(wanted, error.value)
      // What was answered is settled; only a request without an answer is the same request when it is sent again.
      if (error.value.kind === 'problem') attempt = undefined
    } finally {
      isStarting.value = false
    }
  }

  /** A failure that comes when nobody looks at the page any more. */
  function tell({ id, database }: PlanView, { title, detail = '' }: AppError): void {
    const action = { label: t('plans.plan.open'), to: paths.plan(id) }
    toasts.show({ kind: 'error', text: t('plans.plan.notStarted', { database }), detail: detail || title, action })
  }

  /** Who holds the lock, where that is why nothing was started. */
  const holder = computed(() => error.value?.holder as LockView | undefined)
  return { apply, isStarting, error, holder }
}
