import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { redactFor } from '@stage0/mongo'
import type { AppDeps } from '../deps.ts'
import { describeError } from '../describe-error.ts'
import { answerBroken, watchAnswers } from '../plugins/broken-requests.ts'
import { noBareAnswers } from '../plugins/bare-answers.ts'
import { requestIdOf } from '../plugins/correlation.ts'
import { sendProblem, toProblem } from '../plugins/problem-json.ts'
import type { Limits } from './limits.ts'

const LOG_LEVELS: Readonly<Record<string, string>> = { WARNING: 'warn', CRITICAL: 'fatal' }
/** A file name has at most 255 bytes, which an address may write as three characters each. */
const MAX_PARAM_LENGTH = 765

export type FrameDeps = Pick<AppDeps, 'settings' | 'newId' | 'log'>

/** A server as the service and the console on its own both need it: its bounds, its log, and its answers to what is no request. */
export function frame(deps: FrameDeps, limits: Limits): FastifyInstance {
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
      requireHostHeader: false,
    },
    // Answered by us, as everything else: see closing.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, toProblem(error)),
    clientErrorHandler: (error, socket) => answerBroken(error, socket, isBegun, deps.newId),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = limits.connections
  const isBegun = watchAnswers(app.server)
  noBareAnswers(app)
  return app
}
