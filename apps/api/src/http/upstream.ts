import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import { urlToHttpOptions } from 'node:url'

/** The service says that it is alive every 15 s on a stream; a body that is silent for longer than this is none any more. */
const BODY_TIMEOUT_MS = 60_000
/** The service bounds its own work; this is for one that takes a request and never answers. */
const HEADERS_TIMEOUT_MS = 300_000
const CONNECT_TIMEOUT_MS = 5000
/**
 * Kept only for a moment: the other end closes idle connections too, and a request on one that is closing fails. Their number has no bound
 * of its own, since each event stream holds one for hours: callers are counted where they connect.
 */
const KEPT = { keepAlive: true, timeout: 4000, maxFreeSockets: 64 } as const

/** Who was asked took too long. */
export class UpstreamSlow extends Error {}
/** We ended before who was asked began to answer. */
export class UpstreamLetGo extends Error {}

export interface Upstream {
  /**
   * Asks once, with the body of a request, and is done with it when its caller is gone.
   *
   * @param target Path and query.
   * @returns the answer, its body still to come.
   * @throws UpstreamSlow, UpstreamLetGo, or what Node says of a connection that fails.
   */
  ask(
    caller: { readonly raw: IncomingMessage; readonly answer: ServerResponse },
    target: string,
    headers: OutgoingHttpHeaders,
  ): Promise<IncomingMessage>
  /** Waits no longer for answers that have not begun. */
  letGo(): void
  close(): void
}

/**
 * The server at an address. By TLS it must prove the name in that address, not the one that the caller asked for, to an authority that Node
 * trusts: those that it brings, and those in `NODE_EXTRA_CA_CERTS`.
 */
export function upstreamAt(address: string): Upstream {
  const { protocol, hostname, port } = urlToHttpOptions(new URL(address))
  const isTls = protocol === 'https:'
  const agent = isTls ? new HttpsAgent(KEPT) : new HttpAgent(KEPT)
  const send = isTls ? httpsRequest : httpRequest
  const name = String(hostname)
  const to: RequestOptions = { protocol, hostname: name, port, agent }
  if (isTls) Object.assign(to, { rejectUnauthorized: true, servername: isIP(name) === 0 ? name : '' })
  const waiting = new Set<ClientRequest>()
  return {
    close: () => agent.destroy(),
    letGo: () => {
      for (const asked of waiting) asked.destroy(new UpstreamLetGo('We are ending, and it had not begun to answer.'))
    },
    ask: ({ raw, answer }, path, headers) =>
      new Promise((resolve, reject) => {
        const asked = send({ ...to, method: raw.method, path, headers, setHost: false })
        waiting.add(asked)
        boundConnecting(asked, isTls ? 'secureConnect' : 'connect')
        asked.on('timeout', () => asked.destroy(new UpstreamSlow('It did not begin to answer.')))
        asked.setTimeout(HEADERS_TIMEOUT_MS)
        asked.once('response', (got) => {
          waiting.delete(asked)
          asked.removeAllListeners('timeout')
          boundSilence(asked, got)
          resolve(got)
        })
        asked.on('error', reject)
        // What asks for another protocol than it was asked in is no answer.
        asked.once('close', () => {
          waiting.delete(asked)
          raw.unpipe(asked)
          reject(new Error('The connection ended without an answer.'))
        })
        answer.once('close', () => {
          if (!raw.complete || !answer.writableFinished) asked.destroy()
        })
        raw.pipe(asked)
      }),
  }
}

function boundConnecting(asked: ClientRequest, connected: 'connect' | 'secureConnect'): void {
  asked.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(() => asked.destroy(new UpstreamSlow('It did not take a connection.')), CONNECT_TIMEOUT_MS)
    for (const event of [connected, 'close']) socket.once(event, () => clearTimeout(timer))
  })
}

/** A body that nobody takes is not silent: its reader is slow. */
function boundSilence(asked: ClientRequest, got: IncomingMessage): void {
  asked.on('timeout', () => {
    if (!got.isPaused()) got.destroy(new UpstreamSlow('It fell silent in the middle of its answer.'))
  })
  asked.setTimeout(BODY_TIMEOUT_MS)
}
