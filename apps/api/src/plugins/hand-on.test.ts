import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { selfSigned } from '../testing/certificate.ts'
import { consoleFor, listening, sentRaw, upstreamThat } from '../testing/console-for.ts'
import { METRICS_ADDRESSES } from '../routes/service/metrics.ts'
import { testApp } from '../testing/test-app.ts'

/** An API that remembers what it is asked. */
async function remembering(answerHead: Readonly<Record<string, string>> = {}) {
  const seen: { url?: string | undefined; headers: IncomingHttpHeaders }[] = []
  const upstream = await upstreamThat(({ url, headers }, answer) => {
    seen.push({ url, headers })
    answer.writeHead(200, answerHead).end('answered')
  })
  return { ...(await consoleFor(upstream)), upstream, seen }
}

/** The letters of an address, each as an escape. */
const escaped = (address: string): string =>
  address.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)

describe('an API that is reached by TLS', () => {
  it('is not believed with a certificate that nobody vouches for, and is asked by its own name', async () => {
    let asked = 0
    const names: string[] = []
    const SNICallback = (name: string, done: (error: null) => void): void => {
      names.push(name)
      done(null)
    }
    const server = createTlsServer({ ...selfSigned('localhost'), SNICallback }, (_request, answer) => {
      asked += 1
      answer.end()
    })
    const { address, log } = await consoleFor(`https://localhost:${await listening(server)}`)
    const head = ['GET /api/config HTTP/1.1', 'Host: stage0.example', 'Connection: close']
    expect(await sentRaw(address, head)).toMatch(/^HTTP\/1\.1 502 [^]*"API_UNREACHABLE"/)
    expect([asked, names]).toEqual([0, ['localhost']])
    expect(log.join('')).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
  })
})

describe('what is told of an API that cannot be reached', () => {
  it('is where it is, and why, in the log alone', async () => {
    const { address, log } = await consoleFor('http://127.0.0.1:1')
    const text = await (await fetch(`${address}/api/config`)).text()
    expect(text).not.toContain('127.0.0.1:1')
    expect(log.join('')).toContain('http://127.0.0.1:1')
    expect(log.join('')).toContain('ECONNREFUSED')
  })

  it.each([
    ['ends the connection', ''],
    ['answers with a status that there is not', 'HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'],
    ['speaks another protocol', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'],
    ['does not speak HTTP', 'SSH-2.0\r\n'],
  ])('is the same where it %s', async (_what, said) => {
    const upstream = await upstreamThat(({ socket }) => void socket.end(said))
    const { address } = await consoleFor(upstream)
    const answer = await fetch(`${address}/api/plans`, { method: 'POST', body: 'x' })
    expect([answer.status, await answer.json()]).toMatchObject([502, { code: 'API_UNREACHABLE' }])
  })
})

describe('many streams of events', () => {
  it('leave room for requests: 200 of them, and one is answered', async () => {
    const upstream = await upstreamThat(({ url }, answer) => {
      if (url?.endsWith('/events') !== true) return void answer.end('answered')
      answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    })
    const { address } = await consoleFor(upstream)
    const streams = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const asked = get(`${address}/api/runs/1/events`, { agent: false })
        const [stream] = (await once(asked, 'response')) as [IncomingMessage]
        await once(stream, 'data')
        return stream.on('error', () => {})
      }),
    )
    onTestFinished(() => streams.forEach((stream) => stream.destroy()))
    expect(await (await fetch(`${address}/api/config`)).text()).toBe('answered')
  })
})

describe('a request that is handed on', () => {
  it.each([
    ['none', ['GET /api/config HTTP/1.0']],
    ['none, though it must be there', ['GET /api/config HTTP/1.1', 'Connection: close']],
    ['an empty one', ['GET /api/config HTTP/1.1', 'Host:', 'Connection: close']],
  ])('names its host: with %s it is refused', async (_what, head) => {
    const { address, seen } = await remembering()
    expect(await sentRaw(address, head)).toMatch(/^HTTP\/1\.1 400 [^]*"REQUEST_INVALID"/)
    expect(seen).toEqual([])
  })

  it('expects nothing that nobody meets, and may ask first whether its body is wanted', async () => {
    const { address, seen } = await remembering()
    const head = ['POST /api/config HTTP/1.1', 'Host: localhost', 'Connection: close', 'Content-Length: 3']
    expect(await sentRaw(address, [...head, 'Expect: tea'])).toMatch(/^HTTP\/1\.1 417 [^]*"REQUEST_INVALID"/)
    expect(seen).toEqual([])
    expect(await sentRaw(address, [...head, 'Expect: 100-continue', '', 'abc'])).toMatch(/100 Continue[^]*200 OK/)
  })

  it('keeps what the service judges it by, though Connection names it', async () => {
    const { app: service } = await testApp({ uri: false })
    const { address } = await consoleFor(await service.listen({ host: '127.0.0.1', port: 0 }))
    const ask = (line: string, name: string) =>
      sentRaw(address, ['GET /api/config HTTP/1.1', 'Host: localhost', line, `Connection: close, ${name}`])
    expect(await ask('Origin: https://elsewhere.example', 'origin')).toContain('CROSS_SITE_REFUSED')
    expect(await ask('Sec-Fetch-Site: cross-site', 'sec-fetch-site')).toContain('CROSS_SITE_REFUSED')
    expect(await ask('X-Other: 1', 'host')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('keeps who it is from, and loses what was agreed for its own connection', async () => {
    const { address, seen } = await remembering()
    const lost = {
      'keep-alive': '5',
      'proxy-authorization': 'Basic eDp5',
      'proxy-connection': 'keep-alive',
      'http2-settings': 'AAMAAABk',
      te: 'trailers',
      trailer: 'x-sum',
      'x-named': '1',
    }
    const kept = { cookie: 'session=1', authorization: 'Bearer 1', 'if-match': '"1"', 'x-correlation-id': 'given-1' }
    const lines = Object.entries({ ...lost, ...kept }).map(([name, value]) => `${name}: ${value}`)
    const named = `Connection: close, X-Named, ${Object.keys(kept).join(', ')}`
    const said = await sentRaw(address, ['GET /api/config HTTP/1.1', 'Host: localhost', ...lines, named])
    expect(said).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen[0]?.headers).toMatchObject(kept)
    for (const name of Object.keys(lost)) expect(seen[0]?.headers).not.toHaveProperty(name)
  })

  it.each([
    '/api/collections/..foo',
    '/api/collections/foo..',
    '/api/\\evil',
    '/api/%5Cevil',
    '/api//x',
    '/api/a%252e/b?c=../d',
  ])('asks for %s as it was written', async (path) => {
    const { address, seen } = await remembering()
    await sentRaw(address, [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'])
    expect(seen.map(({ url }) => url)).toEqual([path])
  })

  it.each(['/api/..\\metrics', '/api/.%2e', '/api/x/./y', '/api/%ff', 'http://elsewhere.example/api/config'])(
    'does not ask for %s, which leads elsewhere',
    async (path) => {
      const { address, seen } = await remembering()
      const said = await sentRaw(address, [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close'])
      expect(said).toMatch(/^HTTP\/1\.1 400 /)
      expect(seen).toEqual([])
    },
  )

  it.each(['gzip, chunked', 'chunked, chunked', 'gzip'])(
    'has no other coding for its way than chunks: %s',
    async (coding) => {
      const { address, seen } = await remembering()
      const head = ['POST /api/x HTTP/1.1', 'Host: localhost', 'Connection: close', `Transfer-Encoding: ${coding}`]
      expect(await sentRaw(address, [...head, '', '3', 'abc', '0'])).toMatch(/^HTTP\/1\.1 (?:400|501) /)
      expect(seen).toEqual([])
    },
  )

  it('may have a body without a length, with any method', async () => {
    let body = ''
    const upstream = await upstreamThat((got, answer) => {
      got.on('data', (part: Buffer) => (body += part.toString()))
      got.on('end', () => answer.end(got.headers['transfer-encoding']))
    })
    const { address } = await consoleFor(upstream)
    const head = ['DELETE /api/x HTTP/1.1', 'Host: localhost', 'Connection: close', 'Transfer-Encoding: chunked']
    expect(await sentRaw(address, [...head, '', '3', 'abc', '0'])).toMatch(/^HTTP\/1\.1 200 [^]*chunked/)
    expect(body).toBe('abc')
  })
})

describe('the metrics of the service', () => {
  const spellings = Object.values(METRICS_ADDRESSES).flatMap((address) => [
    ...[address, `${address}/`, `${address}?a=1`, `${address}#a`, `${address};a=1`, `${address}/.`, `${address}%2f`],
    ...[`/${address}`, address.replaceAll('/', '//'), address.replaceAll('/', '%2F'), address.replaceAll('/', '\\')],
    ...[
      address.toUpperCase(),
      `/api${address}/../../..${address}`,
      `/api/x/%2e%2e/..${address}`,
      `/api/%2f..${address}`,
    ],
    ...[`/docs/..${address}`, `/api/%252e%252e${address}`, `http://elsewhere.example${address}`],
    ...['%3Fa', '%23a', '%00', '%20', '%253Fa', '%5c'].map((end) => address + end),
    ...[escaped(address), escaped(address).replaceAll('%', '%25')],
  ])
  const others = ['/api/health/', '/api//health', '/api/%2fhealth', '/%61pi/%68ealth', '/api/HEALTH', '/api/health;a/']
  const written = [...spellings, ...others, '/api/%2568ealth', '/api/x/%252e%252e/health', '/api/health%253bx']

  it('are not handed on, however their addresses are written', async () => {
    const { address, seen } = await remembering()
    const answers = written.map(async (target) => {
      const said = await sentRaw(address, [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close'])
      return [target, said.slice(0, 12)]
    })
    for (const [target, status] of await Promise.all(answers)) {
      expect.soft(status, target).toMatch(/^HTTP\/1\.1 40[04]$/)
    }
    for (const method of ['HEAD', 'OPTIONS', 'POST']) {
      const said = await sentRaw(address, [`${method} /api/health HTTP/1.1`, 'Host: localhost', 'Connection: close'])
      expect.soft(said, method).toMatch(/^HTTP\/1\.1 404 /)
    }
    expect(seen).toEqual([])
  })

  it('answer to who reaches the service itself, and are nothing to who asks the console', async () => {
    const { app: service } = await testApp({ uri: false })
    const { address } = await consoleFor(await service.listen({ host: '127.0.0.1', port: 0 }))
    for (const metrics of Object.values(METRICS_ADDRESSES)) {
      expect((await service.inject(metrics)).body).toContain('stage0_build_info')
      const answer = await fetch(address + metrics)
      expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'ROUTE_UNKNOWN' }])
    }
  })

  it('keep no other address', async () => {
    const { address, seen } = await remembering()
    const others = [
      '/api/health/live',
      '/api/health/ready',
      '/api/healthy',
      '/api/collections/health',
      '/docs/api/health',
    ]
    for (const target of others) expect((await fetch(address + target)).status).toBe(200)
    expect(seen.map(({ url }) => url)).toEqual(others)
  })
})

describe('an answer that is handed on', () => {
  it('loses what the service agreed for its own connection', async () => {
    const { address } = await remembering({
      connection: 'close, x-inner',
      'x-inner': '1',
      'keep-alive': 'timeout=99',
      'proxy-authenticate': 'Basic',
      'x-correlation-id': 'another',
      etag: '"1"',
    })
    const said = await sentRaw(address, ['GET /api/config HTTP/1.1', 'Host: localhost', 'Connection: close'])
    expect(said).not.toMatch(/^(?:x-inner|proxy-authenticate|keep-alive):/im)
    expect(said).toMatch(/^etag: "1"\r$/im)
    expect(said.match(/^x-correlation-id: .*$/gim)).toEqual(['x-correlation-id: request-1'])
  })

  it('comes while the body is still on its way, and is the last on its connection', async () => {
    const upstream = await upstreamThat((_request, answer) => void answer.writeHead(413).end('too large'))
    const { address } = await consoleFor(upstream)
    const { hostname, port } = new URL(address)
    const socket = connect(Number(port), hostname)
    onTestFinished(() => void socket.destroy())
    socket.write('PUT /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc')
    let said = ''
    socket.on('data', (part) => (said += part.toString()))
    await once(socket, 'end')
    expect(said).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*too large/)
  })

  it('has nothing else in it where the request turns out to be broken: the connection ends', async () => {
    const upstream = await upstreamThat((_request, answer) => void answer.writeHead(200).write('begun'))
    const { address } = await consoleFor(upstream)
    const { hostname, port } = new URL(address)
    const socket = connect(Number(port), hostname).on('error', () => {})
    onTestFinished(() => void socket.destroy())
    let said = ''
    socket.on('data', (part) => (said += part.toString()))
    const ended = once(socket, 'close')
    socket.write('PUT /api/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
    await expect.poll(() => said).toContain('begun')
    socket.write('no chunk\r\n')
    await ended
    expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200'])
  })

  it('that breaks off is broken off, not complete', async () => {
    const upstream = await upstreamThat((_request, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' }).write('{"a":', () => answer.destroy())
    })
    const { address } = await consoleFor(upstream)
    await expect(fetch(`${address}/api/config`).then((answer) => answer.text())).rejects.toThrow()
  })
})
