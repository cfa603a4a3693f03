import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { observeAndPlan } from '@stage0/engine'
import { EvidencePending, PlanEvidence, PlanRequest, PlanView } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { within } from '../../http/within.ts'
import { HttpProblem } from '../../http-problem.ts'
import { prepareScope } from '../../runs/prepare-scope.ts'
import { targetProblem } from '../../target-problem.ts'
import { EvidenceDesk } from './evidence-desk.ts'
import type { PlanStore } from './plan-store.ts'
import { viewPlan } from './plan-view.ts'

/** How long a request for evidence waits before it is answered with 202: shorter than clients and proxies are patient. */
const WAIT_MS = 10_000

const PARAMS = Type.Object({ id: Type.String({ maxLength: 100, description: 'Of the plan' }) })

/** Plans: made for a review, shown while it lasts, applied by their hash through `/api/runs`. */
export const planRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps; plans: PlanStore }> = async (
  app,
  { deps, plans },
) => {
  const desk = new EvidenceDesk(deps)
  app.addHook('preClose', async () => desk.close())

  app.post(
    '/api/plans',
    {
      schema: {
        operationId: 'createPlan',
        tags: ['plans'],
        summary: 'Plan the way from the database to the repository',
        description:
          'Writes nothing to the database. A plan that errors speak against is answered as well, with `refused`: a review must see why.',
        body: PlanRequest,
        response: {
          201: {
            description: 'The plan, kept for a while under `Location`',
            headers: { Location: { type: 'string', description: 'Where the plan can be read again' } },
            content: { 'application/json': { schema: PlanView } },
          },
          ...problemResponses(422, 503),
        },
      },
    },
    async ({ body: { scope = {} } }, reply) => {
      const { target, wanted, options, warnings } = await prepareScope(deps, scope)
      const { EVIDENCE_MAX_MS, EVIDENCE_MAX_DOCUMENTS, EVIDENCE_SAMPLES } = deps.settings
      const look = { ms: EVIDENCE_MAX_MS.value, documents: EVIDENCE_MAX_DOCUMENTS.value, clock: deps.clock }
      const planned = await observeAndPlan({ target, wanted, options, look, samples: EVIDENCE_SAMPLES.value })
      if (!planned.ok) throw targetProblem(planned.error)
      const { plan, observed, looked } = planned.value
      const repositoryWarnings = warnings.filter(({ severity }) => severity === 'warning').length
      const madeAt = deps.clock.now()
      const view = viewPlan({ id: deps.newId(), madeAt, scope, plan, observed, repositoryWarnings })
      plans.keep(view, { plan, observed, looked })
      reply.header('location', `/api/plans/${view.id}`)
      return reply.code(201).send(view)
    },
  )

  app.get(
    '/api/plans/:id',
    {
      schema: {
        operationId: 'readPlan',
        tags: ['plans'],
        summary: 'A plan that was made a short time ago',
        params: PARAMS,
        response: { 200: PlanView, ...problemResponses(404) },
      },
    },
    async ({ params: { id } }) => {
      const plan = plans.find(id)
      if (plan === undefined) throw new HttpProblem('PLAN_UNKNOWN', `There is no plan ${id} here, or no longer.`)
      return plan
    },
  )

  app.get(
    '/api/plans/:id/evidence',
    {
      schema: {
        operationId: 'readPlanEvidence',
        tags: ['plans'],
        summary: 'What the stored documents say about a plan',
        description:
          'Which documents would fail a validator, counted per rule with samples; which would break a unique index; which an index would delete right away; how much work the steps are. Only reads, within EVIDENCE_MAX_MS and EVIDENCE_MAX_DOCUMENTS. Gathered once for each plan; `again` looks anew. Not part of the plan and its hash.',
        params: PARAMS,
        querystring: Type.Object(
          {
            again: Type.Optional(
              Type.Boolean({ description: 'Whether to look anew, in place of telling what was found before' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: PlanEvidence, 202: EvidencePending, ...problemResponses(404, 503) },
      },
    },
    async ({ params: { id }, query: { again = false } }, reply) => {
      const source = plans.findSource(id)
      if (source === undefined) throw new HttpProblem('PLAN_UNKNOWN', `There is no plan ${id} here, or no longer.`)
      reply.header('cache-control', 'no-store')
      const evidence = await within(deps.clock, WAIT_MS, desk.ask(source, again), undefined)
      if (evidence === undefined) return reply.code(202).send({ plan_hash: source.plan.hash, gathering: true })
      if (!evidence.ok) throw targetProblem(evidence.error)
      return evidence.value
    },
  )
}
