import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Builds the console when something that it is made of is newer than what was built: a build takes seconds, a look does not. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const BUILT = 'apps/spa/dist/index.html'
const SOURCES = [
  ...['apps/spa/src', 'apps/spa/public', 'apps/spa/index.html', 'apps/spa/vite.config.ts', 'apps/spa/package.json'],
  ...['vue-kit', 'api-client', 'types', 'core', 'bson-schema'].map((name) => `packages/${name}/src`),
  'pnpm-lock.yaml',
]

/** The newest change below a path, in milliseconds since the epoch; tests are not part of the console. */
function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return path.endsWith('.test.ts') ? 0 : stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isStale(): boolean {
  const built = statSync(join(root, BUILT), { throwIfNoEntry: false })
  return built === undefined || SOURCES.some((path) => newest(join(root, path)) > built.mtimeMs)
}

if (isStale()) {
  process.stderr.write('Building the console ...\n')
  const vite = join(root, 'apps/spa/node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, { cwd: join(root, 'apps/spa'), stdio: ['ignore', 2, 2] })
  process.exitCode = status ?? 1
}
