import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { enumerations, usagesOf } from '@stage0/core'
import { EnumerationList, Graph, ProblemReport, UsageList } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { HttpProblem } from '../../http-problem.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { preferred } from '../files/accept.ts'
import { fileOf } from '../files/file-forms.ts'
import { KIND_WORDS } from '../files/kind-words.ts'
import { FILE_KINDS } from './file-index.ts'
import { graphOf } from './graph.ts'
import { perSnapshot } from './memo.ts'
import { problemReport, ProblemQuery, REPORT_FORMS } from './problem-report.ts'
import { jsonText, JSON_TYPE } from './written.ts'

/** The repository as a whole: what uses what, and everything that is wrong in it. */
export const repositoryRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { settings, snapshots, version } = deps
  const graphText = perSnapshot((snapshot) => JSON.stringify(graphOf(snapshot)))
  const enumerationText = perSnapshot(({ repository }) => JSON.stringify(enumerations(repository)))

  for (const kind of FILE_KINDS) {
    const { one, words } = KIND_WORDS[kind]
    app.get(
      `/api/${kind}/:file/usages`,
      {
        schema: {
          operationId: `listUsagesOf${one}`,
          tags: ['repository'],
          summary: `Who uses a ${words}`,
          params: Type.Object({ file: Type.String({ description: 'Name with extension' }) }),
          response: { 200: UsageList, ...problemResponses(404) },
        },
      },
      async ({ params }) => {
        const snapshot = await snapshots.current()
        const { name } = fileOf(snapshot, settings, kind, params.file)
        return usagesOf(snapshot.repository, kind, name)
      },
    )
  }

  app.get(
    '/api/enumerations',
    {
      schema: {
        operationId: 'listEnumerations',
        tags: ['repository'],
        summary: 'Every enumeration with its values in each enumerators version',
        response: { 200: jsonText(EnumerationList, 'Enumerations') },
      },
    },
    async (_request, reply) => reply.type(JSON_TYPE).send(enumerationText(await snapshots.current())),
  )

  app.get(
    '/api/enumerations/:name/usages',
    {
      schema: {
        operationId: 'listUsagesOfEnumeration',
        tags: ['repository'],
        summary: 'Which properties take their values from an enumeration, in any enumerators version',
        params: Type.Object({ name: Type.String({ description: 'Of the enumeration' }) }),
        response: { 200: UsageList, ...problemResponses(404) },
      },
    },
    async ({ params: { name } }) => {
      const { repository } = await snapshots.current()
      const usages = usagesOf(repository, 'enumerator', name)
      const isKnown = [...repository.enumerators.values()].some((file) =>
        file.enumerators.some((one) => one.name === name),
      )
      if (usages.length === 0 && !isKnown) {
        throw new HttpProblem('ENUMERATION_UNKNOWN', 'No enumerators file has an enumeration of that name.')
      }
      return usages
    },
  )

  app.get(
    '/api/graph',
    {
      schema: {
        operationId: 'readGraph',
        tags: ['repository'],
        summary: 'Everything in the repository, and what uses what',
        response: { 200: jsonText(Graph, 'Nodes and edges') },
      },
    },
    async (_request, reply) => reply.type(JSON_TYPE).send(graphText(await snapshots.current())),
  )

  app.get(
    '/api/problems',
    {
      schema: {
        operationId: 'listProblems',
        tags: ['repository'],
        summary: 'Everything that is wrong in the repository; SARIF with `Accept: application/sarif+json`',
        querystring: ProblemQuery,
        response: {
          200: {
            description: 'Problems by file and line',
            content: {
              'application/json': { schema: Type.Unsafe<string>(ProblemReport) },
              'application/sarif+json': { schema: Type.Unsafe<string>({ type: 'object' }) },
            },
          },
          ...problemResponses(406),
        },
      },
    },
    async ({ query, headers }, reply) => {
      const form = preferred(headers.accept, REPORT_FORMS)
      if (form === undefined) {
        throw new HttpProblem('NOT_ACCEPTABLE', `Problems can be sent as ${REPORT_FORMS.join(' and ')}.`)
      }
      reply.header('vary', 'Accept').type(`${form}; charset=utf-8`)
      return reply.send(problemReport(await snapshots.current(), query, form, version))
    },
  )
}
