import { resolve } from 'node:path'
import { Option } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import { parseCount, parsePort, parseSetName } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { untilAborted, type DatabaseOptions } from '../wiring/embedded-database.ts'
import { startDatabaseHere } from '../wiring/embedded-here.ts'
import { examples, type Verbs } from './verb.ts'

interface EmbeddedOptions {
  readonly port: number
  readonly data?: string
  readonly recover?: true
  readonly replicaSet?: string
  readonly maxDocuments?: number
  readonly maxBytes?: number
  readonly json?: true
}

export function addEmbedded({ program, io, finish }: Verbs): void {
  program
    .command('embedded')
    .description('Runs a MongoDB-compatible server on this machine only, until it is interrupted.')
    .option('--port <number>', 'where to listen; a free port without it', parsePort, 0)
    .option('--data <folder>', 'keep the data in this folder, which is made when it does not exist')
    .addOption(
      new Option('--memory', 'keep the data in memory, as without --data; they end with the command').conflicts('data'),
    )
    .option(
      '--recover',
      'where the log in the folder is damaged, go back to the last whole record and set the rest aside',
    )
    .option(
      '--replica-set <name>',
      'be a replica set of one member: sessions, retryable writes and transactions',
      parseSetName,
    )
    .option('--max-documents <number>', 'documents that it holds at most; 1,000,000 without it', parseCount)
    .option('--max-bytes <number>', 'bytes of documents that it holds at most; 2 GiB without it', parseCount)
    .option('--json', 'print the connection string as JSON')
    .addHelpText(
      'after',
      examples('embedded --port 27017', 'embedded --data ./data --port 27017', 'embedded --memory --json'),
    )
    .action(async (options: EmbeddedOptions) => finish(await embedded(io, options)))
}

async function embedded(io: Io, options: EmbeddedOptions): Promise<ExitCode> {
  const { port, recover, replicaSet, maxDocuments, maxBytes } = options
  const folder = options.data === undefined ? undefined : resolve(io.folder, options.data)
  if (recover === true && folder === undefined) {
    const message = '--recover is about a data folder: name it with --data.'
    return tellFailure(io, { code: 'USAGE', message, exit: EXIT.usage }, options.json)
  }
  const wanted: DatabaseOptions = {
    port,
    ...(folder === undefined ? {} : { data: folder }),
    ...(recover === undefined ? {} : { recover }),
    ...(replicaSet === undefined ? {} : { replicaSet }),
    ...(maxDocuments === undefined ? {} : { maxDocuments }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  }
  const database = await startDatabaseHere(wanted)
  if (!database.ok) return tellFailure(io, database.error, options.json)
  const { uri, notice } = database.value
  if (notice !== undefined) io.err(`${notice}\n`)
  io.out(
    options.json === true ? `${JSON.stringify({ uri, ...(notice === undefined ? {} : { notice }) })}\n` : `${uri}\n`,
  )
  io.err(
    folder === undefined
      ? 'Data are in memory and end with this command. Ctrl-C ends it.\n'
      : `Data are in ${folder}. Ctrl-C ends this command.\n`,
  )
  await untilAborted(io.signal)
  await database.value.close()
  return EXIT.done
}
