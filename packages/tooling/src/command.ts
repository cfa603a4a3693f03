import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { COMMAND_BUNDLE, COMMAND_FOLDER } from './command-bundle.ts'
import { inProject, isStale } from './fresh.ts'

/** Written last: it names all others. */
const MAIN = 'main.js'
const PACKAGES = ['types', 'bson-schema', 'core', 'engine', 'workspace', 'mongo', 'embedded']
const SOURCES = [
  ...PACKAGES.flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]),
  ...['api', 'cli'].flatMap((name) => [`apps/${name}/src`, `apps/${name}/package.json`]),
  ...['packages/tooling/src/command-bundle.ts', 'pnpm-lock.yaml'],
]
/** A process that runs meanwhile may yet load its parts of an earlier build. */
const KEPT_MS = 3_600_000

/**
 * Builds the command when something that it is made of is newer than what was built: one file to start from, and a few
 * that it loads when it needs them, in place of some 1,500 (docs/adr/0009-the-command-is-bundled.md). A command that is
 * started meanwhile is the former or the new one, whole.
 *
 * @throws Error where the sources cannot be put together; the former build is then as it was.
 */
export async function buildCommand(): Promise<void> {
  if (!isStale(join(COMMAND_FOLDER, MAIN), SOURCES)) return
  // A change that comes during the build is newer than what is built.
  const begin = new Date()
  const bundle = await rolldown(COMMAND_BUNDLE)
  const { output } = await bundle.generate(COMMAND_BUNDLE.output)
  await bundle.close()
  const files = new Map<string, string | Uint8Array>(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]),
  )
  for (const [name, content] of files) if (name !== MAIN) write(name, content, begin)
  write(MAIN, files.get(MAIN) ?? '', begin)
  removeFormer(files, begin)
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

function removeFormer(files: ReadonlyMap<string, unknown>, now: Date): void {
  const folder = inProject(COMMAND_FOLDER)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (files.has(name) || name.startsWith('types')) continue
    const stats = statSync(join(folder, name))
    if (stats.isFile() && now.getTime() - stats.mtimeMs > KEPT_MS) rmSync(join(folder, name))
  }
}
