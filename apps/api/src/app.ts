import type { FastifyInstance } from 'fastify'
import type { AppDeps } from './deps.ts'
import { schemaCompiler } from './http/compile-schemas.ts'
import { frame } from './http/frame.ts'
import { LIMITS, type Limits } from './http/limits.ts'
import { HttpProblem } from './http-problem.ts'
import { ServiceMetrics } from './metrics.ts'
import { closing } from './plugins/closing.ts'
import { serveConsole } from './plugins/console.ts'
import { correlation } from './plugins/correlation.ts'
import { serveExplorer } from './plugins/explorer.ts'
import { jsonBody } from './plugins/json-body.ts'
import { describeRoutes } from './plugins/openapi.ts'
import { ownCallers } from './plugins/own-callers.ts'
import { problemJson, sendProblem } from './plugins/problem-json.ts'
import { requestRate } from './plugins/request-rate.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { foreignMethod, watchRoutes } from './plugins/unknown-addresses.ts'
import { allRoutes } from './routes/all-routes.ts'

/**
 * The service as an instance that is ready to listen, or to have requests injected. Opens nothing: whatever it works with is given, and
 * the one who gave it closes it.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const limits: Limits = { ...LIMITS, ...deps.limits }
  const app = frame(deps, limits)
  app.setValidatorCompiler(schemaCompiler())
  // As it is, keys in their order: what an answer may hold is proved by the tests, which refuse what the contract does not name.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  const metrics = new ServiceMetrics(deps.version, deps.settings.API_BUILT_AT.value)
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    metrics.countRequest(method, routeOptions.url ?? 'unknown', statusCode, elapsedTime / 1000)
  })
  await guard(app, deps, limits)
  await describeRoutes(app, deps.version)
  const addresses = watchRoutes(app)
  await allRoutes(app, deps, metrics)
  await serveExplorer(app)
  addresses.refuseOtherMethods()
  app.runs.observe(metrics.observer)
  const answer = deps.consoleFolder === undefined ? () => false : await serveConsole(app, deps.consoleFolder)
  app.setNotFoundHandler((request, reply) => {
    if (answer(request, reply)) return
    const allow = addresses.allowedFor(request.method, request.url)
    if (allow !== undefined) {
      void sendProblem(request, reply.header('allow', allow), foreignMethod(request.method, allow))
      return
    }
    void sendProblem(request, reply, new HttpProblem('ROUTE_UNKNOWN', 'There is nothing at this address.'))
  })
  await app.ready()
  return app
}

/** Everything that stands between a request and its route. */
async function guard(app: FastifyInstance, { settings }: AppDeps, limits: Limits): Promise<void> {
  await app.register(problemJson)
  await app.register(correlation)
  await app.register(closing)
  await app.register(securityHeaders)
  await app.register(ownCallers, { settings })
  const perMinute = settings.RATE_LIMIT.value
  if (perMinute > 0) await app.register(requestRate, { perMinute })
  await app.register(jsonBody, { maxDepth: limits.jsonDepth })
}
