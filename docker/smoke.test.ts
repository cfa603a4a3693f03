import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isDeep, PATIENCE } from '@stage0/testkit'

const SMOKE = fileURLToPath(new URL('smoke.sh', import.meta.url))
const PUSHED = fileURLToPath(new URL('smoke-pushed.sh', import.meta.url))
const HERE = fileURLToPath(new URL('.', import.meta.url))
const SCRIPTS = readdirSync(HERE).filter((name) => name.endsWith('.sh'))

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
    expect(SCRIPTS).toEqual(expect.arrayContaining(['smoke.sh', 'smoke-checks.sh', 'smoke-pushed.sh']))
    for (const name of SCRIPTS)
      expect(spawnSync('bash', ['-n', join(HERE, name)], { encoding: 'utf8' }).stderr, name).toBe('')
  })
})

describe('the smoke test of images that were pushed', () => {
  /** Starts it with a docker that does as the body says, after it wrote down how it was called. */
  function started(body: string) {
    const folder = mkdtempSync(join(tmpdir(), 'stage0-pushed-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const target of ['api', 'batch', 'spa', 'service']) writeFileSync(join(folder, target), `name@${target}\n`)
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$*" >> '${folder}/calls'\n${body}\n`, { mode: 0o755 })
    const { status, stdout, stderr } = spawnSync(PUSHED, [folder, '1.2.3', '2000-01-02T03:04:05Z'], {
      ...{ encoding: 'utf8' as const, env: { PATH: `${folder}:/usr/bin:/bin` } },
    })
    return { status, said: stdout + stderr, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') }
  }
  /** What a docker on arm64 answers for images that are as they should be, as far as to their processes. */
  const ARM = `case "$*" in
    version*) echo linux/arm64;;
    pull*) echo pulled;;
    *.Architecture*) echo linux/arm64;;
    *stage0*--version) echo 1.2.3;;`

  it('takes each by its digest, for the platform of the machine', () => {
    const { calls, said } = started(`${ARM} *) exit 1;; esac`)
    expect(said).toContain('ok: service is 1.2.3')
    for (const target of ['api', 'batch', 'spa', 'service'])
      expect(calls).toContain(`pull --quiet --platform linux/arm64 name@${target}`)
  })

  it.each([
    ['there is no docker that answers', 'exit 1', ''],
    ['one is not there', `case "$*" in pull*@spa) exit 1;; esac\n${ARM} esac`, 'spa is there for linux/arm64'],
    [
      'one is of another platform',
      `case "$*" in *.Arch*@api) echo linux/amd64; exit;; esac\n${ARM} esac`,
      'api runs on',
    ],
    [
      'one is of another version',
      `case "$*" in *@batch*--version) echo 1.2.2; exit;; esac\n${ARM} esac`,
      'batch is 1.2.3',
    ],
    ['one does not start', `${ARM} *) exit 139;; esac`, 'api does not run as root'],
    ['one runs as root', `${ARM} *getuid*) echo 0;; esac`, 'api does not run as root'],
  ])('fails where %s, and leaves nothing out', (_what, body, failed) => {
    const { status, said } = started(body)
    expect(status).toBe(1)
    expect(said).toContain(failed && `FAILED: ${failed}`)
    expect(said).not.toContain('0 failed')
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
