import type { RunSnapshot, RunStarted } from '@stage0/types'
import { onTestFinished, vi } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { connect } from '@stage0/mongo'
import { testApp, type TestApp, type TestAppOptions } from '../../testing/test-app.ts'
import { steeredTarget, type SteeredTarget } from './steered-target.ts'

/** Short enough for a test that waits for its end, long enough for two busy cores. */
const LEASE_MS = '2000'

export interface Service extends TestApp {
  readonly steer: SteeredTarget
  /** Address of the service on a real socket. */
  listen(): Promise<string>
  start(body?: object, headers?: Readonly<Record<string, string>>): Promise<RunStarted>
  run(id: string): Promise<RunSnapshot>
  /** Waits until the run is no longer at work. */
  ended(id: string): Promise<RunSnapshot>
}

/** A service over the database at `uri`, as one process of several would be. */
export async function serviceAt(uri: string, options: TestAppOptions = {}): Promise<Service> {
  const steer = steeredTarget(uri)
  const app = await testApp({
    ...options,
    uri,
    settings: { STAGE0_LEASE_MS: LEASE_MS, ...options.settings },
    deps: { target: steer.source, ...options.deps },
  })
  // Before anything is computed: the short time to find a server is for databases that are gone, not for busy machines.
  await steer.source.open()
  const json = async <T>(response: ReturnType<TestApp['inject']>): Promise<T> => (await response).json()
  const run = (id: string) => json<RunSnapshot>(app.inject(`/api/runs/${id}`))
  return {
    ...app,
    steer,
    run,
    listen: () => app.app.listen({ host: '127.0.0.1', port: 0 }),
    start: (body = {}, headers = {}) => json(app.inject({ method: 'POST', url: '/api/runs', payload: body, headers })),
    ended: (id) =>
      vi.waitUntil(
        async () => {
          const snapshot = await run(id)
          return snapshot.run.status !== 'running' && snapshot
        },
        { timeout: 30_000, interval: 20 },
      ),
  }
}

/** An embedded database of one test, with a way to look into it and to change it behind the service's back. */
export async function database(atEnd: (close: () => Promise<void>) => void = onTestFinished) {
  const server = await startEmbedded()
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await server.close()
    isOpen = false
  }
  atEnd(close)
  const uri = `${server.uri}?serverSelectionTimeoutMS=500`
  return {
    uri,
    close,
    async command(command: object): Promise<Record<string, unknown>> {
      const opened = await connect({ uri, database: 'configurator' })
      if (!opened.ok) throw new Error(opened.error.message)
      try {
        return (await opened.value.db.command({ ...command })) as Record<string, unknown>
      } finally {
        await opened.value.close()
      }
    },
  }
}
