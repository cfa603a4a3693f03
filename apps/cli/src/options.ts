import { InvalidArgumentError, type Command } from 'commander'
import type { PlanOptions } from '@stage0/core'

/** Options that say which repository is meant, with `--json` for scripts. */
export interface RepositoryOptions {
  readonly repository?: string
  readonly loadTestData?: true
  readonly json?: true
}

/** Options that say how far the stored documents are looked at for a plan. */
export interface EvidenceOptions {
  /** By default they are looked at. */
  readonly evidence?: boolean
  readonly evidenceLimit?: string
}

/** Options that say which database is meant, besides. */
export interface TargetOptions extends RepositoryOptions, EvidenceOptions {
  readonly uri?: string
  readonly database?: string
  readonly collections?: readonly string[]
  readonly resolve?: Outcomes
  readonly batchSize?: string
  readonly pauseMs?: string
}

export type Outcomes = NonNullable<PlanOptions['outcomes']>

export const withRepository = (command: Command): Command =>
  command
    .option('--repository <folder>', 'the configuration repository (INPUT_FOLDER)')
    .option('--json', 'print the result as JSON')

/** For verbs that look at a database and at no files but those of settings. */
export const withConnection = (command: Command): Command =>
  withRepository(command)
    .option('--uri <connection string>', 'the deployment (MONGO_CONNECTION_STRING)')
    .option('--database <name>', 'the database (MONGO_DB_NAME)')

export const withDatabase = (command: Command): Command =>
  withConnection(command).option('--load-test-data', 'load the test data that versions name (LOAD_TEST_DATA)')

export const withTarget = (command: Command): Command =>
  withDatabase(command).option('--collections <names>', 'these collections only, separated by commas', parseNames)

/** Options that say where the service listens, and where the embedded database behind it keeps its data. */
export interface ServeOptions extends TargetOptions {
  readonly port?: number
  readonly host?: string
  readonly data?: string
}

/** For verbs that serve API and console. */
export const withService = (command: Command): Command =>
  command
    .option(
      '--data <folder>',
      'run the embedded database, and keep its data in this folder; not with --uri (EMBEDDED_DATA)',
    )
    .option('--port <number>', 'where the service listens; 0 for a free port (API_PORT)', parsePort)
    .option('--host <address>', 'the address that it listens on; this machine only without it (API_HOST)')

/** For verbs that plan what is to be done. */
export const withOutcomes = (command: Command): Command =>
  command.option(
    '--resolve <step=outcome>',
    'a migration was cut off, and you found out how it ended: STEP=done leaves it out, STEP=repeat runs it again',
    parseOutcome,
  )

/** For verbs that show a plan with what the stored documents say to it. */
export const withEvidence = (command: Command): Command =>
  command
    .option('--evidence', 'look at the stored documents: which would fail, and which are duplicates; the default')
    .option('--no-evidence', 'do not look at the stored documents')
    .option('--evidence-limit <documents>', 'so many documents of each collection at most (EVIDENCE_MAX_DOCUMENTS)')

/** For verbs that may migrate data online. What they take is checked as the settings are. */
export const withPace = (command: Command): Command =>
  command
    .option('--batch-size <documents>', 'documents per transaction of an online migration (MIGRATION_BATCH_SIZE)')
    .option('--pause-ms <milliseconds>', 'rest after each transaction of an online migration (MIGRATION_PAUSE_MS)')

/** A TCP port; 0 asks the system for a free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count))
    throw new InvalidArgumentError('A number is whole and above 0.')
  return count
}

export function parseSeconds(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Seconds are a number such as 30 or 0.5.')
  return Number(text)
}

/** What a person found out about a step that was cut off: `STEP=done` or `STEP=repeat`. The option may be given for several steps. */
export function parseOutcome(text: string, former: Outcomes = {}): Outcomes {
  const at = text.lastIndexOf('=')
  const [step, outcome] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || (outcome !== 'done' && outcome !== 'repeat'))
    throw new InvalidArgumentError(
      'An outcome is STEP=done or STEP=repeat, with the step as MIGRATION_UNCERTAIN names it.',
    )
  return { ...former, [step]: outcome }
}

export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('Names are separated by single commas: user,organization.')
  return names
}

const LONGEST_SET_NAME = 128

/**
 * The name of a replica set. MongoDB cuts it at a slash, behind which it once named other members; this takes besides only what
 * stands in a connection string as it is.
 */
export function parseSetName(text: string): string {
  if (!/^[\w.][\w.-]*$/.test(text) || text.length > LONGEST_SET_NAME)
    throw new InvalidArgumentError(
      `The name of a replica set has letters, digits, _, . and -, does not begin with -, and has at most ${LONGEST_SET_NAME} characters.`,
    )
  return text
}

/** Arguments up to a `--`, behind which none is an option. */
export function beforeOperands(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

/**
 * Where an option that needs a value is followed by another option: what is wrong, in a sentence. The value was forgotten then; one
 * that does begin with a dash is written behind an equals sign.
 */
export function swallowedOption(command: Command, args: readonly string[]): string | undefined {
  const flags = new Map(
    command.options.filter((option) => option.required).map((option) => [option.long, option.flags]),
  )
  const given = beforeOperands(args)
  for (let at = 0; at < given.length - 1; at += 1) {
    const [flag, next] = [given[at], given[at + 1]]
    const meant = flags.get(flag)
    if (flag === undefined || meant === undefined) continue
    if (next?.startsWith('-') === true)
      return `option '${meant}' needs a value, and ${next} follows it; a value that begins with - is written ${flag}=${next}`
    at += 1
  }
  return undefined
}
