import type { FastifyInstance, RouteOptions } from 'fastify'
import { HttpProblem } from '../http-problem.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/**
 * Remembers the routes that are declared from now on; the function it returns, called after the last of them, makes their other methods
 * answer 405 with `Allow`.
 */
export function watchRoutes(app: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>()
  let isOpen = true
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    if (!isOpen || url.includes('*')) return
    const known = methodsOf.get(url) ?? new Set()
    for (const each of [method].flat()) known.add(each)
    methodsOf.set(url, known)
  })
  return () => {
    isOpen = false
    for (const [url, known] of methodsOf) refuseOthers(app, url, known)
  }
}

function refuseOthers(app: FastifyInstance, url: string, known: ReadonlySet<string>): void {
  const others = METHODS.filter((method) => !known.has(method))
  if (others.length === 0) return
  const allow = METHODS.filter((method) => known.has(method)).join(', ')
  app.route({
    url,
    method: others,
    schema: { hide: true },
    // Before the body is read: nobody will look at it.
    onRequest: async (request, reply) => {
      reply.header('allow', allow)
      throw new HttpProblem('METHOD_NOT_ALLOWED', `${request.method} is not possible here; ${allow} is.`)
    },
    handler: () => undefined,
  })
}
