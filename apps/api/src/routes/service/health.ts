import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Liveness, Readiness } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { HttpProblem } from '../../http-problem.ts'
import { within } from '../../http/within.ts'

/** Whoever asks gives up soon: a database that takes longer is as good as none. */
const CHECK_MS = 2000

type Check = Readiness['checks'][number]

/** Whether the process lives, and whether it can do its work. Both answer while everything else is slow or down. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const config = { rateLimit: false }
  const tags = ['service']
  app.get(
    '/api/health/live',
    {
      config,
      schema: { operationId: 'readLiveness', tags, summary: 'The process answers', response: { 200: Liveness } },
    },
    () => ({ status: 'live' as const }),
  )
  app.get(
    '/api/health/ready',
    {
      config,
      schema: {
        operationId: 'readReadiness',
        tags,
        summary: 'Whether repository, database and start-up processing are in order',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const readiness = await readReadiness(deps)
      return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness)
    },
  )
}

async function readReadiness(deps: AppDeps): Promise<Readiness> {
  const checks = await Promise.all([checkRepository(deps), checkDatabase(deps), checkStartUp(deps)])
  const found = checks.filter((check) => check !== undefined)
  return { status: found.every(({ ok }) => ok) ? 'ready' : 'not ready', checks: found }
}

/** Readable is enough: what is wrong in its files is told by the problems, and does not stop the service. */
async function checkRepository({ snapshots, clock }: AppDeps): Promise<Check> {
  const said = (ok: boolean, text: string): Check => ({ name: 'repository', ok, text })
  const look = snapshots.current().then(
    ({ files, problems }) => {
      const errors = problems.filter(({ severity }) => severity === 'error').length
      if (files.length === 0 && errors > 0) return said(false, problems[0]?.code ?? 'REPOSITORY_EMPTY')
      return said(true, `${files.length} files, ${errors === 1 ? '1 error' : `${errors} errors`}`)
    },
    (thrown: unknown) => {
      if (thrown instanceof HttpProblem) return said(false, thrown.message)
      throw thrown
    },
  )
  return within(clock, CHECK_MS, look, said(false, `not read within ${CHECK_MS} ms`))
}

async function checkDatabase({ target, clock }: AppDeps): Promise<Check> {
  const said = (ok: boolean, text: string): Check => ({ name: 'database', ok, text })
  const ping = async (): Promise<Check> => {
    const opened = await target.open()
    if (!opened.ok) return said(false, opened.error.message)
    const answered = await opened.value.ping(CHECK_MS)
    return answered.ok ? said(true, 'answers') : said(false, answered.error.message)
  }
  return within(clock, CHECK_MS, ping(), said(false, `no answer within ${CHECK_MS} ms`))
}

async function checkStartUp({ startUp }: AppDeps): Promise<Check | undefined> {
  if (startUp === undefined) return undefined
  const { done, ok, text } = startUp.state()
  return { name: 'start-up processing', ok: done && ok, text }
}
