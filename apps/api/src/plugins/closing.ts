import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import plugin from 'fastify-plugin'
import { HttpProblem } from '../http-problem.ts'

/**
 * An ending service refuses what comes now, and waits for requests, not for connections: it lets go of each on which none is under way.
 * Node closes those alone that were asked on before, and keeps those on which half a request came, or nothing yet, as browsers open them
 * in advance; it also keeps those whose last request ends in the meantime.
 */
export const closing = plugin(async (app) => {
  let isClosing = false
  const underWay = new Map<Socket, number>()
  const letGoAtRest = (socket: Socket): void => {
    if (underWay.get(socket) === 0) socket.destroySoon()
  }
  app.server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  })
  app.server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const count = (change: number): void => void underWay.set(socket, (underWay.get(socket) ?? 0) + change)
    count(1)
    answer.once('close', () => {
      if (!underWay.has(socket)) return
      count(-1)
      if (isClosing) letGoAtRest(socket)
    })
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const socket of underWay.keys()) letGoAtRest(socket)
  })
  app.addHook('onRequest', async () => {
    if (isClosing) throw new HttpProblem('SERVICE_BUSY', 'The service is ending.')
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
})
