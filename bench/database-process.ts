import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url))

export interface DatabaseProcess {
  readonly uri: string
  close(): Promise<void>
}

/** The embedded server in a process of its own, as a database is for those who use it. @throws Error where it does not start. */
export async function startDatabaseProcess(...options: readonly string[]): Promise<DatabaseProcess> {
  const child = spawn(process.execPath, [MAIN, 'embedded', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error('the embedded server did not start'))),
  ])
  const { uri } = JSON.parse(String(line[0])) as { readonly uri: string }
  return {
    uri,
    close: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}
