import { useI18n } from 'vue-i18n'
import { pausedMark, sentence, type Mark } from '../../shared/marks.ts'
import { stepState, type StepStand } from './run-view.ts'

/** How a step stands, with its word; one that this console does not know is shown as it is. */
export function useStepMark(): (stand: StepStand, isOver: boolean, isPaused?: boolean) => Mark {
  const { t, te, n } = useI18n({ useScope: 'global' })
  return (stand, isOver, isPaused) => {
    const { kind, word } = stepState(stand, isOver, isPaused)
    if (word === 'paused') return pausedMark
    const key = `runs.step.${word}`
    return { kind, label: te(key) ? t(key, { count: n(stand.left) }) : sentence(word) }
  }
}
