import type { RunStepStatus } from '@stage0/types'
import { useI18n } from 'vue-i18n'
import { pausedMark, sentence, type Mark } from '../../shared/marks.ts'
import { stepState } from './run-view.ts'

/** How a step stands, with its word; one that this console does not know is shown as it is. */
export function useStepMark(): (status: RunStepStatus, isOver: boolean, isPaused?: boolean) => Mark {
  const { t, te } = useI18n({ useScope: 'global' })
  return (status, isOver, isPaused) => {
    const { kind, word } = stepState(status, isOver, isPaused)
    if (word === 'paused') return pausedMark
    const key = `runs.step.${word}`
    return { kind, label: te(key) ? t(key) : sentence(word) }
  }
}
