import type { RunStepView, RunSummary } from '@stage0/types'
import type { MessageKind, ToastInput } from '@stage0/vue-kit'
import { withQuery, paths } from '../../shared/paths.ts'
import { endKind, type EndKind } from './run-watch.ts'

type Translate = (key: string, values?: Record<string, unknown>, count?: number) => string

const KINDS: Readonly<Record<EndKind, MessageKind>> = {
  succeeded: 'success',
  leftovers: 'warning',
  failed: 'error',
  cancelled: 'info',
  interrupted: 'error',
  other: 'info',
}

/** The page of a run, at a step. */
export const runPath = (runId: string, stepId?: string): string => withQuery(paths.run(runId), { event: stepId })

// One entry per run: the end takes the place of the beginning.
const keyOf = ({ run_id: id }: RunSummary): string => `run ${id}`

/** @param isShown The reader looks at this run already. */
export const startedToast = (t: Translate, run: RunSummary, isShown: boolean): ToastInput => ({
  kind: 'info',
  text: t('runs.toast.started', { who: run.user }, run.steps),
  ...(isShown ? {} : { action: { label: t('runs.toast.watch'), to: paths.run(run.run_id) } }),
  key: keyOf(run),
})

/** @param found The step that failed first, or that found documents which do not match, where that is known. */
export function endedToast(t: Translate, run: RunSummary, found: RunStepView | undefined): ToastInput {
  const end = endKind(run.status)
  const kind = KINDS[end]
  // Why a run was cancelled is known without being told.
  const error = found?.error ?? (end === 'cancelled' ? undefined : run.error)
  const text = t(`runs.toast.${end}`, { who: run.user, status: run.status.replaceAll('_', ' ') })
  // Success goes by itself; what needs somebody stays until it is closed.
  if (kind === 'success') return { kind, text, key: keyOf(run) }
  return {
    kind,
    text,
    ...(error === undefined ? {} : { detail: error.message }),
    action: {
      label: t(actionOf(end, found)),
      to: runPath(run.run_id, found?.id),
    },
    ...(kind === 'info' ? {} : { sticky: true }),
    key: keyOf(run),
  }
}

function actionOf(end: EndKind, found: RunStepView | undefined): string {
  if (found === undefined) return 'runs.toast.open'
  return end === 'leftovers' ? 'runs.toast.openLeftovers' : 'runs.toast.openStep'
}
