import plugin from 'fastify-plugin'
import { isDeeperThan } from '../http/json-depth.ts'
import { HttpProblem } from '../http-problem.ts'

/** Bodies are JSON and nothing else, so that no form of a foreign page is ever read; a route that takes text adds its type itself. */
export const jsonBody = plugin<{ maxDepth: number }>(async (app, { maxDepth }) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    // Scripts name the type also where they send nothing; what takes no body does not miss it.
    if (text === '' && request.routeOptions.schema?.body === undefined) return void done(null, undefined)
    if (!isDeeperThan(maxDepth, text)) return void parse(request, text, done)
    done(new HttpProblem('REQUEST_INVALID', `The body nests deeper than ${maxDepth} levels.`), undefined)
  })
})
