import type { JournalEntry } from '@stage0/core'
import type { TargetResult } from '../ports.ts'
import type { StepContext } from './execute-step.ts'
import { withPatience } from './patience.ts'

/** Writes down that the work of an entry is done. It is worth waiting for the database; written twice it says the same. */
export const journalDone = (
  { target, runId, token, signal, answering }: Pick<StepContext, 'target' | 'runId' | 'token' | 'signal' | 'answering'>,
  entry: JournalEntry,
): TargetResult =>
  withPatience({ answering }, signal, () => target.runs.journal(runId, token, { ...entry, state: 'done' }))
