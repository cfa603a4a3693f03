import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { problemResponses } from '../http/problem-responses.ts'
import { NamedSchemas } from './named-schemas.ts'

/** Describes every route that is declared from now on. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', addCommonRefusals)
  const named = new NamedSchemas()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Stage0',
        description: 'Schema as code for MongoDB: repository, database, plans and runs over HTTP.',
        version,
      },
      servers: [{ url: '/', description: 'This service' }],
    },
    transform: ({ schema, url }) => ({ schema: schema?.hide === true ? schema : named.takeFrom(schema ?? {}), url }),
    transformObject: (made) =>
      'openapiObject' in made ? named.resolve({ ...made.openapiObject }) : made.swaggerObject,
  })
}

/** Requests that may bring a body, wanted or not. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** What any route may answer, in words of its own where it says something about them. */
function addCommonRefusals(route: RouteOptions): void {
  if (route.schema === undefined || route.schema.hide === true) return
  // 503: the service is ending, or what it needs did not answer in time.
  const common = problemResponses(400, 403, 429, 500, 503)
  const mayHaveBody = [route.method].flat().some((method) => WITH_BODY.has(method))
  const withBody = mayHaveBody ? problemResponses(413, 415) : {}
  const own = route.schema.response as Record<string, unknown> | undefined
  route.schema = { ...route.schema, response: { ...common, ...withBody, ...own } }
}
