import { fastifySSE } from '@fastify/sse'
import plugin from 'fastify-plugin'
import type { AppDeps } from '../deps.ts'
import type { ReviewedPlans } from './begin-run.ts'
import { RunManager } from './run-manager.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The runs of this service; see `RunManager`. */
    readonly runs: RunManager
  }
}

/** Below the read timeouts of common proxies (60 s), and of clients that watch for silence. */
const HEARTBEAT_MS = 15_000

/** Makes `app.runs`, and ends runs and streams in order when the service ends. */
export const runsPlugin = plugin<{ deps: AppDeps; plans: ReviewedPlans }>(
  async (app, { deps, plans }) => {
    const runs = new RunManager(deps, plans, app.log)
    app.decorate('runs', runs)
    await app.register(fastifySSE, { heartbeatInterval: HEARTBEAT_MS })
    // Before the server waits for its connections: open streams would keep it waiting for ever.
    app.addHook('preClose', () => runs.close())
  },
  { name: 'runs' },
)
