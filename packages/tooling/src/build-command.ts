import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown, watch } from 'rolldown'
import { COMMAND_BUNDLE, COMMAND_FOLDER } from './command-bundle.ts'
import { inProject, isStale } from './fresh.ts'

/**
 * Builds the command when something that it is made of is newer than what was built: one file to start from, and a few
 * that it loads when it needs them, in place of some 1,500 (docs/adr/0009-the-command-is-bundled.md). With `--watch` it
 * builds again at each change.
 */
const MAIN = join(COMMAND_FOLDER, 'main.js')
const PACKAGES = ['types', 'bson-schema', 'core', 'engine', 'workspace', 'mongo', 'embedded']
const SOURCES = [
  ...PACKAGES.flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]),
  ...['api', 'cli'].flatMap((name) => [`apps/${name}/src`, `apps/${name}/package.json`]),
  ...['packages/tooling/src/command-bundle.ts', 'pnpm-lock.yaml'],
]
/** A process that runs meanwhile may yet load its parts of an earlier build. */
const KEPT_MS = 24 * 3_600_000

async function build(): Promise<void> {
  const begin = new Date()
  const bundle = await rolldown(COMMAND_BUNDLE)
  const { output } = await bundle.write(COMMAND_BUNDLE.output)
  await bundle.close()
  removeFormer(new Set(output.map(({ fileName }) => fileName)), begin)
  // A change that came during the build is newer than what was built.
  utimesSync(inProject(MAIN), begin, begin)
}

function removeFormer(files: ReadonlySet<string>, now: Date): void {
  const folder = inProject(COMMAND_FOLDER)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (files.has(name) || name.startsWith('types')) continue
    const stats = statSync(path)
    if (stats.isFile() && now.getTime() - stats.mtimeMs > KEPT_MS) rmSync(path)
  }
}

if (process.argv.includes('--watch')) {
  watch(COMMAND_BUNDLE).on('event', async (event) => {
    if (event.code === 'ERROR') process.stderr.write(`${event.error.message}\n`)
    if ('result' in event) await event.result.close()
  })
} else if (isStale(MAIN, SOURCES)) await build()
