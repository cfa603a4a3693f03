import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface StoredComment {
  readonly id: number
  body: string
  readonly user: { readonly login: string }
}

/** An answer in place of what the API would say. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

/** The API of a code host for the comments of one pull request, on this machine. */
export interface CodeHost {
  readonly url: string
  readonly comments: StoredComment[]
  /** "METHOD path" of each request, in order. */
  readonly requests: string[]
  /** Answers for the requests to come, one each, before the API answers by itself. */
  readonly answers: (Answer | ((request: string) => Answer | undefined))[]
}

const BOT = { login: 'github-actions[bot]' }

/** Starts it for a test; comments are those that stand there already. */
export async function codeHost(comments: StoredComment[] = []): Promise<CodeHost> {
  const requests: string[] = []
  const answers: CodeHost['answers'] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const line = `${request.method ?? ''} ${request.url ?? ''}`
    requests.push(line)
    const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    const next = answers.shift()
    const given = typeof next === 'function' ? next(line) : next
    if (given !== undefined) return void send(given.status, { message: 'told so' }, given.headers)
    if (request.headers.authorization !== 'Bearer the-token') return void send(401, { message: 'Bad credentials' })
    const body = text === '' ? '' : (JSON.parse(text) as { body: string }).body
    if (body.length > 65_536) return void send(422, { message: 'Body is too long' })
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const page = Number(new URLSearchParams(query).get('page') ?? 1)
    const [, id] = /\/comments\/(\d+)$/.exec(path) ?? []
    if (request.method === 'GET') return void send(200, comments.slice((page - 1) * 100, page * 100))
    if (request.method === 'PATCH' || request.method === 'DELETE') {
      const found = comments.find((one) => one.id === Number(id))
      if (found === undefined) return void send(404, { message: 'Not Found' })
      if (request.method === 'DELETE') {
        comments.splice(comments.indexOf(found), 1)
        return void response.writeHead(204).end()
      }
      found.body = body
      return void send(200, { ...found, html_url: `${url}/comment/${found.id}` })
    }
    const made = { id: Math.max(0, ...comments.map((one) => one.id)) + 1, body, user: BOT }
    comments.push(made)
    send(201, { ...made, html_url: `${url}/comment/${made.id}` })
  }

  return { url, comments, requests, answers }
}
