import { kitFetch, unwrap } from '@stage0/vue-kit'
import type {
  CollectionDetail,
  CollectionList,
  DropRequest,
  DropResult,
  Enumeration,
  ErrorDescription,
  FileInfo,
  FileKind,
  Graph,
  PlanRequest,
  PlanView,
  ProblemReport,
  Readiness,
  RunEventPage,
  RunList,
  RunRequest,
  RunSnapshot,
  RunStarted,
  SchemaView,
  ServiceConfig,
  Usage,
  VersionDetail,
} from '@stage0/types'
import type { Static } from 'typebox'

/** Options of every operation: a query that is no longer wanted is given up. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** Filters of the run history; a field that is absent does not filter. */
export interface RunQuery {
  readonly status?: string
  readonly collection?: string
  readonly limit?: number
  readonly offset?: number
}

/** A rendered schema as it was sent: text in declared order (decisions.md 5), never parsed and printed again. */
export type RenderedKind = 'json_schema' | 'bson_schema'

type Query = Readonly<Record<string, string | number | undefined>>

interface CallRequest extends CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly query?: Query
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The answer is text, not JSON. */
  readonly isText?: boolean
}

const part = encodeURIComponent

/** A path below the service's root with its query. */
export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined)
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

async function send<Data>(
  path: string,
  request: CallRequest,
): Promise<{ data?: Data; error?: unknown; response: Response }> {
  const { method = 'GET', query, body, headers, isText = false, signal } = request
  const init: RequestInit = {
    method,
    headers: {
      accept: isText ? 'text/plain, */*;q=0.1' : 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
  const response = await kitFetch(new Request(new URL(address(path, query), location.origin), init))
  if (response.ok) return { data: (await (isText ? response.text() : response.json())) as Data, response }
  // What is not problem+json (a proxy's page) becomes an error of its status.
  const error: unknown = await response.json().catch(() => ({}))
  return { error, response }
}

const call = <Data>(path: string, request: CallRequest = {}): Promise<Data> => unwrap<Data>(send<Data>(path, request))

const file = (kind: FileKind, fileName: string): string => `/api/${kind}/${part(fileName)}`

/**
 * Every operation of the service that the console uses: the single place where addresses stand.
 *
 * @throws AppError for every failure: an answer of 400 and above, no answer in time, no network.
 */
export const api = {
  ready: (options?: CallOptions) => call<Readiness>('/api/health/ready', options),
  config: (options?: CallOptions) => call<ServiceConfig>('/api/config', options),

  collections: (options?: CallOptions) => call<CollectionList>('/api/collections', options),
  collection: (name: string, options?: CallOptions) =>
    call<CollectionDetail>(`/api/collections/${part(name)}`, options),
  version: (name: string, version: string, options?: CallOptions) =>
    call<VersionDetail>(`/api/collections/${part(name)}/versions/${part(version)}`, options),
  /** The rendered schema of a version, as text. */
  rendered: (as: RenderedKind, name: string, version: string, options?: CallOptions) =>
    call<string>(`/api/configurations/${as}/${part(`${name}.yaml`)}/${part(version)}`, { ...options, isText: true }),

  files: (kind: FileKind, options?: CallOptions) => call<readonly FileInfo[]>(`/api/${kind}`, options),
  fileText: (kind: FileKind, fileName: string, options?: CallOptions) =>
    call<string>(file(kind, fileName), { ...options, isText: true }),
  /** A dictionary or a type as a tree of properties, with its rendered schemas. */
  schema: (kind: 'dictionaries' | 'types', fileName: string, options?: CallOptions) =>
    call<SchemaView>(`${file(kind, fileName)}/schema`, options),
  usages: (kind: FileKind, fileName: string, options?: CallOptions) =>
    call<readonly Usage[]>(`${file(kind, fileName)}/usages`, options),
  enumerations: (options?: CallOptions) => call<readonly Enumeration[]>('/api/enumerations', options),
  /** Which properties take their values from an enumeration, in any version. */
  enumerationUsages: (name: string, options?: CallOptions) =>
    call<readonly Usage[]>(`/api/enumerations/${part(name)}/usages`, options),
  graph: (options?: CallOptions) => call<Graph>('/api/graph', options),
  problems: (options?: CallOptions) => call<ProblemReport>('/api/problems', options),
  /** The findings as a SARIF 2.1.0 document, as text. */
  sarif: (options?: CallOptions) =>
    call<string>('/api/problems', { ...options, isText: true, headers: { accept: 'application/sarif+json' } }),

  /** What a code of a finding or a failure means and what to do. */
  errorCode: (code: string, options?: CallOptions) => call<ErrorDescription>(`/api/errors/${part(code)}`, options),

  createPlan: (body: PlanRequest, options?: CallOptions) =>
    call<PlanView>('/api/plans', { ...options, method: 'POST', body }),
  plan: (id: string, options?: CallOptions) => call<PlanView>(`/api/plans/${part(id)}`, options),

  runs: (query: RunQuery = {}, options?: CallOptions) =>
    call<RunList>('/api/runs', { ...options, query: { ...query } }),
  run: (id: string, options?: CallOptions) => call<RunSnapshot>(`/api/runs/${part(id)}`, options),
  /** @param idempotencyKey Sent again with the same key, a request starts no second run. */
  startRun: (body: RunRequest, idempotencyKey: string, options?: CallOptions) =>
    call<RunStarted>('/api/runs', {
      ...options,
      method: 'POST',
      body,
      headers: { 'idempotency-key': idempotencyKey },
    }),
  /** Asks the run to stop after the range it is in; the snapshot tells when it did. */
  cancelRun: (id: string, options?: CallOptions) =>
    call<RunSnapshot>(`/api/runs/${part(id)}`, { ...options, method: 'DELETE' }),
  runEvents: (id: string, after: number, options?: CallOptions) =>
    call<RunEventPage>(`/api/runs/${part(id)}/events`, { ...options, query: { after } }),
  /** Where the events of a run are streamed from, for an EventSource. */
  runEventsUrl: (id: string, after?: number) => address(`/api/runs/${part(id)}/events`, { after }),

  dropDatabase: (body: Static<typeof DropRequest>, options?: CallOptions) =>
    call<Static<typeof DropResult>>('/api/database/drop', { ...options, method: 'POST', body }),
} as const
