import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

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
