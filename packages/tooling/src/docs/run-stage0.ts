import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROJECT = new URL('../../../../', import.meta.url)

/** A path inside the project. */
export const inProject = (path: string): string => fileURLToPath(new URL(path, PROJECT))

/** What the built command prints on standard output and standard error together. */
export async function runStage0(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [inProject('apps/cli/dist/main.js'), ...args],
    {
      env: { PATH: process.env['PATH'], ...environment },
    },
  )
  return stderr + stdout
}
