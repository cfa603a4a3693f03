import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isDeep, PATIENCE } from '@stage0/testkit'

const SMOKE = fileURLToPath(new URL('smoke.sh', import.meta.url))
const SCRIPTS = ['smoke.sh', 'smoke-lib.sh'].map((name) => fileURLToPath(new URL(name, import.meta.url)))

describe('the smoke test of the images', () => {
  it('says that it did nothing where buildah is not installed, and ends with a code of its own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stage0-path-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // Enough to come as far as that, and nothing else.
    for (const tool of ['bash', 'dirname']) {
      symlinkSync(
        execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
        join(folder, tool),
      )
    }
    const { status, stderr } = spawnSync(SMOKE, { env: { PATH: folder }, encoding: 'utf8' })
    expect([status, stderr]).toEqual([77, expect.stringContaining('SKIPPED: no image was built or run: buildah')])
  })

  it('is made of scripts that the shell can read', () => {
    expect(spawnSync('bash', ['-n', ...SCRIPTS], { encoding: 'utf8' }).stderr).toBe('')
  })
})

/** Some minutes, and gigabytes: `pnpm test:deep` has them. */
if (isDeep) {
  describe('the images', () => {
    it('are built and run', PATIENCE, async ({ skip }) => {
      const smoke = spawn(SMOKE, { stdio: ['ignore', 'pipe', 'pipe'] })
      let said = ''
      for (const stream of [smoke.stdout, smoke.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (said += text))
      const [code] = (await once(smoke, 'close')) as [number | null]
      skip(code === 77, said)
      expect([code, said]).toEqual([0, expect.stringMatching(/passed, 0 failed\n$/)])
    })
  })
}
