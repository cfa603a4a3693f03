import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Addresses of the service itself: never answered with the console. */
const OWN = /^\/(?:api|docs|metrics)(?:\/|$)/
/** What the build names after its content. */
const HASHED = /[/\\]assets[/\\][^/\\]+$/
const PAGE = 'text/html; charset=utf-8'

/** Answers a request with the console's page; `false` where it is not for it. */
export type ServeConsole = (request: FastifyRequest, reply: FastifyReply) => boolean

/**
 * Serves the built console. Its assets have their content in their names and never change; its one page is asked for each time, and
 * stands for every address that a person visits, since the console itself knows what is there.
 */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<ServeConsole> {
  const page = await readFile(join(folder, 'index.html'))
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    cacheControl: false,
    // The build leaves a compressed copy beside each text.
    preCompressed: true,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
    globIgnore: ['index.html', '**/*.gz'],
    schemaHide: true,
  })
  return (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (OWN.test(path) || !isVisit(request, path)) return false
    void reply.header('cache-control', 'no-cache').type(PAGE).send(page)
    return true
  }
}

/** A person who goes to an address, not a script or a page that misses a file. */
function isVisit({ method, headers }: FastifyRequest, path: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return path === '/' || path === '/index.html' || (headers.accept ?? '').includes('text/html')
}
