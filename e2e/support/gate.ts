import { DatabaseGate } from '@stage0/testkit'
import { startServer } from './stage0.ts'
import { expect, test as base } from './test.ts'

export { expect }

interface GateFixtures {
  readonly gate: DatabaseGate
}

/** Tests over a service whose database stands behind a gate; after each test it is open again. */
export const test = base.extend<{ readonly gateReset: undefined }, GateFixtures>({
  gate: [
    // Playwright reads the names of fixtures from the pattern.

    async ({}, use) => {
      const server = await startServer()
      const gate = await DatabaseGate.start(server.uri)
      await use(gate)
      await gate.end()
      await server.end()
    },
    { scope: 'worker' },
  ],
  server: [async ({ gate }, use) => use({ uri: gate.uri, end: () => Promise.resolve() }), { scope: 'worker' }],
  gateReset: [
    async ({ gate, stage }, use) => {
      await use(undefined)
      gate.open()
      // The service is ended after this, and ends in order only with its database.
      if (stage.process.process.exitCode === null) await stage.api.get('/api/health/live')
    },
    { auto: true },
  ],
})
