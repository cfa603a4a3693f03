import type { RunStepStatus } from '@stage0/types'

/** The outcome of a step as a person reads it behind the step, or behind how many there are. */
export const stepStatusText = (status: RunStepStatus): string => (status === 'already' ? 'already done' : status)
