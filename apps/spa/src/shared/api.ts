import { createApiClient, type paths } from '@stage0/api-client'
import type {
  FileKind,
  PlanEvidence,
  PlanRequest,
  ProblemReport,
  RunEventPage,
  RunList,
  RunRequest,
} from '@stage0/types'
import { kitFetch, unwrap } from '@stage0/vue-kit'

/** Options of every operation: a query that is no longer wanted is given up. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** Filters of the run history; a field that is absent does not filter. */
export type RunQuery = Readonly<NonNullable<paths['/api/runs']['get']['parameters']['query']>>

/** A page of the run history, with how many runs there are on all pages; undefined where the service does not say. */
export interface RunPage extends RunList {
  readonly total: number | undefined
}

/** A rendered schema as it was sent: text in declared order, never parsed and printed again. */
export type RenderedKind = 'json_schema' | 'bson_schema'

type DropRequest = paths['/api/database/drop']['post']['requestBody']['content']['application/json']

/** The client that the service's own document types. An answer that is not problem+json (a proxy's page) is told by its status. */
const client = createApiClient({ baseUrl: globalThis.location?.origin ?? '', fetch: kitFetch })

type Call<Data> = Promise<{ data?: Data; error?: unknown; response: Response }>

/** Texts are wanted as they are, not as the JSON that they may be. */
const TEXT = { parseAs: 'text', headers: { accept: 'text/plain, */*;q=0.1' } } as const
// What is asked for as text is text, whatever the document says of its JSON form.
const text = (call: Call<unknown>): Promise<string> => unwrap(call as Call<string>)
// The document knows several forms of an answer; the header Accept has chosen this one.
const form = <Form>(call: Call<unknown>): Promise<Form> => unwrap(call as Call<Form>)

/** A path below the service's root with its query. */
export function address(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined)
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

const named = (name: string) => ({ params: { path: { name } } })
const byFile = (file: string) => ({ params: { path: { file } } })
const byId = (id: string) => ({ params: { path: { id } } })

/**
 * Every operation of the service that the console uses: the single place where addresses stand, checked against the
 * OpenAPI document by their types.
 *
 * @throws AppError for every failure: an answer of 400 and above, no answer in time, no network.
 */
export const api = {
  ready: (options?: CallOptions) => unwrap(client.GET('/api/health/ready', { ...options })),
  config: (options?: CallOptions) => unwrap(client.GET('/api/config', { ...options })),

  collections: (options?: CallOptions) => unwrap(client.GET('/api/collections', { ...options })),
  collection: (name: string, options?: CallOptions) =>
    unwrap(client.GET('/api/collections/{name}', { ...named(name), ...options })),
  version: (name: string, version: string, options?: CallOptions) =>
    unwrap(
      client.GET('/api/collections/{name}/versions/{version}', { params: { path: { name, version } }, ...options }),
    ),
  /** The rendered schema of a version, as text. */
  rendered: (as: RenderedKind, name: string, version: string, options?: CallOptions) =>
    text(
      client.GET(`/api/configurations/${as}/{file}/{version}`, {
        params: { path: { file: `${name}.yaml`, version } },
        ...options,
        ...TEXT,
      }),
    ),

  files: (kind: FileKind, options?: CallOptions) => unwrap(client.GET(`/api/${kind}`, { ...options })),
  fileText: (kind: FileKind, fileName: string, options?: CallOptions) =>
    text(client.GET(`/api/${kind}/{file}`, { ...byFile(fileName), ...options, ...TEXT })),
  /** A dictionary or a type as a tree of properties, with its rendered schemas. */
  schema: (kind: 'dictionaries' | 'types', fileName: string, options?: CallOptions) =>
    unwrap(client.GET(`/api/${kind}/{file}/schema`, { ...byFile(fileName), ...options })),
  usages: (kind: FileKind, fileName: string, options?: CallOptions) =>
    unwrap(client.GET(`/api/${kind}/{file}/usages`, { ...byFile(fileName), ...options })),
  enumerations: (options?: CallOptions) => unwrap(client.GET('/api/enumerations', { ...options })),
  /** Which properties take their values from an enumeration, in any version. */
  enumerationUsages: (name: string, options?: CallOptions) =>
    unwrap(client.GET('/api/enumerations/{name}/usages', { ...named(name), ...options })),
  graph: (options?: CallOptions) => unwrap(client.GET('/api/graph', { ...options })),
  problems: (options?: CallOptions) => form<ProblemReport>(client.GET('/api/problems', { ...options })),
  /** The findings as a SARIF 2.1.0 document, as text. */
  sarif: (options?: CallOptions) =>
    text(client.GET('/api/problems', { ...options, parseAs: 'text', headers: { accept: 'application/sarif+json' } })),

  /** What a code of a finding or a failure means and what to do. */
  errorCode: (code: string, options?: CallOptions) =>
    unwrap(client.GET('/api/errors/{code}', { params: { path: { code } }, ...options })),

  createPlan: (body: PlanRequest, options?: CallOptions) => unwrap(client.POST('/api/plans', { body, ...options })),
  plan: (id: string, options?: CallOptions) => unwrap(client.GET('/api/plans/{id}', { ...byId(id), ...options })),
  /** Undefined while the documents are still being looked at; the service has waited a while then, so ask again at once. */
  planEvidence: async (id: string, again: boolean, options?: CallOptions): Promise<PlanEvidence | undefined> => {
    const params = { path: { id }, ...(again && { query: { again } }) }
    const answer = await unwrap(client.GET('/api/plans/{id}/evidence', { params, ...options }))
    return 'gathering' in answer ? undefined : answer
  },

  runs: async (query: RunQuery = {}, options?: CallOptions): Promise<RunPage> => {
    const call = client.GET('/api/runs', { params: { query }, ...options })
    const list = await unwrap(call)
    const total = (await call).response.headers.get('x-total-count')
    return { ...list, total: total === null ? undefined : Number(total) }
  },
  run: (id: string, options?: CallOptions) => unwrap(client.GET('/api/runs/{id}', { ...byId(id), ...options })),
  /** @param idempotencyKey Sent again with the same key, a request starts no second run. */
  startRun: (body: RunRequest, idempotencyKey: string, options?: CallOptions) =>
    unwrap(client.POST('/api/runs', { params: { header: { 'idempotency-key': idempotencyKey } }, body, ...options })),
  /** Asks the run to stop after the step it is in; the snapshot tells when it did. */
  cancelRun: (id: string, options?: CallOptions) =>
    unwrap(client.DELETE('/api/runs/{id}', { ...byId(id), ...options })),
  /** Asks the run to wait before its next step or range, or to go on; what is so already stays so. */
  pauseRun: (id: string, paused: boolean, options?: CallOptions) =>
    unwrap(client.PUT('/api/runs/{id}/paused', { ...byId(id), body: { paused }, ...options })),
  /** Events with a number above `after`, for when there is no stream. */
  runEvents: (id: string, after: number, options?: CallOptions) =>
    form<RunEventPage>(
      client.GET('/api/runs/{id}/events', {
        params: { path: { id }, query: { after } },
        headers: { accept: 'application/json' },
        ...options,
      }),
    ),
  /** Where the events of a run are streamed from, for an EventSource. */
  runEventsUrl: (id: string, after?: number) => address(`/api/runs/${encodeURIComponent(id)}/events`, { after }),

  dropDatabase: (body: DropRequest, options?: CallOptions) =>
    unwrap(client.POST('/api/database/drop', { body, ...options })),
} as const
