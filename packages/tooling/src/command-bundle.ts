import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { OutputOptions, Plugin, RolldownOptions } from 'rolldown'
import { inProject } from './fresh.ts'

/** Where the command is: `main.js`, the thread of the database, and in `chunks` what these load when they need it. */
export const COMMAND_FOLDER = 'apps/cli/dist'

/** What the driver loads where it is installed: none of it comes with the command. */
const OPTIONAL = [
  ...['kerberos', 'mongodb-client-encryption', 'snappy', '@mongodb-js/zstd', 'gcp-metadata', 'aws4'],
  '@aws-sdk/credential-providers',
]

/** The page to try the API serves files that stand beside its code: they come along, and its code is told where they are. */
const explorerFiles: Plugin = {
  name: 'explorer-files',
  transform: {
    filter: { id: /@fastify[\\/]swagger-ui[\\/](index|lib[\\/][\w-]+)\.js$/ },
    handler(code, id) {
      const isInside = basename(dirname(id)) === 'lib'
      if (!isInside) {
        const files = join(dirname(id), 'static')
        for (const name of readdirSync(files))
          this.emitFile({ type: 'asset', fileName: `explorer/static/${name}`, source: readFileSync(join(files, name)) })
      }
      const folder = isInside ? '../explorer/lib' : '../explorer'
      return { code: code.replaceAll('__dirname', `import.meta.dirname + '/${folder}'`), map: null }
    },
  },
}

/** How the command is put together, from the sources of the packages: no step of the compiler stands between. */
export const COMMAND_BUNDLE: RolldownOptions & { readonly output: OutputOptions } = {
  cwd: inProject('.'),
  input: { main: 'apps/cli/src/main.ts', 'embedded-worker': 'apps/cli/src/wiring/embedded-worker.ts' },
  platform: 'node',
  resolve: { conditionNames: ['@stage0/source', 'node', 'import', 'module'], mainFields: ['module', 'main'] },
  external: OPTIONAL,
  plugins: [explorerFiles],
  output: {
    dir: inProject(COMMAND_FOLDER),
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    // Names stay as they are written, and maps say where: a stack trace is for people.
    sourcemap: true,
    sourcemapExcludeSources: true,
    minify: false,
  },
}
