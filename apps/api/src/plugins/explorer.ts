import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

/** The OpenAPI document and a page to try it, under `/docs`; nothing of it comes from elsewhere. */
export async function serveExplorer(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // A validator badge would send the document to a foreign host.
    uiConfig: { validatorUrl: null, docExpansion: 'list', deepLinking: true },
  })
}
