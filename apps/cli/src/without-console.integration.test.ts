import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startStage0 } from './testing/run-command.ts'
import { SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'

const BUILT = fileURLToPath(new URL('..', import.meta.url))

/** The command alone, as the image `api` has it: no package of the console beside it. */
async function commandAlone(): Promise<string> {
  const folder = await temporaryFolder()
  await cp(join(BUILT, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map') && !path.startsWith(join(BUILT, 'dist/types')),
  })
  await cp(join(BUILT, 'package.json'), join(folder, 'package.json'))
  return join(folder, 'dist/main.js')
}

describe('the command without the console', () => {
  it('serves the API, without advice to build what is not wanted, and has no console to serve', async () => {
    const main = await commandAlone()
    const serving = startStage0(['serve', '--repository', SAMPLE, '--port', '0'], { main })
    onTestFinished(() => void serving.child.kill('SIGKILL'))
    await serving.saying(/Serving until Ctrl-C/)
    serving.child.kill('SIGTERM')
    const served = await serving.ended
    expect(served.code).toBe(0)
    expect(served.stderr).not.toContain('not built')

    const refused = await startStage0(['console', '--port', '0'], { main }).ended
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('CONSOLE_NOT_BUILT')])
    expect(refused.stderr).toContain('not installed')
  })
})
