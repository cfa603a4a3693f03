import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { CollectionDetail, CollectionList, VersionDetail } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { ListHeaders } from '../repository/list-query.ts'
import { JSON_TYPE, jsonList, jsonText } from '../repository/written.ts'
import { collectionDetail, versionDetailText } from './collection-detail.ts'
import { collectionList, CollectionQuery } from './collection-list.ts'
import { observer } from './observation.ts'

const Name = Type.String({ description: 'Name of the collection' })

/** The collections as the repository wants them and as the database has them. */
export const collectionRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { settings, snapshots } = deps
  const observe = observer(deps)
  const both = () => Promise.all([snapshots.current(), observe()])

  app.get(
    '/api/collections',
    {
      schema: {
        operationId: 'listCollections',
        tags: ['collections'],
        summary: 'One row per collection, what is broken too; also when the database cannot be reached',
        querystring: CollectionQuery,
        headers: ListHeaders,
        response: { 200: jsonList(CollectionList, 'Collections') },
      },
    },
    async ({ query, headers }, reply) => {
      const [snapshot, observation] = await both()
      const { text, total } = collectionList(snapshot, settings, observation, query, headers)
      return reply.header('x-total-count', total).type(JSON_TYPE).send(text)
    },
  )

  app.get(
    '/api/collections/:name',
    {
      schema: {
        operationId: 'readCollection',
        tags: ['collections'],
        summary: 'A collection with its versions, the newest first',
        params: Type.Object({ name: Name }),
        response: { 200: CollectionDetail, ...problemResponses(404) },
      },
    },
    async ({ params }) => {
      const [snapshot, observation] = await both()
      return collectionDetail(snapshot, settings, observation, params.name)
    },
  )

  app.get(
    '/api/collections/:name/versions/:version',
    {
      schema: {
        operationId: 'readVersion',
        tags: ['collections'],
        summary: 'Everything about one version: schema, steps, indexes, migrations, test data, uses, problems',
        params: Type.Object({
          name: Name,
          version: Type.String({ description: 'Four parts; three, for the newest of them; or `latest`' }),
        }),
        response: { 200: jsonText(VersionDetail, 'The version'), ...problemResponses(404, 422) },
      },
    },
    async ({ params }, reply) => {
      const [snapshot, observation] = await both()
      const text = versionDetailText(snapshot, settings, observation, params.name, params.version)
      return reply.type(JSON_TYPE).send(text)
    },
  )
}
