import type { FastifyInstance } from 'fastify'
import type { AppDeps } from '../deps.ts'
import { runsPlugin } from '../runs/runs-plugin.ts'
import { fileRoutes } from './files/routes.ts'
import { planRoutes } from './plans/routes.ts'
import { runRoutes } from './runs/routes.ts'
import { errorRoutes } from './service/errors.ts'

/** Every concept of the service is one plugin; a new one is one line here. */
export async function allRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  await app.register(errorRoutes)
  await app.register(fileRoutes, { deps })
  await app.register(runsPlugin, { deps })
  await app.register(planRoutes, { deps })
  await app.register(runRoutes, { deps })
}
