import { once } from 'node:events'
import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { consoleFor, sentRaw, upstreamThat } from './testing/console-for.ts'
import { testApp } from './testing/test-app.ts'

const NOBODY = 'http://127.0.0.1:1'

/** The request as it is: what makes requests for pages tidies them up first. */
async function statusOf(address: string, path: string, headers = {}): Promise<number | undefined> {
  const sent = request(address, { path, headers, method: 'POST' })
  sent.end('{}')
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

describe('the console on its own', () => {
  it.each(['/', '/collections/user', '/runs/1?step=2'])('is what a person gets at %s, guarded', async (url) => {
    const { app } = await consoleFor(NOBODY)
    const page = await app.inject({ url, headers: { accept: 'text/html' } })
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache'])
    expect(page.headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/default-src 'self'.*frame-ancestors 'none'/),
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  it('has assets that are kept for ever', async () => {
    const { app } = await consoleFor(NOBODY)
    const script = await app.inject('/assets/main-1a2b3c.js')
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await app.inject({ url: '/assets/gone.js', headers: { accept: '*/*' } })).statusCode).toBe(404)
  })

  it('is well while the API is not, and says so of it', async () => {
    const { app } = await consoleFor(NOBODY)
    expect((await app.inject('/health')).json()).toEqual({ status: 'ok' })
    const answer = await app.inject('/api/config')
    expect(answer.statusCode).toBe(502)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'API_UNREACHABLE', instance: 'request-1' })
  })

  it('hands a request on as it is: address, method, body of any size, and the name that was asked for', async () => {
    const seen: Record<string, unknown> = {}
    const upstream = await upstreamThat((got, answer) => {
      let length = 0
      const { url, method, headers } = got
      got.on('data', (part: Buffer) => (length += part.length))
      got.on('end', () => {
        Object.assign(seen, { url, method, length, headers })
        answer.writeHead(207, { etag: '"1"', 'set-cookie': ['a=1', 'b=2'] }).end('done')
      })
    })
    const { address } = await consoleFor(upstream)
    const path = '/api/files/a%2Fb?x=1&x=2&y=%20+'
    const headers = { 'content-type': 'text/plain', 'if-match': '"0"' }
    const answer = await fetch(`${address}${path}`, { method: 'PUT', body: 'x'.repeat(3_000_000), headers })
    expect([answer.status, answer.headers.get('etag'), answer.headers.getSetCookie(), await answer.text()]).toEqual([
      207,
      '"1"',
      ['a=1', 'b=2'],
      'done',
    ])
    expect(seen).toMatchObject({
      url: path,
      method: 'PUT',
      length: 3_000_000,
      headers: { ...headers, host: new URL(address).host, 'x-correlation-id': 'request-1' },
    })
  })

  it.each([
    { expect: '100-continue' },
    { upgrade: 'h2c' },
    { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' },
  ])('hands on what comes with %o, which is between the caller and itself', async (headers) => {
    let seen = {}
    const upstream = await upstreamThat((got, answer) => {
      seen = got.headers
      answer.end()
    })
    const { address } = await consoleFor(upstream)
    expect(await statusOf(address, '/api/plans', headers)).toBe(200)
    for (const name of ['expect', 'upgrade', 'http2-settings']) expect(seen).not.toHaveProperty(name)
  })

  it('is of one origin with the service, which refuses pages of another', async () => {
    const { app: service } = await testApp({ uri: false })
    const { address } = await consoleFor(await service.listen({ host: '127.0.0.1', port: 0 }))
    const ask = (origin: string) => fetch(`${address}/api/config`, { headers: { origin } })
    expect((await ask(address)).status).toBe(200)
    expect(await (await ask('https://elsewhere.example')).json()).toMatchObject({ code: 'CROSS_SITE_REFUSED' })
    expect((await fetch(`${address}/docs/json`)).status).toBe(200)
  })

  it.each(['/metrics', '/api/../metrics', '/api/%2e%2e/metrics', '/api/..%2fmetrics'])(
    'does not hand on %s',
    async (path) => {
      let asked = 0
      const upstream = await upstreamThat((_request, answer) => {
        asked += 1
        answer.end()
      })
      const { address } = await consoleFor(upstream)
      expect(await statusOf(address, path)).toBeGreaterThanOrEqual(400)
      expect(asked).toBe(0)
    },
  )

  it('repeats nothing: an answer of 503 is one answer', async () => {
    let asked = 0
    const upstream = await upstreamThat((_request, answer) => {
      asked += 1
      answer.writeHead(503, { 'retry-after': '0' }).end('{}')
    })
    const { address } = await consoleFor(upstream)
    expect((await fetch(`${address}/api/health/ready`)).status).toBe(503)
    expect(asked).toBe(1)
  })
})

describe('a stream of events through the console', () => {
  /** A service that says one thing on a stream and stays silent; tells when its listener is gone. */
  async function streaming() {
    let gone: () => void = () => {}
    const isGone = new Promise<void>((resolve) => (gone = resolve))
    const upstream = await upstreamThat((_request, answer) => {
      answer.on('close', gone)
      answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const { app, address } = await consoleFor(upstream)
    const leaves = new AbortController()
    const answer = await fetch(`${address}/api/runs/1/events`, { signal: leaves.signal })
    const reader = answer.body?.getReader()
    const first = await reader?.read()
    return { app, leaves, isGone, reader, said: new TextDecoder().decode(first?.value) }
  }

  it('arrives event by event, and ends at the service when the page leaves', async () => {
    const { said, leaves, isGone } = await streaming()
    expect(said).toBe('data: 1\n\n')
    leaves.abort()
    await isGone
  })

  it('ends when the console ends, which does not wait for the page', async () => {
    const { app, reader, isGone } = await streaming()
    const closed = app.close()
    expect(await reader?.read()).toMatchObject({ done: true })
    await Promise.all([closed, isGone])
  })
})

describe('a console that ends', () => {
  /** A request that the API took and has not answered, through a console that is ending; `over` is when its patience is. */
  async function askedWhileEnding(head: readonly string[]) {
    const answers: ServerResponse[] = []
    const upstream = await upstreamThat((_request, answer) => void answers.push(answer))
    const waits: (() => void)[] = []
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => waits.push(() => (expect(ms).toBe(5000), resolve())))
    const { app, address, log } = await consoleFor(upstream, sleep)
    const said = sentRaw(address, head)
    await expect.poll(() => answers.length).toBe(1)
    const closed = app.close()
    await expect.poll(() => waits.length).toBe(1)
    return { said, closed, log, over: () => waits[0]?.(), answer: (text: string) => answers[0]?.end(text) }
  }

  it.each([
    ['a request', ['GET /api/config HTTP/1.1', 'Host: localhost']],
    ['a request whose body is on its way', ['POST /api/x HTTP/1.1', 'Host: localhost', 'Content-Length: 9', '', 'abc']],
  ])('tells %s that the API did not begin to answer in half of the time, and is gone', async (_what, head) => {
    const { said, closed, over, log } = await askedWhileEnding(head)
    over()
    await closed
    expect(await said).toMatch(/^HTTP\/1\.1 503 [^]*connection: close[^]*"SERVICE_BUSY"/i)
    expect(log.join('')).toContain('SERVICE_BUSY')
    expect(log.join('')).not.toContain('API_UNREACHABLE')
  })

  it('hands on what the API answers in the meantime, on a connection that is not used again', async () => {
    const { said, closed, answer } = await askedWhileEnding(['GET /api/config HTTP/1.1', 'Host: localhost'])
    answer('answered')
    await closed
    expect(await said).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*answered/i)
  })

  it('waits for the rest of an answer that has begun, and not for its connection', async () => {
    const answers: ServerResponse[] = []
    const upstream = await upstreamThat((_request, answer) => {
      answers.push(answer)
      answer.write('one ')
    })
    const { app, address } = await consoleFor(upstream)
    const asked = await fetch(`${address}/api/config`)
    const closed = app.close()
    answers[0]?.end('two')
    expect(await asked.text()).toBe('one two')
    await closed
  })

  it.each([
    ['nothing was said yet', ''],
    ['half a request came', 'GET /hea'],
  ])('does not wait for a connection on which %s', async (_what, said) => {
    const { app, address } = await consoleFor(NOBODY)
    const { hostname, port } = new URL(address)
    const accepted = once(app.server, 'connection')
    const caller = connect(Number(port), hostname)
    const ended = once(caller, 'close')
    caller.resume().write(said)
    const [socket] = (await accepted) as [Socket]
    await expect.poll(() => socket.bytesRead).toBe(said.length)
    await Promise.all([app.close(), ended])
  })
})
