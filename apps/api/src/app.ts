import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { AppDeps } from './deps.ts'
import { schemaCompiler } from './http/compile-schemas.ts'
import { HttpProblem } from './http-problem.ts'
import { correlation, requestIdOf } from './plugins/correlation.ts'
import { describeRoutes } from './plugins/openapi.ts'
import { problemJson, sendProblem, toProblem } from './plugins/problem-json.ts'
import { watchRoutes } from './plugins/unknown-addresses.ts'
import { allRoutes } from './routes/all-routes.ts'

const LOG_LEVELS: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'fatal' }
const KIB = 1024
/** Names have at most 64 characters, file names 255 bytes, which an address may write as three characters each. */
const MAX_PARAM_LENGTH = 1000
/** For requests in JSON; the routes that take files say more. */
const BODY_LIMIT = 256 * KIB

/**
 * The service as an instance that is ready to listen, or to have requests injected. Opens nothing: whatever it works with is given, and
 * the one who gave it closes it.
 */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const level = deps.settings.LOGGING_LEVEL.value
  const logger: FastifyBaseLogger = pino(
    { level: LOG_LEVELS[level] ?? level.toLowerCase() },
    deps.log ?? pino.destination(1),
  )
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestIdOf(deps.newId),
    bodyLimit: BODY_LIMIT,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, toProblem(error)),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(schemaCompiler())
  // As it is, keys in their order: what an answer may hold is proved by the tests, which refuse what the contract does not name.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  await app.register(problemJson)
  await app.register(correlation)
  await describeRoutes(app, deps.version)
  const refuseOtherMethods = watchRoutes(app)
  await allRoutes(app, deps)
  refuseOtherMethods()
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new HttpProblem('ROUTE_UNKNOWN', 'There is nothing at this address.')),
  )
  await app.ready()
  return app
}
