import type { Problem } from '../problem.ts'
import type { Mode } from './control/control.ts'

/** Everything that a merge would do, before it does anything. */
export interface MergePlan {
  /** Files with a text of their own, in the order of the control file, then of the items. */
  readonly writes: readonly PlannedFile[]
  /** Files that the product does not have any more, sorted; `.stage0_template` goes besides. */
  readonly removes: readonly string[]
  /** Files and links that stay as they are, sorted. */
  readonly keeps: readonly string[]
  /** What became of each entry of the control file, in its order. */
  readonly entries: readonly EntryReport[]
  /** Names of the environment that the template saw, sorted. */
  readonly environment: readonly string[]
  /** What is done all the same, and is hardly meant. */
  readonly warnings: readonly Problem[]
}

export interface PlannedFile {
  /** Relative to the product, with `/`. */
  readonly path: string
  readonly text: string
  /** As its template is. */
  readonly isExecutable: boolean
  /** The file of the template that it comes from. */
  readonly from: string
}

export interface EntryReport {
  readonly path: string
  readonly mode: Mode['kind']
  /** Files of the product that came of it. */
  readonly outputs: readonly string[]
  /** How many went to the null device. */
  readonly dropped: number
}
