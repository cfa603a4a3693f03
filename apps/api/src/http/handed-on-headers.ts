import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** What two ends of one connection agree about it (RFC 9110, 7.6.1), and what they prove to each other: nothing for those behind. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** By these the service judges who asks for what: a caller must not have them removed on the way by naming them in `Connection`. */
const JUDGED = /^(?:authorization|content-.*|cookie|host|if-.*|origin|referer|sec-.*|x-correlation-id)$/

/** The headers of a request for who is behind: the body is announced as it arrives, in chunks where its length is not told. */
export function requestHeaders(given: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = namedIn(given.connection)
  const kept = without(given, (name) => named.has(name) && !JUDGED.test(name))
  return given['transfer-encoding'] === undefined ? kept : { ...kept, 'transfer-encoding': 'chunked' }
}

/** The headers of an answer for who asked. */
export function answerHeaders(given: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = namedIn(given.connection)
  return without(given, (name) => named.has(name))
}

const namedIn = (connection = ''): ReadonlySet<string> =>
  new Set(connection.split(',').map((name) => name.trim().toLowerCase()))

const without = (given: IncomingHttpHeaders, isDropped: (name: string) => boolean): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !OF_ONE_CONNECTION.has(name) && !isDropped(name)))
