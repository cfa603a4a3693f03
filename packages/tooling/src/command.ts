import { existsSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { COMMAND_BUNDLE, COMMAND_FOLDER } from './command-bundle.ts'
import { removeFormer } from './former.ts'
import { inProject, isStale } from './fresh.ts'
import { listsOf, NOTICES, SBOM } from './redistributed/lists.ts'

/** Written last: it names all others. */
const MAIN = 'main.js'
const PACKAGES = ['types', 'bson-schema', 'core', 'engine', 'workspace', 'mongo', 'embedded', 'merge']
const SOURCES = [
  ...PACKAGES.flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]),
  ...['api', 'cli'].flatMap((name) => [`apps/${name}/src`, `apps/${name}/package.json`]),
  ...['packages/tooling/src/command-bundle.ts', 'packages/tooling/src/redistributed', 'pnpm-lock.yaml', 'patches'],
]

/**
 * Builds the command when something that it is made of is newer than what was built: one file to start from, and a few
 * that it loads when it needs them, in place of some 1,500 (docs/adr/0009-the-command-is-bundled.md). A command that is
 * started meanwhile is the former or the new one, whole.
 *
 * @throws Error where the sources cannot be put together; the former build is then as it was.
 */
export async function buildCommand(): Promise<void> {
  // A build at each change (`--watch`) writes the command without the lists: they are then older than the sources.
  if (![MAIN, NOTICES, SBOM].some((name) => isStale(join(COMMAND_FOLDER, name), SOURCES))) return
  // A change that comes during the build is newer than what is built.
  const begin = new Date()
  const { lists } = listsOf('apps/cli')
  const bundle = await rolldown({ ...COMMAND_BUNDLE, plugins: [COMMAND_BUNDLE.plugins, lists] })
  const { output } = await bundle.generate(COMMAND_BUNDLE.output)
  await bundle.close()
  const files = new Map<string, string | Uint8Array>(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]),
  )
  for (const [name, content] of files) if (name !== MAIN) write(name, content, begin)
  write(MAIN, files.get(MAIN) ?? '', begin)
  removeFormer(inProject(COMMAND_FOLDER), files, begin)
}

function write(name: string, content: string | Uint8Array, at: Date): void {
  const path = inProject(join(COMMAND_FOLDER, name))
  // The name of a part says what is in it: it is only marked as one of this build.
  const isThere = name.startsWith('chunks/') && existsSync(path)
  const written = isThere ? path : `${path}.${process.pid}`
  if (!isThere) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(written, content)
  }
  utimesSync(written, at, at)
  renameSync(written, path)
}
