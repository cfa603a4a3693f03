import type { SettingName } from '@stage0/workspace'

/** Who reads a setting: the command, the service that `serve`, `start` and the images run, the console on its own. */
export type Face = 'command' | 'service' | 'console'

export interface SettingGroup {
  readonly heading: string
  readonly text: string
  readonly settings: Readonly<Partial<Record<SettingName, readonly Face[]>>>
}

const ALL: readonly Face[] = ['command', 'service']
const SERVICE: readonly Face[] = ['service']
const CONSOLE: readonly Face[] = ['console']

/** Every setting once, by what it is about. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    heading: 'The repository',
    text: 'Where the configuration repository is, how its folders are called, and how far it is read.',
    settings: {
      INPUT_FOLDER: ALL,
      CONFIGURATION_FOLDER: ALL,
      DICTIONARY_FOLDER: ALL,
      TYPE_FOLDER: ALL,
      ENUMERATOR_FOLDER: ALL,
      TEST_DATA_FOLDER: ALL,
      MIGRATIONS_FOLDER: ALL,
      API_CONFIG_FOLDER: ALL,
      BUILT_AT: SERVICE,
      MAX_FILE_MB: ALL,
      RENDER_STACK_MAX_DEPTH: ALL,
    },
  },
  {
    heading: 'The database',
    text: 'Which database is configured, how it is reached, and what it records.',
    settings: {
      MONGO_CONNECTION_STRING: ALL,
      MONGO_DB_NAME: ALL,
      MONGODB_REQUIRE_TLS: ALL,
      ENVIRONMENT_NAME: ALL,
      EMBEDDED_DATA: ['command'],
      VERSION_COLLECTION_NAME: ALL,
      ENUMERATORS_COLLECTION_NAME: ALL,
      ENABLE_DROP_DATABASE: SERVICE,
      MONGODB_DROP_SAFETY: SERVICE,
    },
  },
  {
    heading: 'Plans and runs',
    text: 'What a plan looks at, and how a run works.',
    settings: {
      LOAD_TEST_DATA: ALL,
      EVIDENCE_MAX_MS: ALL,
      EVIDENCE_MAX_DOCUMENTS: ALL,
      EVIDENCE_SAMPLES: ALL,
      MIGRATION_BATCH_SIZE: ALL,
      MIGRATION_PAUSE_MS: ALL,
      STAGE0_LEASE_MS: ALL,
      AUTO_PROCESS: ALL,
      EXIT_AFTER_PROCESSING: ['command'],
    },
  },
  {
    heading: 'The service',
    text: 'Where `stage0 serve` and the image of the service listen, and whom they answer.',
    settings: {
      API_HOST: SERVICE,
      API_PORT: SERVICE,
      API_ALLOWED_HOSTS: SERVICE,
      API_ALLOWED_ORIGINS: SERVICE,
      AUTH_MODE: SERVICE,
      AUTH_NONE_ANYWHERE: ['service', 'console'],
      RATE_LIMIT: SERVICE,
      CHECK_TIMEOUT_MS: SERVICE,
      SHUTDOWN_GRACE: ['service', 'console'],
      LOGGING_LEVEL: ['service', 'console'],
      UI_HEADER: SERVICE,
      API_BUILT_AT: SERVICE,
      COMPAT_UNCONDITIONAL_PUT: [],
    },
  },
  {
    heading: 'The console on its own',
    text: 'For `stage0 console` and the image `spa`, which serve the console for an API elsewhere.',
    settings: { API_URL: CONSOLE, SPA_HOST: CONSOLE, SPA_PORT: CONSOLE },
  },
]
