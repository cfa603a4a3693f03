import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Settings } from '@stage0/workspace'
import { HttpProblem } from '../http-problem.ts'

/**
 * Refuses what a foreign page can make a browser send: requests to a name that it made point here (DNS rebinding), and requests from
 * another origin. Callers that are no browser send neither `Origin` nor `Sec-Fetch-Site`, and pass.
 */
export const ownCallers = plugin<{ settings: Settings }>(async (app, { settings }) => {
  const hosts = new Set(listOf(settings.API_ALLOWED_HOSTS.value).concat(settings.API_HOST.value.toLowerCase()))
  const origins = new Set(listOf(settings.API_ALLOWED_ORIGINS.value))
  app.addHook('onRequest', async (request) => {
    const { host = '', origin } = request.headers
    if (!isOurName(host, hosts)) {
      throw new HttpProblem('HOST_NOT_ALLOWED', 'The service does not answer to the name in the header Host.')
    }
    const isOurs = origin === undefined ? isFromOwnPage(request) : isOwnOrigin(origin, host) || origins.has(origin)
    if (!isOurs) throw new HttpProblem('CROSS_SITE_REFUSED', 'A page of another origin sent this request.')
  })
})

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')

/** An address in numbers cannot be made to point elsewhere. */
function isOurName(host: string, allowed: ReadonlySet<string>): boolean {
  const name = hostOf(`http://${host}`)?.hostname
  if (name === undefined || name === '' || /[/?#@\\]/.test(host)) return false
  return isIP(name.replace(/^\[|\]$/g, '')) > 0 || /(^|\.)localhost$/.test(name) || allowed.has(name)
}

/** By host and port alone: what speaks TLS for the service changes the scheme. */
const isOwnOrigin = (origin: string, host: string): boolean => {
  const own = hostOf(`http://${host}`)?.host
  return own !== undefined && hostOf(origin)?.host === own
}

/** A link on another page may lead here, as a page to look at; nothing else of it may. */
function isFromOwnPage({ method, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return isVisit && (method === 'GET' || method === 'HEAD')
}

function hostOf(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}
