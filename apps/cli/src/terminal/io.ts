import pc from 'picocolors'

export type Colors = ReturnType<typeof pc.createColors>

/** What a run leaves that is killed. */
export interface LeftBehind {
  readonly runId: string
  /** What is left, in a sentence. */
  readonly message: string
  /** How it is put in order. */
  readonly hint: string
}

/**
 * Everything a verb may use of the process: results go to `out`, progress and questions to `err`.
 *
 * Made once in main.ts; nothing else touches `process`.
 */
export interface Io {
  /** Writes a result to standard output, exactly as given. */
  out(text: string): void
  /** Writes progress, warnings and failures to standard error, exactly as given. */
  err(text: string): void
  /** Whether standard error is a terminal: lines may be redrawn. */
  readonly progressIsLive: boolean
  /** Width of the terminal on standard error; `undefined` where there is none. */
  readonly columns?: () => number | undefined
  /** Whether a person can be asked: standard input and standard error are terminals. */
  readonly interactive: boolean
  /** Asks on standard error; `undefined` when input ends or `signal` aborts. */
  ask(question: string): Promise<string | undefined>
  readonly outColors: Colors
  readonly errColors: Colors
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths are relative to: where the person stands, not where pnpm runs the script. */
  readonly folder: string
  /** Sets what is told when a second signal kills the process: what it leaves behind, and the way on. `undefined`: nothing. */
  readonly atKill?: (left: LeftBehind | undefined) => void
  /** Aborts on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
}

/** Whether to colour: never with NO_COLOR, always with FORCE_COLOR, otherwise on terminals that can. */
export function wantsColor(environment: Io['environment'], isTerminal: boolean): boolean {
  if (isSet(environment['NO_COLOR'])) return false
  const forced = environment['FORCE_COLOR']
  if (isSet(forced)) return forced !== '0'
  return isTerminal && environment['TERM'] !== 'dumb'
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''

export const colorsFor = (environment: Io['environment'], isTerminal: boolean): Colors =>
  pc.createColors(wantsColor(environment, isTerminal))
