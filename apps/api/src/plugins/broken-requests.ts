import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { HttpProblem } from '../http-problem.ts'
import { PROBLEM_JSON, toDetails } from './problem-json.ts'

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** Tells whether an answer is in the middle of its way to a connection. */
export type IsBegun = (socket: Socket) => boolean

/** Remembers the answers of a server from now on. */
export function watchAnswers(server: Server): IsBegun {
  const open = new WeakMap<Socket, Set<ServerResponse>>()
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const answers = open.get(socket) ?? new Set()
    open.set(socket, answers.add(answer))
    answer.once('close', () => answers.delete(answer))
  })
  return (socket) => [...(open.get(socket) ?? [])].some(({ headersSent }) => headersSent)
}

/**
 * Answers what is not HTTP, or too slow or too large to become a request: there is none yet to answer in the usual way. Where an answer is on
 * its way already, as to a request whose body breaks off, ours would be taken for a part of it: then the connection ends.
 */
export function answerBroken(
  error: { readonly code?: string },
  socket: Socket,
  isBegun: IsBegun,
  newId: () => string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isBegun(socket)) return void socket.destroy()
  const problem = problemOf(error.code)
  const body = JSON.stringify(toDetails(problem, newId()))
  const head = [
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Bad Request'}`,
    `content-type: ${PROBLEM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

function problemOf(code: string | undefined): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem('HEADERS_TOO_LARGE', 'Address and headers together are too large.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem('REQUEST_TIMEOUT', 'The request did not arrive in time.')
    default:
      return new HttpProblem('REQUEST_INVALID', 'This is not a request in HTTP.')
  }
}
