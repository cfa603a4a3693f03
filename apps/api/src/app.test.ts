import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { testApp } from './testing/test-app.ts'

describe('the frame of the service', () => {
  it('W-45: answers an unknown address, and a method that an address does not take, as problem+json', async () => {
    const { inject } = await testApp({ uri: false })
    const unknown = await inject('/api/nothing')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.json()).toMatchObject({ code: 'ROUTE_UNKNOWN', status: 404, type: '/api/errors/ROUTE_UNKNOWN' })
    const refused = await inject({ method: 'DELETE', url: '/api/errors/ROUTE_UNKNOWN' })
    expect(refused.statusCode).toBe(405)
    expect(refused.headers['allow']).toBe('GET, HEAD')
    expect(refused.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  it.each(['PROPFIND', 'SEARCH', 'LINK', 'TRACE', 'OPTIONS'])(
    'W-45: answers %s at an address that exists by 405 with Allow, elsewhere by 404',
    async (method) => {
      const { app } = await testApp({ uri: false })
      const address = await app.listen({ host: '127.0.0.1', port: 0 })
      const ask = (path: string) =>
        new Promise<{ status: number | undefined; allow: string | undefined }>((resolve, reject) => {
          const request = httpRequest(`${address}${path}`, { method }, (response) => {
            response.resume()
            resolve({ status: response.statusCode, allow: response.headers.allow })
          })
          request.on('error', reject).end()
        })
      expect(await ask('/api/runs?x=1')).toEqual({ status: 405, allow: 'GET, HEAD, POST' })
      expect(await ask('/api/types/a.yaml/')).toEqual({ status: 405, allow: 'GET, HEAD' })
      expect(await ask('/api/nothing')).toEqual({ status: 404, allow: undefined })
    },
  )

  it.each(['gzip', 'br', 'GZIP, identity'])('refuses a body that is packed (%s), read or not', async (encoding) => {
    const { inject } = await testApp({ uri: false })
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    for (const request of [
      { method: 'POST', url: '/api/plans', payload: '{}' },
      { method: 'DELETE', url: '/api/runs/some', payload: '{}' },
    ] as const) {
      const response = await inject({ ...request, headers })
      expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED'])
      expect(response.headers['accept-encoding']).toBe('identity')
    }
    expect((await inject({ url: '/api/health/live', headers: { 'content-encoding': encoding } })).statusCode).toBe(200)
    const plain = { method: 'POST', url: '/api/plans', payload: '{"a":1}' } as const
    const identity = { 'content-type': 'application/json', 'content-encoding': 'identity' }
    expect((await inject({ ...plain, headers: identity })).statusCode).toBe(400)
  })

  it('answers with a trailing slash as without', async () => {
    const { inject } = await testApp({ uri: false })
    expect((await inject('/api/errors/ROUTE_UNKNOWN/')).json()).toMatchObject({ code: 'ROUTE_UNKNOWN', status: 404 })
  })

  it('takes a request without a body that names a type all the same, where no body is needed', async () => {
    const { inject } = await testApp({ uri: false })
    const headers = { 'content-type': 'application/json', 'content-length': '0' }
    const processed = await inject({ method: 'POST', url: '/api/configurations/nothing.yaml', headers })
    expect([processed.statusCode, processed.json<{ code: string }>().code]).toEqual([404, 'FILE_NOT_FOUND'])
    const planned = await inject({ method: 'POST', url: '/api/plans', headers })
    expect([planned.statusCode, planned.json<{ code: string }>().code]).toEqual([400, 'REQUEST_INVALID'])
  })

  it('W-45: a defect answers 500 without what it was; the log has it under the number of the request', async () => {
    const defect = new Error('a defect at /srv/secret/path with mongodb://user:pass@host/')
    const snapshots = { current: () => Promise.reject(defect) }
    const { inject, logged } = await testApp({ uri: false, deps: { snapshots } })
    const response = await inject('/api/graph')
    expect(response.statusCode).toBe(500)
    const { code, instance } = response.json<{ code: string; instance: string }>()
    expect(code).toBe('SERVICE_DEFECT')
    for (const secret of ['secret', 'pass', 'app.test', 'stack']) expect(response.body).not.toContain(secret)
    expect(logged.some((line) => line.includes(instance) && line.includes('a defect'))).toBe(true)
  })

  it('W-51: an unforeseen error that quotes the connection string tells the password to nobody', async () => {
    const uri = 'mongodb://root:hu%23shed@127.0.0.1:1/'
    const quoting = Object.assign(new TypeError(`cannot use ${uri}, password hu#shed`), { input: uri })
    const target = {
      open: () => Promise.reject(quoting),
      observe: () => Promise.reject(quoting),
      forget: () => undefined,
      close: () => Promise.resolve(),
    }
    const { inject, logged } = await testApp({ uri, deps: { target } })
    const get = [
      'config',
      'health/ready',
      'health',
      'collections',
      'collections/user',
      'runs',
      'runs/some',
      'runs/some/events',
    ]
    const answers = [
      ...get.map((path) => ({ method: 'GET', url: `/api/${path}` }) as const),
      { method: 'GET', url: '/api/runs/some/events', headers: { accept: 'text/event-stream' } } as const,
      { method: 'POST', url: '/api/runs', payload: {} } as const,
      { method: 'POST', url: '/api/plans', payload: {} } as const,
      { method: 'POST', url: '/api/configurations' } as const,
      { method: 'DELETE', url: '/api/runs/some' } as const,
      { method: 'POST', url: '/api/database/drop', payload: { database: 'configurator' } } as const,
    ]
    for (const request of answers) {
      const { statusCode, body } = await inject(request)
      expect([request.url, statusCode, /hu(%23|#)shed/.test(body)]).toEqual([request.url, 500, false])
    }
    expect(logged.filter((line) => line.includes('cannot use ***')).length).toBe(answers.length)
    expect(logged.filter((line) => /hu(%23|#)shed/.test(line))).toEqual([])
  })

  it('W-55: a body above the bound is refused as such', async () => {
    const { inject } = await testApp({ uri: false })
    const payload = JSON.stringify({ scope: { collections: ['a'.repeat(300 * 1024)] } })
    const headers = { 'content-type': 'application/json' }
    const response = await inject({ method: 'POST', url: '/api/plans', headers, payload })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([413, 'BODY_TOO_LARGE'])
  })

  it('leads from each problem to what it means', async () => {
    const { inject } = await testApp({ uri: false })
    const problem = (await inject('/api/errors/NOT_A_CODE')).json<{ code: string; type: string }>()
    expect(problem.code).toBe('ERROR_CODE_UNKNOWN')
    expect((await inject(problem.type)).json()).toMatchObject({
      code: 'ERROR_CODE_UNKNOWN',
      title: 'No such error code',
    })
  })

  it('takes over a correlation id that is harmless, makes one otherwise, and logs one line under it', async () => {
    const { inject, logged } = await testApp({ uri: false })
    const given = await inject({ url: '/api/nothing', headers: { 'x-correlation-id': 'trace-7' } })
    expect(given.headers['x-correlation-id']).toBe('trace-7')
    expect(given.json()).toMatchObject({ instance: 'trace-7' })
    const made = await inject({ url: '/api/nothing', headers: { 'x-correlation-id': 'a\tb' } })
    expect(made.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(logged.filter((line) => line.includes('trace-7'))).toHaveLength(1)
  })

  it('names the schemas of its OpenAPI document', async () => {
    const { app } = await testApp({ uri: false })
    const document = app.swagger() as { openapi: string; components: { schemas: object } }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['ProblemDetails', 'ErrorDescription']),
    )
  })
})
