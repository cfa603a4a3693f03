import type { RunStepStatus } from '@stage0/types'
import { useI18n } from 'vue-i18n'
import { sentence, type Mark } from '../../shared/marks.ts'
import { stepState } from './run-view.ts'

/** How a step stands, with its word; one that this console does not know is shown as it is. */
export function useStepMark(): (status: RunStepStatus, isOver: boolean) => Mark {
  const { t, te } = useI18n({ useScope: 'global' })
  return (status, isOver) => {
    const { kind, word } = stepState(status, isOver)
    const key = `runs.step.${word}`
    return { kind, label: te(key) ? t(key) : sentence(word) }
  }
}
