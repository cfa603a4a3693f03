import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './packages/tooling/src/closing-line-reporter.ts'

// Tests import the packages' TypeScript sources, so that a test never runs against a stale build.
const conditions = ['@stage0/source', 'node', 'import', 'default']

// `pnpm test:deep` runs loops over crashes, races and random input whole (`isDeep` of testkit); `pnpm test` a sample.
const deep = process.env['STAGE0_DEEP'] === '1'

/** What has a document: components that a test leaves mounted must not be seen by the next file. */
const CONSOLE = ['packages/vue-kit/src/**/*.test.ts', 'apps/spa/src/**/*.test.ts']

export default defineConfig({
  plugins: [vue()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // What is started as a process is built from the same sources.
    globalSetup: 'packages/tooling/src/fresh-command.ts',
    // A process per step of a test, on two busy cores: the limit is for hangs, not for slowness.
    testTimeout: deep ? 900_000 : 60_000,
    hookTimeout: 60_000,
    // Most of the time a test waits for a process or a database: one file at a time would leave the machine idle.
    maxWorkers: 3,
    reporters: ['dot', new ClosingLineReporter()],
    // Vuetify's modules import style sheets, which only a bundler can read.
    server: { deps: { inline: ['vuetify'] } },
    projects: [
      { extends: true, test: { name: 'console', include: CONSOLE } },
      {
        extends: true,
        test: {
          name: 'packages',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'bench/**/*.test.ts',
            'docker/**/*.test.ts',
            'action/**/*.test.ts',
            '.github/**/*.test.ts',
          ],
          exclude: CONSOLE,
          // Nothing of ours keeps state in a module: files of a worker share what they load, which is half of the time of most.
          isolate: false,
        },
      },
    ],
  },
})
