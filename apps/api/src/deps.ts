import type { Observed } from '@stage0/core'
import type { Clock, IsGone, LockHolder, TargetError, TargetPort } from '@stage0/engine'
import type { Result } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import type { Limits } from './http/limits.ts'

/** Everything that the service works with. `buildApp` takes it as it is: the same function in tests and production. */
export interface AppDeps {
  readonly settings: Settings
  /** Version of Stage0. */
  readonly version: string
  readonly snapshots: SnapshotSource
  readonly target: TargetSource
  readonly clock: Clock
  /** Ids of runs, plans and requests: random, not guessable. */
  readonly newId: () => string
  /** Who runs: shown to others who meet the lock. */
  readonly holder: (command: string, runId: string) => LockHolder
  /** Tells of a holder of the lock that its process is known to be gone. */
  readonly isGone: IsGone
  /** The folder of the built console; absent where only the API is served. */
  readonly consoleFolder?: string | undefined
  /** Where log lines go; standard output by default. */
  readonly log?: { write(line: string): void } | undefined
  /** In place of the usual bounds of a request. */
  readonly limits?: Partial<Limits> | undefined
  /** How the processing at start ended: `undefined` while it runs, absent where none was asked for. */
  readonly startUp?: StartUp | undefined
}

/** The repository, read anew when its files changed. */
export interface SnapshotSource {
  /**
   * The repository as it is on disk now.
   *
   * @param loadTestData Whether test data will be loaded, which makes what is wrong in them an error; LOAD_TEST_DATA by default.
   */
  current(loadTestData?: boolean): Promise<Snapshot>
}

/** The database: opened when first needed, again after it was lost. Closed with the service. */
export interface TargetSource {
  open(): Promise<Result<TargetPort, TargetError>>
  /** What the database holds, looked at no longer ago than `maxAgeMs`; the look itself creates nothing. */
  observe(maxAgeMs: number): Promise<Result<{ readonly observed: Observed; readonly asOf: Date }, TargetError>>
  /** From now on nothing that was observed before counts: something was changed. */
  forget(): void
  close(): Promise<void>
}

export interface StartUp {
  state(): { readonly done: boolean; readonly ok: boolean; readonly text: string }
}
