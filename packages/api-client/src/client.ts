import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './schema.ts'

export interface ApiClientOptions {
  /** Where the service is, without `/api`: "http://127.0.0.1:8081". The origin of the page where absent. */
  readonly baseUrl?: string
  /** Sends the requests; the `fetch` of the platform where absent. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/** The client of the service: paths, parameters and bodies are typed by its OpenAPI document. */
export type ApiClient = Client<paths>

/**
 * Makes a client. A method resolves to `{data, response}`, or to `{error, response}` with the problem (RFC 9457) of the service; it rejects
 * only where no answer came.
 */
export const createApiClient = ({ baseUrl = '', fetch }: ApiClientOptions = {}): ApiClient =>
  createClient<paths>({ baseUrl, ...(fetch === undefined ? {} : { fetch }) })
