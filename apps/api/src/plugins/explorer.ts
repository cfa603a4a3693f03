import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

/** The OpenAPI document and a page to try it, under `/docs`; nothing of it comes from elsewhere. */
export async function serveExplorer(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'Stage0 API' },
    uiConfig: {
      // A validator badge would send the document to a foreign host.
      validatorUrl: null,
      // The other layout has a bar for addresses of other documents, with a style inside the page: our policy refuses both.
      layout: 'BaseLayout',
      docExpansion: 'list',
      deepLinking: true,
    },
  })
}
