import plugin from 'fastify-plugin'
import { HttpProblem } from '../http-problem.ts'

/** An ending service refuses what comes now, and lets go of each connection that asks. */
export const closing = plugin(async (app) => {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async (_request, reply) => {
    if (!isClosing) return
    reply.header('connection', 'close')
    throw new HttpProblem('SERVICE_BUSY', 'The service is ending.')
  })
})
