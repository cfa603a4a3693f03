import { buildCommand } from './command.ts'

/**
 * Before tests: builds the command where it is stale, so that no test starts another one than the sources say. Where the
 * sources cannot be put together it says so, and tests that need no process go on.
 */
export async function setup(): Promise<void> {
  try {
    await buildCommand()
  } catch (error) {
    process.stderr.write(
      `The command is the one built before: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  }
}
