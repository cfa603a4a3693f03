import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Told } from './log.mjs'
import { run } from './stage0.mjs'

const PACKAGE = '@stage0/cli'

/** The version that this action is released with: all of the project has one. */
export const ownVersion = () =>
  JSON.parse(readFileSync(fileURLToPath(new URL('../../apps/cli/package.json', import.meta.url)), 'utf8')).version

/**
 * The command: one that is there, or one from npm, installed outside of the checkout, whose settings for npm are those
 * of the pull request and do not count. No script of a package is run.
 *
 * @param {import('./inputs.mjs').Inputs} inputs
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<readonly string[]>} Program and first argument.
 * @throws {Error} Where npm cannot install it.
 */
export async function provideCommand({ command, version, temporary }, env) {
  if (command !== undefined) return [process.execPath, command]
  const folder = join(temporary, 'command')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const wanted = `${PACKAGE}@${version ?? ownVersion()}`
  const npm = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', wanted]
  const { code, stderr } = await run(npm, { cwd: folder, env })
  if (code !== 0) throw new Told(`npm could not install ${wanted}:\n${stderr}`)
  return [process.execPath, join(folder, 'node_modules', ...PACKAGE.split('/'), 'dist', 'main.js')]
}
