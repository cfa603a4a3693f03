import type { FastifyInstance } from 'fastify'
import type { Clock } from '@stage0/engine'
import { frame, type FrameDeps } from './http/frame.ts'
import { LIMITS } from './http/limits.ts'
import { HttpProblem } from './http-problem.ts'
import { closing } from './plugins/closing.ts'
import { serveConsole } from './plugins/console.ts'
import { correlation } from './plugins/correlation.ts'
import { handOn } from './plugins/hand-on.ts'
import { problemJson, sendProblem } from './plugins/problem-json.ts'
import { securityHeaders } from './plugins/security-headers.ts'

export interface ConsoleDeps extends FrameDeps {
  /** The folder of the built console. */
  readonly consoleFolder: string
  readonly sleep: Clock['sleep']
}

/**
 * The console on its own, ready to listen: its files, `/health`, and everything for the API handed on to `API_URL`. To the browser both are
 * one origin, as where the service serves them: the same policy, no requests across origins, and a cookie that only one host sees.
 */
export async function buildConsoleApp(deps: ConsoleDeps): Promise<FastifyInstance> {
  const app = frame(deps, LIMITS)
  await app.register(problemJson)
  await app.register(correlation)
  await app.register(closing)
  await app.register(securityHeaders)
  // Says that this process answers. Whether the API does is for the API's own check, or both would be restarted for one.
  app.get('/health', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  const { API_URL, SHUTDOWN_GRACE } = deps.settings
  // Half of the time: so the answer that says so arrives, and what has begun to come has all of it.
  await handOn(app, API_URL.value, { ms: (SHUTDOWN_GRACE.value * 1000) / 2, sleep: deps.sleep })
  const answer = await serveConsole(app, deps.consoleFolder)
  app.setNotFoundHandler((request, reply) => {
    if (answer(request, reply)) return
    void sendProblem(request, reply, new HttpProblem('ROUTE_UNKNOWN', 'There is nothing at this address.'))
  })
  await app.ready()
  return app
}
