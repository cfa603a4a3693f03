import type { FastifyInstance } from 'fastify'
import type { AppDeps } from '../deps.ts'
import type { ServiceMetrics } from '../metrics.ts'
import { runsPlugin } from '../runs/runs-plugin.ts'
import { collectionRoutes } from './collections/routes.ts'
import { databaseRoutes } from './database/routes.ts'
import { fileRoutes } from './files/routes.ts'
import { legacyRoutes } from './legacy/routes.ts'
import { PLAN_BOUNDS, PlanStore } from './plans/plan-store.ts'
import { planRoutes } from './plans/routes.ts'
import { repositoryRoutes } from './repository/routes.ts'
import { runRoutes } from './runs/routes.ts'
import { configRoutes } from './service/config.ts'
import { errorRoutes } from './service/errors.ts'
import { healthRoutes } from './service/health.ts'
import { metricsRoutes } from './service/metrics.ts'

/** Every concept of the service is one plugin; a new one is one line here. */
export async function allRoutes(app: FastifyInstance, deps: AppDeps, metrics: ServiceMetrics): Promise<void> {
  const plans = new PlanStore(PLAN_BOUNDS, () => deps.clock.monotonicMs())
  await app.register(errorRoutes)
  await app.register(healthRoutes, { deps })
  await app.register(configRoutes, { deps })
  await app.register(metricsRoutes, { deps, metrics })
  await app.register(collectionRoutes, { deps })
  await app.register(fileRoutes, { deps })
  await app.register(repositoryRoutes, { deps })
  await app.register(runsPlugin, { deps, plans })
  await app.register(planRoutes, { deps, plans })
  await app.register(runRoutes, { deps })
  await app.register(databaseRoutes, { deps })
  await app.register(legacyRoutes, { deps })
}
