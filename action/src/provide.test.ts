import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readInputs } from './inputs.mjs'
import { ownVersion, provideCommand } from './provide.mjs'

/** An npm that writes down where and with what it was called, and ends as the test wants. */
function npm(exit: number) {
  const folder = mkdtempSync(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(
    join(folder, 'npm'),
    `#!/bin/sh\necho "$PWD|$*" > '${folder}/call'\necho 'not found' >&2\nexit ${exit}\n`,
  )
  chmodSync(join(folder, 'npm'), 0o755)
  const inputs = (more: Readonly<Record<string, string>> = {}) =>
    readInputs({ GITHUB_WORKSPACE: '/checkout', RUNNER_TEMP: folder, ...more })
  return {
    inputs,
    env: { PATH: `${folder}:/usr/bin:/bin` },
    call: () => readFileSync(join(folder, 'call'), 'utf8').trim(),
  }
}

describe('the command of the action', () => {
  it('is the one from npm of the version of the action, installed outside of the checkout and without scripts', async () => {
    const { inputs, env, call } = npm(0)
    const { temporary } = inputs()
    const [program, main] = await provideCommand(inputs(), env)
    const [folder, args = ''] = call().split('|')
    expect(folder).toBe(join(temporary, 'command'))
    expect(args.split(' ')).toEqual(
      expect.arrayContaining(['install', '--ignore-scripts', `@stage0/cli@${ownVersion()}`]),
    )
    expect([program, main]).toEqual([
      process.execPath,
      join(temporary, 'command/node_modules/@stage0/cli/dist/main.js'),
    ])
    expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('is of the version that the workflow names', async () => {
    const { inputs, env, call } = npm(0)
    await provideCommand(inputs({ ACTION_VERSION: '^1.2.0' }), env)
    expect(call()).toMatch(/ @stage0\/cli@\^1\.2\.0$/)
  })

  it('is one that is there already, as seen from the checkout', async () => {
    const { inputs, env } = npm(1)
    expect(await provideCommand(inputs({ ACTION_COMMAND: 'tools/main.js' }), env)).toEqual([
      process.execPath,
      '/checkout/tools/main.js',
    ])
  })

  it('is missing with a sentence where npm cannot install it', async () => {
    const { inputs, env } = npm(1)
    await expect(provideCommand(inputs({ ACTION_VERSION: '9.9.9' }), env)).rejects.toThrow(
      'npm could not install @stage0/cli@9.9.9:\nnot found',
    )
  })
})
