import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import { parsePort } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { startDatabase, untilAborted } from '../wiring/embedded-database.ts'
import { examples, type Verbs } from './verb.ts'

interface EmbeddedOptions {
  readonly port: number
  readonly json?: true
}

export function addEmbedded({ program, io, finish }: Verbs): void {
  program
    .command('embedded')
    .description('Runs a MongoDB-compatible server on this machine only, until it is interrupted.')
    .option('--port <number>', 'where to listen; a free port without it', parsePort, 0)
    .option('--memory', 'keep the data in memory; they end with the command (there is no other way yet)')
    .option('--json', 'print the connection string as JSON')
    .addHelpText('after', examples('embedded --port 27017', 'embedded --memory --json'))
    .action(async (options: EmbeddedOptions) => finish(await embedded(io, options)))
}

async function embedded(io: Io, options: EmbeddedOptions): Promise<ExitCode> {
  const database = await startDatabase(options.port)
  if (!database.ok) return tellFailure(io, database.error, options.json)
  const { uri } = database.value
  io.out(options.json === true ? `${JSON.stringify({ uri })}\n` : `${uri}\n`)
  io.err('Data are in memory and end with this command. Ctrl-C ends it.\n')
  await untilAborted(io.signal)
  await database.value.close()
  return EXIT.done
}
