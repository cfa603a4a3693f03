import { mdiPauseCircleOutline } from '@mdi/js'
import { leftCount } from '@stage0/core'
import type { CollectionRow, CollectionState, RunState, RunSummary, Severity } from '@stage0/types'

/** How grave a status is: decides icon and colour; the word is the server's (C-01, C-02). */
export type MarkKind = 'info' | 'success' | 'warning' | 'error' | 'neutral' | 'running'
export interface Mark {
  readonly kind: MarkKind
  readonly label: string
  /** In place of the icon of the kind; a path of `@mdi/js`. */
  readonly icon?: string
}

/** The server's word as the beginning of a sentence: "in sync" becomes "In sync". */
export const sentence = (word: string): string => {
  const text = word.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const COLLECTION: Readonly<Record<CollectionState, MarkKind>> = {
  'in sync': 'success',
  behind: 'warning',
  ahead: 'warning',
  drifted: 'warning',
  interrupted: 'error',
  invalid: 'error',
  unknown: 'neutral',
}
const RUN: Readonly<Record<RunState, MarkKind>> = {
  running: 'running',
  succeeded: 'success',
  succeeded_with_leftovers: 'warning',
  failed: 'error',
  cancelled: 'neutral',
  interrupted: 'error',
  superseded: 'neutral',
}
const SEVERITY: Readonly<Record<Severity, MarkKind>> = { error: 'error', warning: 'warning', notice: 'info' }

// A word that this console does not know yet is shown as it is, without a judgement.
const mark = (kinds: Readonly<Record<string, MarkKind>>, word: string): Mark => ({
  kind: (Object.hasOwn(kinds, word) ? kinds[word] : undefined) ?? 'neutral',
  label: sentence(word),
})

export const collectionMark = (state: CollectionState): Mark => mark(COLLECTION, state)
/** How a collection stands: one that is in sync, but has documents that do not match, is not simply well. */
export const rowMark = ({ state, leftovers }: Pick<CollectionRow, 'state' | 'leftovers'>): Mark =>
  state === 'in sync' && leftovers !== undefined
    ? { kind: 'warning', label: sentence('leftovers') }
    : collectionMark(state)
export const runMark = (status: RunState): Mark => mark(RUN, status)
export const pausedMark: Mark = { kind: 'warning', label: sentence('paused'), icon: mdiPauseCircleOutline }
/** How a run stands: one that is at work and waits is paused. */
export function runStateMark(run: Pick<RunSummary, 'status' | 'paused' | 'error'>): Mark {
  if (run.status === 'running' && run.paused === true) return pausedMark
  const plain = runMark(run.status)
  const left = leftCount(run)
  return left === undefined ? plain : { ...plain, label: `${plain.label} (${left.toLocaleString('en')})` }
}
export const severityMark = (severity: Severity): Mark => mark(SEVERITY, severity)
