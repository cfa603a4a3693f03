import rateLimit from '@fastify/rate-limit'
import plugin from 'fastify-plugin'
import { HttpProblem } from '../http-problem.ts'

/** So many clients are counted at once; of more the ones that were silent longest are forgotten. */
const CLIENTS = 10_000

/** Bounds the requests of one client; health and metrics always answer. */
export const requestRate = plugin<{ perMinute: number }>(async (app, { perMinute }) => {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    cache: CLIENTS,
    hook: 'onRequest',
    errorResponseBuilder: (_request, { after }) =>
      new HttpProblem('TOO_MANY_REQUESTS', `More than ${perMinute} requests in a minute; try again in ${after}.`),
  })
})
