import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { err, EXIT, type ExitCode, type Problem, type Result } from '@stage0/types'
import { loadSettings, SETTINGS, type SettingName, type Settings } from '@stage0/workspace'
import type { ServeOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'

/** Settings that a verb decides by itself, where nobody says otherwise. */
export type Overrides = Readonly<Partial<Record<SettingName, string>>>

/** What an option may set: of the repository, the database, the service, or a console on its own. */
interface GivenOptions extends ServeOptions {
  readonly api?: string | undefined
  readonly consolePort?: number | undefined
  readonly consoleHost?: string | undefined
}

/** The settings in force: options first, then the environment, then the files of the repository. */
export function readSettings(io: Io, options: GivenOptions, overrides: Overrides = {}): Result<Settings, Problem[]> {
  const { repository, loadTestData, port, data, consolePort } = options
  const given: readonly (readonly [SettingName, flag: string, value: string | undefined])[] = [
    ['INPUT_FOLDER', '--repository', repository === undefined ? undefined : resolve(io.folder, repository)],
    ['MONGO_CONNECTION_STRING', '--uri', options.uri],
    ['MONGO_DB_NAME', '--database', options.database],
    ['MIGRATION_BATCH_SIZE', '--batch-size', options.batchSize],
    ['MIGRATION_PAUSE_MS', '--pause-ms', options.pauseMs],
    ['EVIDENCE_MAX_DOCUMENTS', '--evidence-limit', options.evidenceLimit],
    ['LOAD_TEST_DATA', '--load-test-data', loadTestData === undefined ? undefined : 'true'],
    ['EMBEDDED_DATA', '--data', data],
    ['API_PORT', '--port', port === undefined ? undefined : String(port)],
    ['API_HOST', '--host', options.host],
    ['API_URL', '--api', options.api],
    ['SPA_PORT', '--port', consolePort === undefined ? undefined : String(consolePort)],
    ['SPA_HOST', '--host', options.consoleHost],
  ]
  // Files of settings are looked for in the repository: its folder must mean the same to them as to the person.
  const named = io.environment['INPUT_FOLDER']
  const env =
    named === undefined || named === ''
      ? io.environment
      : { ...io.environment, INPUT_FOLDER: resolve(io.folder, named) }
  const loaded = loadSettings({
    env,
    overrides: {
      ...overrides,
      ...Object.fromEntries(given.flatMap(([name, , value]) => (value === undefined ? [] : [[name, value]]))),
    },
    optionNames: Object.fromEntries(
      given.flatMap(([name, flag, value]) => (value === undefined ? [] : [[name, flag]])),
    ),
  })
  if (loaded.ok) return loaded
  const folder = namedFolder(io, options, overrides)
  return isLocked(folder, io) ? err([unreadable(folder)]) : loaded
}

/** The folder of the repository as it is named, whatever else of the settings is wrong. */
const namedFolder = (io: Io, { repository }: GivenOptions, overrides: Overrides = {}): string =>
  repository ?? overrides.INPUT_FOLDER ?? (io.environment['INPUT_FOLDER'] || SETTINGS.INPUT_FOLDER.default)

/** Whether the system refuses to read a folder that is there. Then no file of settings in it could be read either. */
function isLocked(folder: string, io: Io): boolean {
  try {
    accessSync(resolve(io.folder, folder), constants.R_OK | constants.X_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
  }
}

const unreadable = (folder: string): Problem => ({
  code: 'FILE_UNREADABLE',
  severity: 'error',
  text: `The folder ${folder} may not be read.`,
  hint: 'Change its permissions, or name another one with --repository or INPUT_FOLDER.',
})

/** The exit code for settings that cannot be used: wrong use, unless it is the repository itself. */
export const exitForSettings = (problems: readonly Problem[]): ExitCode =>
  problems.some(({ code }) => code === 'FILE_UNREADABLE') ? EXIT.repositoryInvalid : EXIT.usage

/** The folder of the repository; a relative one is seen from where the person stands. */
export const repositoryFolder = (io: Io, settings: Settings): string => resolve(io.folder, settings.INPUT_FOLDER.value)

/** The same where the settings cannot be used. */
export const wantedFolder = (io: Io, options: GivenOptions): string => resolve(io.folder, namedFolder(io, options))
