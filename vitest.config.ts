import { defineConfig } from 'vitest/config'

// Tests import the packages' TypeScript sources, so that a test never runs against a stale build.
const conditions = ['@stage0/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
    testTimeout: 20_000,
  },
})
