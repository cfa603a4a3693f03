import { request as httpRequest } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from './testing/test-app.ts'

const ends: (() => Promise<void>)[] = []
let service: TestApp
let port = 0
beforeAll(async () => {
  service = await testApp({
    uri: false,
    settings: { RATE_LIMIT: '0' },
    deps: { limits: { headersMs: 700, requestMs: 1000, keepAliveMs: 500, lookMs: 100, connections: 200 } },
    atEnd: (end) => void ends.unshift(end),
  })
  await service.app.listen({ host: '127.0.0.1', port: 0 })
  port = (service.app.server.address() as AddressInfo).port
})
afterAll(async () => {
  for (const end of ends) await end()
})

/** Sends bytes as they are; everything that comes back until the connection ends. */
function raw(bytes: string | Buffer, then?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      then?.(socket)
    })
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text))
    // A connection that is cut off has said what it had to say.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

const get = (target: string, headers = '') =>
  raw(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`, 'latin1'))
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? Number.NaN)
const isAlive = async () => statusOf(await get('/api/health/live')) === 200

/** Ways to leave a folder, to name something else than a file, or to be misread. */
const CORES = [
  '..', '../..', '../../../../etc/passwd', '..\\..\\windows', './x', '.', '....//', '..;/x', '%2e%2e', '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%2f..%2fetc%2fpasswd', '..%5c..%5cx', '%252e%252e%252f', '%c0%ae%c0%ae%c0%af', '%e0%80%ae', '%uff0e%uff0e', '%00', 'user.yaml%00.json',
  '%0d%0aSet-Cookie:x=1', '%0a', '%7f', '%ff%fe', '%f0%9f%98%80', 'CON', 'con.yaml', 'NUL', 'aux.json', 'COM1', 'LPT9.yaml', 'PRN',
  'user.yaml.', 'user.yaml%20', '%20user.yaml', 'user.yaml::$DATA', 'C:%5cx', '%2fetc%2fpasswd', '~', '~root', '$HOME', '`id`', '%24%28id%29',
  '*', '%3f', '%23', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '.git', '.env', '.stage0', '%2e', '-rf', '--help', '%u0000',
  'a'.repeat(300), 'a'.repeat(2000), '%61'.repeat(500), '%2e'.repeat(300), '..%2f'.repeat(100), 'x%', '%zz', '%2', '%e2%80%ae', 'caf%c3%a9', 'cafe%cc%81',
] // prettier-ignore

const NAME_ROUTES = [
  '/api/dictionaries/@', '/api/types/@', '/api/enumerators/@', '/api/test_data/@', '/api/migrations/@', '/api/configurations/@',
  '/api/collections/@', '/api/collections/@/versions/1.0.0.1', '/api/collections/user/versions/@', '/api/runs/@', '/api/plans/@',
  '/api/dictionaries/@/usages', '/api/configurations/json_schema/@/latest', '/api/errors/@', '/@', '/docs/static/@', '/.well-known/@',
] // prettier-ignore

describe('hostile requests over a socket', () => {
  it.each(NAME_ROUTES)(
    `W-51: ${CORES.length} path tricks in %s get a clear refusal that tells no path`,
    async (route) => {
      const secrets = [service.folder, 'root:x:0', 'node_modules', '/src/', '    at ']
      for (const core of CORES) {
        const answer = await get(route.replace('@', core))
        expect([core, statusOf(answer)]).toEqual([
          core,
          expect.toSatisfy((status: number) => (status >= 400 && status < 500) || status === 503),
        ])
        expect(secrets.filter((secret) => answer.includes(secret))).toEqual([])
      }
      expect(await isAlive()).toBe(true)
    },
  )

  it.each<[string, string, number]>([
    ['no HTTP at all', '\x16\x03\x01\x02\x00', 400],
    ['a method that nobody knows', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['no host', 'GET /api/health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'an expectation that nobody meets',
      'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      417,
    ],
    ['an empty host', 'GET /api/health/live HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n', 403],
    ['two hosts of one header', 'GET /api/health/live HTTP/1.1\r\nHost: a, b\r\nConnection: close\r\n\r\n', 403],
    ['headers beyond the bound', `GET / HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(5000)}\r\n`, 431],
    ['one endless header', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['an endless address', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
    ],
    [
      'a length and chunks (smuggling)',
      'POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      400,
    ],
  ])('W-55: %s: a clear refusal', async (_, bytes, status) => {
    const answer = await raw(bytes)
    expect(statusOf(answer)).toBe(status)
    expect(answer).toMatch(/^content-type: application\/problem\+json/im)
    expect(JSON.parse(answer.split('\r\n\r\n', 2)[1] ?? '')).toMatchObject({
      status,
      type: expect.stringMatching(/^\/api\/errors\//),
    })
    if (status === 431) expect(answer).toContain('HEADERS_TOO_LARGE')
    expect(await isAlive()).toBe(true)
  })

  it.each([
    ['headers', 'GET /api/health/live HTTP/1.1\r\nHost: loc'],
    [
      'a body',
      'POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    ],
  ])('W-55: %s that never arrive whole are given up', async (_, bytes) => {
    const answer = await raw(bytes)
    expect(statusOf(answer)).toBe(408)
    expect(answer).toContain('REQUEST_TIMEOUT')
    expect(await isAlive()).toBe(true)
  })

  it('W-55: a huge body is refused without being kept', async () => {
    const before = process.memoryUsage().rss
    const status = await new Promise<number>((resolve) => {
      const request = httpRequest({
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/api/plans',
        headers: { 'content-type': 'application/json' },
      })
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      request.on('error', () => resolve(413))
      const chunk = Buffer.alloc(1 << 20, 0x20)
      const more = (left: number): void => {
        if (left > 0 && !request.destroyed) request.write(chunk, () => more(left - 1))
      }
      more(200)
    })
    expect(status).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20)
    expect(await isAlive()).toBe(true)
  })

  it('W-55: a body that nests too deep, and one that is not JSON, are refused', async () => {
    const post = (payload: string, type = 'application/json') =>
      service.inject({ method: 'POST', url: '/api/plans', payload, headers: { 'content-type': type } })
    for (const payload of [
      '['.repeat(100_000),
      '{"a":'.repeat(65) + '1' + '}'.repeat(65),
      '{"__proto__":{}}',
      '{',
      '',
      'null',
    ]) {
      expect((await post(payload)).statusCode).toBe(400)
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ]) {
      expect((await post('{}', type)).json()).toMatchObject({ code: 'MEDIA_TYPE_UNSUPPORTED', status: 415 })
    }
  })

  it('W-55: of very many connections the ones beyond the bound are closed, and the service lives', async () => {
    const idle = Array.from({ length: 400 }, () => raw(''))
    await Promise.all(idle)
    expect(await isAlive()).toBe(true)
  })
})

describe('requests of foreign pages', () => {
  const send = (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST', url = '/api/configurations') =>
    service.inject({ method, url, headers: { host: 'localhost:8081', ...headers } })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:3000' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a page that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site', { 'sec-fetch-site': 'same-site' }],
    ['a form of another site', { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }],
  ])('W-46: from %s are refused', async (_, headers) => {
    expect((await send(headers)).json()).toMatchObject({ code: 'CROSS_SITE_REFUSED', status: 403 })
  })

  it('W-46: a link of a foreign page may lead to a page, and to nothing else', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await send(link, 'GET', '/docs/')).statusCode).toBe(200)
    expect((await send({ ...link, 'sec-fetch-dest': 'iframe' }, 'GET', '/docs/')).statusCode).toBe(403)
    expect((await send(link)).statusCode).toBe(403)
  })

  it.each([
    'evil.example',
    'evil.example:8081',
    'localhost.evil.example',
    'evil@localhost',
    '127.0.0.1.evil.example',
    'a b',
  ])('W-46: to the name "%s" are refused (DNS rebinding)', async (host) => {
    expect((await send({ host }, 'GET', '/api/health/live')).json()).toMatchObject({
      code: 'HOST_NOT_ALLOWED',
      status: 403,
    })
  })

  it.each(['localhost', 'localhost:8081', '127.0.0.1:8081', '[::1]:8081', '192.168.0.7', 'stage0.localhost'])(
    'come to "%s" as usual',
    async (host) => expect((await send({ host }, 'GET', '/api/health/live')).statusCode).toBe(200),
  )

  it('of the console itself, of scripts, and of what is allowed by settings pass', async () => {
    const own = await send(
      { origin: 'http://localhost:8081', 'sec-fetch-site': 'same-origin' },
      'GET',
      '/api/health/live',
    )
    const script = await send({}, 'GET', '/api/health/live')
    const { inject } = await testApp({
      uri: false,
      settings: { API_ALLOWED_HOSTS: 'stage0.example', API_ALLOWED_ORIGINS: 'https://tools.example' },
    })
    const headers = { host: 'stage0.example', origin: 'https://tools.example' }
    const allowed = await inject({ url: '/api/health/live', headers })
    expect([own.statusCode, script.statusCode, allowed.statusCode]).toEqual([200, 200, 200])
  })

  it('W-55: one client that asks too often is told to wait; health still answers', async () => {
    const { inject } = await testApp({ uri: false, settings: { RATE_LIMIT: '3' } })
    for (let i = 0; i < 3; i += 1) expect((await inject('/api/errors/USAGE')).statusCode).toBe(200)
    const refused = await inject('/api/errors/USAGE')
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await inject('/api/health/live')).statusCode).toBe(200)
  })
})
