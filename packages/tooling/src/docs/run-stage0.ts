import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = new URL('../../../../', import.meta.url)

/** A path inside the project. */
export const inProject = (path: string): string => fileURLToPath(new URL(path, PROJECT))

/**
 * What the built command prints on standard output and standard error, in the order in which a terminal shows it.
 *
 * @throws Error when the command ends with another code than 0.
 */
export async function runStage0(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-output-'))
  const path = join(folder, 'output')
  const file = await open(path, 'a')
  try {
    // One file for both: two pipes would lose the order between them.
    const child = spawn(process.execPath, [inProject('apps/cli/dist/main.js'), ...args], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', file.fd, file.fd],
    })
    const [code] = await once(child, 'close')
    const output = await readFile(path, 'utf8')
    if (code !== 0) throw new Error(`stage0 ${args.join(' ')} ended with ${code}: ${output}`)
    return output
  } finally {
    await file.close()
    await rm(folder, { recursive: true })
  }
}
