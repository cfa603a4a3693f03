import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '../support/test.ts'

const require = createRequire(import.meta.url)
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..')

// The limit is for hangs: each test has a service, and most a browser, to start on a machine with other work.
test.describe.configure({ timeout: 180_000 })

/** Runs a command of the folder e2e against a service. */
async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(command, args, {
    cwd: FOLDER,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

test('the walk through every resource with curl gets the answers that it should', async ({ stage }) => {
  const { code, output } = await run('bash', ['curl.sh'], { STAGE0_URL: stage.url })
  expect(code, output).toBe(0)
  expect(output).toMatch(/\n[1-9]\d* passed, 0 failed\n$/)
})

test('the walk with curl fails where an answer is not as it should be', async ({ stage }) => {
  // A repository that breaks under the service: the first resource that needs it answers otherwise.
  await stage.change({ 'configurations/user.yaml': 'versions: [' })
  const { code, output } = await run('bash', ['curl.sh'], { STAGE0_URL: stage.url })
  expect(code).toBe(1)
  expect(output).toMatch(/FAILED: /)
  expect(output).toMatch(/\n[1-9]\d* passed, 1 failed\n$/)
})

test('the stepci workflows over every resource pass', async ({ stage }) => {
  const command = join(dirname(require.resolve('stepci/package.json')), 'dist/index.js')
  const parts = readdirSync(join(FOLDER, 'stepci')).filter((name) => name !== 'all.yml')
  const all = readFileSync(join(FOLDER, 'stepci/all.yml'), 'utf8')
  for (const part of parts) expect(all, 'no workflow is left out').toContain(`- ${part}\n`)
  // It asks a foreign host unless it is told not to.
  const quiet = { STEPCI_DISABLE_ANALYTICS: '1', DO_NOT_TRACK: '1', FORCE_COLOR: '0' }
  const args = [command, 'run', 'stepci/all.yml', '-e', `host=${stage.url}`]
  const { code, output } = await run(process.execPath, args, quiet)
  expect(output).toMatch(/Steps: 0 failed, 0 skipped, [1-9]\d+ passed/)
  expect(code, output).toBe(0)
})
