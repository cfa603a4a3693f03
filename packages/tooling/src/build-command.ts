import { watch } from 'rolldown'
import { COMMAND_BUNDLE } from './command-bundle.ts'
import { buildCommand } from './command.ts'

/** Builds the command when something that it is made of is newer than what was built; with `--watch` at each change. */
if (process.argv.includes('--watch')) {
  watch(COMMAND_BUNDLE).on('event', async (event) => {
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`)
    if ('result' in event) await event.result.close()
  })
} else await buildCommand()
