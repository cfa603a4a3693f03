import type { RunStepView } from '@stage0/types'
import { durationText } from '@stage0/vue-kit'
import { useI18n } from 'vue-i18n'

type Counted = Pick<RunStepView, 'done' | 'total' | 'unit' | 'rate_per_s' | 'remaining_s'>

/** How far a step is, in words: "42,000 of 200,000 documents · 9,100/s · 17 sec left"; "" where nothing is counted. */
export function useProgressText(): (step: Counted, isPaused?: boolean) => string {
  const { t, locale } = useI18n({ useScope: 'global' })
  const number = (value: number): string => value.toLocaleString(locale.value)
  return ({ done, total, unit = '', rate_per_s: rate, remaining_s: left }, isPaused = false) => {
    if (done === undefined) return ''
    const parts = [
      total === undefined
        ? t('runs.step.count', { done: number(done), unit })
        : t('runs.step.countOf', { done: number(done), total: number(total), unit }),
    ]
    // What waits has no rate.
    if (rate !== undefined && !isPaused) parts.push(t('runs.step.rate', { rate: number(rate) }))
    if (left !== undefined && !isPaused)
      parts.push(t('runs.step.left', { time: durationText(left * 1000, locale.value) }))
    return parts.join(' · ')
  }
}
