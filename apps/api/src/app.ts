import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { redactFor } from '@stage0/mongo'
import type { AppDeps } from './deps.ts'
import { describeError } from './describe-error.ts'
import { schemaCompiler } from './http/compile-schemas.ts'
import { LIMITS, type Limits } from './http/limits.ts'
import { HttpProblem } from './http-problem.ts'
import { ServiceMetrics } from './metrics.ts'
import { answerBroken } from './plugins/broken-requests.ts'
import { closing } from './plugins/closing.ts'
import { serveConsole } from './plugins/console.ts'
import { correlation, requestIdOf } from './plugins/correlation.ts'
import { serveExplorer } from './plugins/explorer.ts'
import { jsonBody } from './plugins/json-body.ts'
import { describeRoutes } from './plugins/openapi.ts'
import { ownCallers } from './plugins/own-callers.ts'
import { problemJson, sendProblem, toProblem } from './plugins/problem-json.ts'
import { requestRate } from './plugins/request-rate.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { foreignMethod, watchRoutes } from './plugins/unknown-addresses.ts'
import { allRoutes } from './routes/all-routes.ts'

const LOG_LEVELS: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'fatal' }
/** A file name has at most 255 bytes, which an address may write as three characters each. */
const MAX_PARAM_LENGTH = 765

/**
 * The service as an instance that is ready to listen, or to have requests injected. Opens nothing: whatever it works with is given, and
 * the one who gave it closes it.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const limits: Limits = { ...LIMITS, ...deps.limits }
  const app = frame(deps, limits)
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

function frame(deps: AppDeps, limits: Limits): FastifyInstance {
  const level = deps.settings.LOGGING_LEVEL.value
  const logger: FastifyBaseLogger = pino(
    {
      level: LOG_LEVELS[level] ?? level.toLowerCase(),
      serializers: { err: describeError(redactFor(deps.settings.MONGO_CONNECTION_STRING.value)) },
    },
    deps.log ?? pino.destination(1),
  )
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestIdOf(deps.newId),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.lookMs,
    },
    // Answered by us, as everything else: see closing.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, toProblem(error)),
    clientErrorHandler: (error, socket) => answerBroken(error, socket, deps.newId),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = limits.connections
  app.setValidatorCompiler(schemaCompiler())
  // As it is, keys in their order: what an answer may hold is proved by the tests, which refuse what the contract does not name.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
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
