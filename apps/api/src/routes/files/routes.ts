import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { FileList, SchemaView } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { problemResponses } from '../../http/problem-responses.ts'
import { FILE_KINDS } from '../repository/file-index.ts'
import { ListHeaders } from '../repository/list-query.ts'
import { JSON_TYPE, jsonList, jsonText } from '../repository/written.ts'
import { isKnown } from './accept.ts'
import { fileForm, FORMS, type FileForm } from './file-forms.ts'
import { fileList, FileQuery } from './file-list.ts'
import { KIND_WORDS } from './kind-words.ts'
import { renderedText } from './rendered-schema.ts'
import { schemaViewText } from './schema-view.ts'

const CONDITION = Type.Object({
  'if-none-match': Type.Optional(Type.String({ description: 'Entity tags that the client has; 304 for one of them' })),
})
const ETAG = { ETag: { type: 'string', description: 'Strong; each form of a file has its own' } } as const
const NOT_MODIFIED = Type.Null({ description: 'The client has it already' })

/** The files of the repository, as they are and as JSON, and the schemas that are rendered from them. */
export const fileRoutes: FastifyPluginAsyncTypebox<{ deps: AppDeps }> = async (app, { deps }) => {
  const { settings, snapshots } = deps

  for (const kind of FILE_KINDS) {
    const { one, many, words } = KIND_WORDS[kind]
    app.get(
      `/api/${kind}`,
      {
        schema: {
          operationId: `list${many}`,
          tags: ['files'],
          summary: `Every ${words}, also what cannot be used`,
          querystring: FileQuery,
          headers: ListHeaders,
          response: { 200: jsonList(FileList, 'Files in the order of their names') },
        },
      },
      async ({ query, headers }, reply) => {
        const { text, total } = fileList(await snapshots.current(), settings, kind, query, headers)
        return reply.header('x-total-count', total).type(JSON_TYPE).send(text)
      },
    )
    app.get(
      `/api/${kind}/:file`,
      {
        schema: {
          operationId: `read${one}`,
          tags: ['files'],
          summary: `A ${words}: as JSON, or its text with another Accept`,
          params: Type.Object({ file: Type.String({ description: 'Name with extension' }) }),
          headers: CONDITION,
          response: {
            200: { description: 'The file', headers: ETAG, content: CONTENT },
            304: NOT_MODIFIED,
            ...problemResponses(404, 406, 422),
          },
        },
      },
      async (request, reply) => {
        const { headers, params } = request
        const form = fileForm(await snapshots.current(), settings, kind, params.file, headers.accept)
        reply.header('vary', 'Accept')
        return sendForm(request, reply, form)
      },
    )
  }

  for (const kind of ['dictionaries', 'types'] as const) {
    const { one, words } = KIND_WORDS[kind]
    app.get(
      `/api/${kind}/:file/schema`,
      {
        schema: {
          operationId: `inspect${one}`,
          tags: ['files'],
          summary: `A ${words} by itself, with what it uses in place, and rendered where it can be`,
          params: Type.Object({ file: Type.String({ description: 'Name with extension' }) }),
          querystring: Type.Object({
            enumerators: Type.Optional(
              Type.Integer({ minimum: 0, description: 'Version that values are taken from; the newest without it' }),
            ),
          }),
          response: { 200: jsonText(SchemaView, 'The schema'), ...problemResponses(404, 422) },
        },
      },
      async ({ params, query }, reply) => {
        const snapshot = await snapshots.current()
        return reply.type(JSON_TYPE).send(schemaViewText(snapshot, settings, kind, params.file, query.enumerators))
      },
    )
  }

  for (const format of ['json', 'bson'] as const) {
    app.get(
      `/api/configurations/${format}_schema/:file/:version`,
      {
        schema: {
          operationId: format === 'json' ? 'renderJsonSchema' : 'renderBsonSchema',
          tags: ['files'],
          summary:
            format === 'json'
              ? 'The JSON Schema of a version, keys in declared order'
              : 'What $jsonSchema of the validator of a version holds, keys in declared order',
          params: Type.Object({
            file: Type.String({ description: 'Name of the configuration file, with or without its extension' }),
            version: Type.String({ description: 'Four parts; three, for the newest of them; or `latest`' }),
          }),
          headers: CONDITION,
          response: {
            200: {
              description: 'The rendered schema',
              headers: {
                ...ETAG,
                'Content-Location': { type: 'string', description: 'The address with the version in four parts' },
              },
              content: { 'application/json': { schema: Type.Unsafe<string>({ type: 'object' }) } },
            },
            304: NOT_MODIFIED,
            ...problemResponses(404, 422),
          },
        },
      },
      async (request, reply) => {
        const { file, version } = request.params
        const found = renderedText(await snapshots.current(), settings, format, file, version)
        const location = `/api/configurations/${format}_schema/${encodeURIComponent(found.collection)}/${found.version}`
        reply.header('content-location', location)
        return sendForm(request, reply, { type: JSON_TYPE, etag: found.etag, text: () => found.text })
      },
    )
  }
}

const CONTENT = Object.fromEntries(
  FORMS.map((form) => [form, { schema: Type.Unsafe<string>(form === 'application/json' ? {} : { type: 'string' }) }]),
)

/** Sends a form, or that the client has it already. */
function sendForm(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { type, etag, text }: FileForm,
): FastifyReply {
  reply.header('etag', etag)
  if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.type(type).send(text())
}
