/** What the service bears of one request or one client, besides the settings. Tests give smaller ones. */
export interface Limits {
  /** For requests in JSON; routes that take files say more. */
  readonly bodyBytes: number
  /** Address and headers together. */
  readonly headerBytes: number
  /** How deep arrays and objects of a body may nest. */
  readonly jsonDepth: number
  /** Headers must have arrived by then, in milliseconds after the connection. */
  readonly headersMs: number
  /** The whole request must have arrived by then. */
  readonly requestMs: number
  /** How long a connection without a request is kept. */
  readonly keepAliveMs: number
  /** How often the three times above are looked at. */
  readonly lookMs: number
  /** Open connections in all: more are closed at once. */
  readonly connections: number
}

const KIB = 1024

export const LIMITS: Limits = {
  bodyBytes: 256 * KIB,
  headerBytes: 16 * KIB,
  jsonDepth: 64,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 30_000,
  lookMs: 1000,
  connections: 2000,
}
