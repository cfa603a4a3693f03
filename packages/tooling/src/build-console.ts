import { spawnSync } from 'node:child_process'
import { inProject, isStale } from './fresh.ts'

/** Builds the console when something that it is made of is newer than what was built. */
const SOURCES = [
  ...['apps/spa/src', 'apps/spa/public', 'apps/spa/index.html', 'apps/spa/vite.config.ts', 'apps/spa/package.json'],
  ...['vue-kit', 'api-client', 'types', 'core', 'bson-schema'].map((name) => `packages/${name}/src`),
  'pnpm-lock.yaml',
]

if (isStale('apps/spa/dist/index.html', SOURCES)) {
  process.stderr.write('Building the console ...\n')
  const args = [inProject('apps/spa/node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, { cwd: inProject('apps/spa'), stdio: ['ignore', 2, 2] })
  process.exitCode = status ?? 1
}
