import type { Command } from 'commander'
import type { ExitCode } from '@stage0/types'
import type { Io } from '../terminal/io.ts'

/** What the file of a verb gets to declare itself. */
export interface Verbs {
  readonly program: Command
  readonly io: Io
  readonly version: string
  /** Takes the exit code of the verb that ran. */
  finish(exit: ExitCode): void
}

/** Declares a verb: its options, its help, and what it does. */
export type DeclareVerb = (verbs: Verbs) => void

/** The examples at the end of a verb's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ pnpm stage0 ${line}`).join('\n')}`
