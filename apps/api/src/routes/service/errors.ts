import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { errorEntry, ErrorDescription } from '@stage0/types'
import { problemResponses } from '../../http/problem-responses.ts'
import { HttpProblem } from '../../http-problem.ts'

/** What the `type` of every problem leads to: the entry of its code in the error catalogue. */
export const errorRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/errors/:code',
    {
      schema: {
        operationId: 'readError',
        tags: ['service'],
        summary: 'What an error code means and what to do',
        params: Type.Object({ code: Type.String({ description: 'A key of the error catalogue' }) }),
        response: { 200: ErrorDescription, ...problemResponses(404) },
      },
    },
    async ({ params: { code } }) => {
      const entry = errorEntry(code)
      if (entry === undefined) throw new HttpProblem('ERROR_CODE_UNKNOWN', 'There is no error of this code.')
      const { title, cause, fix, status } = entry
      return { code, title, cause, fix, ...(status === undefined ? {} : { status }) }
    },
  )
}
