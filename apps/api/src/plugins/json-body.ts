import plugin from 'fastify-plugin'
import { isDeeperThan } from '../http/json-depth.ts'
import { HttpProblem } from '../http-problem.ts'

/** Whatever these bring is never read. */
const BODYLESS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Bodies are JSON and nothing else, so that no form of a foreign page is ever read; a route that takes text adds its type itself. */
export const jsonBody = plugin<{ maxDepth: number }>(async (app, { maxDepth }) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addHook('preParsing', async ({ method, headers }, reply) => {
    const encoding = headers['content-encoding'] ?? ''
    if (BODYLESS.has(method) || encoding === '' || encoding.toLowerCase() === 'identity') return
    reply.header('accept-encoding', 'identity')
    const detail = 'The body is packed (`Content-Encoding`); bodies are taken as they are.'
    throw new HttpProblem('MEDIA_TYPE_UNSUPPORTED', detail)
  })
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    // Scripts name the type also where they send nothing; what takes no body does not miss it.
    if (text === '' && request.routeOptions.schema?.body === undefined) return void done(null, undefined)
    if (!isDeeperThan(maxDepth, text)) return void parse(request, text, done)
    done(new HttpProblem('REQUEST_INVALID', `The body nests deeper than ${maxDepth} levels.`), undefined)
  })
})
