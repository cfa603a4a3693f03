import type { ErrorCode } from '@stage0/types'

/** What every setting says about itself; documentation and help are made from it. */
interface Described {
  readonly description: string
  /** Never shown, not even in messages about a wrong value. */
  readonly secret?: true
  /** Taken from a file only: an environment variable of that name has no effect. */
  readonly fileOnly?: true
}

export type SettingDefinition = Described &
  (
    | { readonly kind: 'text'; readonly default: string }
    /** The name of a folder directly inside the repository, or of a database or collection. */
    | { readonly kind: 'name'; readonly default: string }
    | { readonly kind: 'database'; readonly default: string }
    | { readonly kind: 'uri'; readonly default: string }
    /** Where something answers over HTTP: scheme, host and perhaps a port, nothing more. */
    | { readonly kind: 'address'; readonly default: string }
    | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] }
    | { readonly kind: 'integer'; readonly default: number; readonly min: number; readonly max: number }
    | { readonly kind: 'boolean'; readonly default: boolean }
  )

const MAX_PORT = 65_535
const MAX_INT32 = 2 ** 31 - 1

/**
 * Every setting of Stage0, in the order in which they are reported.
 *
 * A value comes from an option of the command, else from the environment, else from the file
 * `<INPUT_FOLDER>/<API_CONFIG_FOLDER>/<NAME>`, else from `<INPUT_FOLDER>/<NAME>`, else it is the default.
 */
export const SETTINGS = {
  INPUT_FOLDER: { kind: 'text', default: '/input', description: 'The configuration repository.' },
  API_BUILT_AT: { kind: 'text', default: 'Local', description: 'When this program was built; `Local` in a checkout.' },
  BUILT_AT: {
    kind: 'text',
    default: '',
    fileOnly: true,
    description: 'When the repository was packaged. Writing is possible only where a file says `Local`.',
  },
  LOGGING_LEVEL: {
    kind: 'choice',
    default: 'INFO',
    choices: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
    description: 'The least serious messages that are logged.',
  },
  MONGO_DB_NAME: { kind: 'database', default: 'configurator', description: 'The database.' },
  EMBEDDED_DATA: {
    kind: 'text',
    default: '',
    description:
      'The data folder of the embedded database, which is then the database of `start` and `serve`: its data survive them. A relative one is seen from where the command is given. Not together with a connection string.',
  },
  VERSION_COLLECTION_NAME: {
    kind: 'name',
    default: 'CollectionVersions',
    description: 'The collection that records the version of each collection.',
  },
  ENUMERATORS_COLLECTION_NAME: {
    kind: 'name',
    default: 'DatabaseEnumerators',
    description: 'The collection that holds the enumerators.',
  },
  ENVIRONMENT_NAME: {
    kind: 'text',
    default: '',
    description:
      'The name of the environment. By default `local` for a database on this machine, else its host name; before data are changed, `local` asks for a yes, everything else for the name of the database.',
  },
  TYPE_FOLDER: { kind: 'name', default: 'types', description: 'The folder of custom types.' },
  DICTIONARY_FOLDER: { kind: 'name', default: 'dictionaries', description: 'The folder of dictionaries.' },
  CONFIGURATION_FOLDER: { kind: 'name', default: 'configurations', description: 'The folder of configurations.' },
  TEST_DATA_FOLDER: { kind: 'name', default: 'test_data', description: 'The folder of test data.' },
  MIGRATIONS_FOLDER: { kind: 'name', default: 'migrations', description: 'The folder of migrations.' },
  ENUMERATOR_FOLDER: { kind: 'name', default: 'enumerators', description: 'The folder of enumerators.' },
  API_CONFIG_FOLDER: { kind: 'name', default: 'api_config', description: 'The folder of settings and templates.' },
  UI_HEADER: { kind: 'text', default: 'Stage0', description: 'The title of the console.' },
  AUTH_MODE: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'oidc'],
    description: 'How the service knows who asks: not at all (loopback only), or by OpenID Connect.',
  },
  API_PORT: { kind: 'integer', default: 8081, min: 0, max: MAX_PORT, description: 'The port of the service.' },
  API_HOST: {
    kind: 'text',
    default: '127.0.0.1',
    description:
      'The address that the service listens on. Others than those of this machine itself need a sign-in, or `AUTH_NONE_ANYWHERE`.',
  },
  API_ALLOWED_HOSTS: {
    kind: 'text',
    default: '',
    description:
      'Names, separated by commas, under which the service may be called besides `localhost` and addresses in numbers; others are refused, since a foreign page could have made its name point here.',
  },
  API_ALLOWED_ORIGINS: {
    kind: 'text',
    default: '',
    description: 'Origins, separated by commas, whose pages may send requests besides the console itself.',
  },
  SPA_PORT: {
    kind: 'integer',
    default: 8082,
    min: 0,
    max: MAX_PORT,
    description: 'The port of the console, where it is served on its own.',
  },
  SPA_HOST: {
    kind: 'text',
    default: '127.0.0.1',
    description:
      'The address that the console listens on, where it is served on its own. The same holds as for `API_HOST`: it hands requests on.',
  },
  API_URL: {
    kind: 'address',
    default: 'http://127.0.0.1:8081',
    description: 'Where the API answers, for a console that is served on its own.',
  },
  RENDER_STACK_MAX_DEPTH: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 1000,
    description: 'How deep references and types may nest.',
  },
  MONGODB_DROP_SAFETY: {
    kind: 'integer',
    default: 100,
    min: 0,
    max: MAX_INT32,
    description: 'A database with more documents than this in one collection is never dropped.',
  },
  MAX_FILE_MB: {
    kind: 'integer',
    default: 64,
    min: 1,
    max: 512,
    description: 'The largest file of a repository that is read, in MiB.',
  },
  STAGE0_LEASE_MS: {
    kind: 'integer',
    default: 30_000,
    min: 500,
    max: MAX_INT32,
    description: 'How long a run holds the lock without a sign of life, in milliseconds.',
  },
  EVIDENCE_MAX_MS: {
    kind: 'integer',
    default: 30_000,
    min: 1,
    max: 3_600_000,
    description:
      'How long a plan looks at the stored documents, in milliseconds in all: half of it at most for duplicates, the rest for the other evidence.',
  },
  EVIDENCE_MAX_DOCUMENTS: {
    kind: 'integer',
    default: 1_000_000,
    min: 1,
    max: MAX_INT32,
    description: 'How many documents of a collection each question of the evidence looks at.',
  },
  EVIDENCE_SAMPLES: {
    kind: 'integer',
    default: 20,
    min: 0,
    max: 20,
    description:
      'How many stored documents are shown per validator and unique index, in evidence, errors and leftovers; 0 shows and records counts only, no stored value.',
  },
  MIGRATION_BATCH_SIZE: {
    kind: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    description:
      'Documents that an online migration changes in one transaction, at most; fewer where that takes longer than about a second.',
  },
  MIGRATION_PAUSE_MS: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 60_000,
    description: 'How long an online migration rests after each transaction, in milliseconds.',
  },
  SHUTDOWN_GRACE: {
    kind: 'integer',
    default: 10,
    min: 0,
    max: 3600,
    description: 'How long an ending service lets requests and the step of a run finish, in seconds.',
  },
  CHECK_TIMEOUT_MS: {
    kind: 'integer',
    default: 5000,
    min: 100,
    max: 600_000,
    description: 'How long the service checks a repository before it gives up, in milliseconds.',
  },
  RATE_LIMIT: {
    kind: 'integer',
    default: 3000,
    min: 0,
    max: MAX_INT32,
    description: 'Requests that one client may send in a minute; 0: as many as it likes.',
  },
  AUTO_PROCESS: { kind: 'boolean', default: false, description: 'Apply the repository at start.' },
  EXIT_AFTER_PROCESSING: { kind: 'boolean', default: false, description: 'End after the start-up phase.' },
  LOAD_TEST_DATA: { kind: 'boolean', default: false, description: 'Load the test data that versions name.' },
  ENABLE_DROP_DATABASE: { kind: 'boolean', default: false, description: 'Allow the database to be dropped.' },
  MONGODB_REQUIRE_TLS: {
    kind: 'boolean',
    default: true,
    description: 'Refuse a connection without TLS; not asked of a database on this machine.',
  },
  AUTH_NONE_ANYWHERE: {
    kind: 'boolean',
    default: false,
    description: 'Allow `AUTH_MODE=none` on other addresses than loopback.',
  },
  COMPAT_UNCONDITIONAL_PUT: {
    kind: 'boolean',
    default: false,
    description: 'Accept a PUT without `If-Match`, as old clients send it.',
  },
  MONGO_CONNECTION_STRING: {
    kind: 'uri',
    default: 'mongodb://mongodb:27017/',
    secret: true,
    description: 'The deployment to connect to.',
  },
} as const satisfies Record<string, SettingDefinition>

export type SettingName = keyof typeof SETTINGS
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]

/** What a setting's value is in the program. */
export type SettingValue<N extends SettingName> = (typeof SETTINGS)[N] extends { readonly kind: 'integer' }
  ? number
  : (typeof SETTINGS)[N] extends { readonly kind: 'boolean' }
    ? boolean
    : string

/** The code of every finding about a setting's value. */
export const SETTING_INVALID: ErrorCode = 'SETTING_INVALID'
