import { build } from 'vite'
import { inProject, isStale } from './fresh.ts'
import { listsOf, NOTICES, SBOM } from './redistributed/lists.ts'

/** Builds the console when something that it is made of is newer than what was built. */
const SOURCES = [
  ...['apps/spa/src', 'apps/spa/public', 'apps/spa/index.html', 'apps/spa/vite.config.ts', 'apps/spa/package.json'],
  ...['vue-kit', 'api-client', 'types', 'core', 'bson-schema'].map((name) => `packages/${name}/src`),
  ...['packages/tooling/src/redistributed', 'pnpm-lock.yaml', 'patches'],
]

if (['index.html', NOTICES, SBOM].some((name) => isStale(`apps/spa/dist/${name}`, SOURCES))) {
  process.stderr.write('Building the console ...\n')
  // Vite heeds what the process that builds is for: of a test it would make a console for development, with the paths of this machine.
  process.env['NODE_ENV'] = 'production'
  const { lists, counted } = listsOf('apps/spa')
  await build({ root: inProject('apps/spa'), logLevel: 'warn', plugins: [lists], worker: { plugins: () => [counted] } })
}
