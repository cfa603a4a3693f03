import { resolve } from 'node:path'
import type { Problem, Result } from '@stage0/types'
import { loadSettings, type SettingName, type Settings } from '@stage0/workspace'
import type { TargetOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'

/** Settings that a verb decides by itself, where nobody says otherwise. */
export type Overrides = Readonly<Partial<Record<SettingName, string>>>

/** The settings in force: options first, then the environment, then the files of the repository. */
export function readSettings(io: Io, options: TargetOptions, overrides: Overrides = {}): Result<Settings, Problem[]> {
  const given: [SettingName, string | undefined][] = [
    ['INPUT_FOLDER', options.repository],
    ['MONGO_CONNECTION_STRING', options.uri],
    ['MONGO_DB_NAME', options.database],
    ['LOAD_TEST_DATA', options.loadTestData === undefined ? undefined : 'true'],
  ]
  return loadSettings({
    env: io.environment,
    overrides: { ...overrides, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) },
  })
}

/** The folder of the repository; a relative one is seen from where the person stands. */
export const repositoryFolder = (io: Io, settings: Settings): string => resolve(io.folder, settings.INPUT_FOLDER.value)
