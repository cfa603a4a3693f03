import type { FastifyInstance, RouteOptions } from 'fastify'
import { HttpProblem } from '../http-problem.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** The addresses that exist, whatever is asked of them. */
export interface KnownAddresses {
  /** Called after the last route is declared: from now on its other methods answer 405 with `Allow`. */
  refuseOtherMethods(): void
  /**
   * For a request that no route took: what its address takes, as `Allow` says it, where only its method is foreign, as PROPFIND is.
   * `undefined` where there is nothing at the address.
   */
  allowedFor(method: string, url: string): string | undefined
}

/** Remembers the routes that are declared from now on. */
export function watchRoutes(app: FastifyInstance): KnownAddresses {
  const methodsOf = new Map<string, Set<string>>()
  let isOpen = true
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    if (!isOpen || url.includes('*')) return
    const known = methodsOf.get(url) ?? new Set()
    for (const each of [method].flat()) known.add(each)
    methodsOf.set(url, known)
  })
  return {
    refuseOtherMethods: () => {
      isOpen = false
      for (const [url, known] of methodsOf) refuseOthers(app, url, known)
    },
    allowedFor: (method, url) => {
      // What these take has been decided by the routes.
      if (METHODS.some((each) => each === method)) return undefined
      const parts = partsOf(url)
      const found = [...methodsOf].find(([pattern]) => fits(partsOf(pattern), parts))
      return found && allowOf(found[1])
    },
  }
}

const partsOf = (url: string): readonly string[] => (url.split('?', 1)[0] ?? '').replace(/\/$/, '').split('/')

const fits = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((name, i) => name === parts[i] || name.startsWith(':'))

const allowOf = (known: ReadonlySet<string>): string => METHODS.filter((method) => known.has(method)).join(', ')

export const foreignMethod = (method: string, allow: string): HttpProblem =>
  new HttpProblem('METHOD_NOT_ALLOWED', `${method} is not possible here; ${allow} is.`)

function refuseOthers(app: FastifyInstance, url: string, known: ReadonlySet<string>): void {
  const others = METHODS.filter((method) => !known.has(method))
  if (others.length === 0) return
  const allow = allowOf(known)
  app.route({
    url,
    method: others,
    schema: { hide: true },
    // Before the body is read: nobody will look at it.
    onRequest: async (request, reply) => {
      reply.header('allow', allow)
      throw foreignMethod(request.method, allow)
    },
    handler: () => undefined,
  })
}
