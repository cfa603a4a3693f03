import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testApp } from '../testing/test-app.ts'

async function withConsole() {
  const consoleFolder = await mkdtemp(join(tmpdir(), 'stage0-console-'))
  onTestFinished(() => rm(consoleFolder, { recursive: true }))
  await mkdir(join(consoleFolder, 'assets'))
  await writeFile(join(consoleFolder, 'index.html'), '<!doctype html><title>Stage0</title>')
  await writeFile(join(consoleFolder, 'assets/main-1a2b3c.js'), 'export {}')
  await writeFile(join(consoleFolder, 'favicon.svg'), '<svg/>')
  const { app } = await testApp({ uri: false, deps: { consoleFolder } })
  return (url: string, headers: Record<string, string> = { accept: 'text/html' }, method: 'GET' | 'POST' = 'GET') =>
    app.inject({ url, method, headers })
}

describe('the console', () => {
  it.each(['/', '/index.html', '/collections/user', '/runs/1?step=2'])(
    'is what a person gets at %s, asked for each time',
    async (url) => {
      const get = await withConsole()
      const page = await get(url)
      expect([page.statusCode, page.headers['content-type'], page.headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ])
      expect(page.headers['content-security-policy']).toContain("default-src 'self'")
      expect(page.headers).not.toHaveProperty('strict-transport-security')
    },
  )

  it('has assets that are kept for ever, and others that are not', async () => {
    const get = await withConsole()
    const script = await get('/assets/main-1a2b3c.js')
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(script.headers['content-type']).toMatch(/javascript/)
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it.each<[string, Record<string, string>, 'GET' | 'POST']>([
    ['/api/nothing', { accept: 'text/html' }, 'GET'],
    ['/docs/nothing', { accept: 'text/html' }, 'GET'],
    ['/metrics/nothing', { accept: 'text/html' }, 'GET'],
    ['/assets/gone-1.js', { accept: '*/*' }, 'GET'],
    ['/assets/gone-1.js', { accept: 'text/html', 'sec-fetch-mode': 'no-cors' }, 'GET'],
    ['/collections/user', { accept: 'text/html' }, 'POST'],
    ['/../package.json', { accept: '*/*' }, 'GET'],
    ['/assets/%2e%2e/%2e%2e/package.json', { accept: '*/*' }, 'GET'],
  ])('is not what %s gets with %o', async (url, headers, method) => {
    const get = await withConsole()
    const answer = await get(url, headers, method)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'ROUTE_UNKNOWN' })
  })
})

describe('the explorer', () => {
  it('comes from the service alone, without anything inline', async () => {
    const get = await withConsole()
    const page = (await get('/docs/')).body
    expect(page).toContain('swagger-ui')
    expect(page).not.toMatch(/<style|<script(?![^>]*src=)|https?:\/\//)
    expect((await get('/docs/json')).json()).toMatchObject({ openapi: '3.1.0' })
    const begin = (await get('/docs/static/swagger-initializer.js')).body
    expect(begin).not.toMatch(/(src|href|url)\w*\s*[:=]\s*['"]https?:/i)
    // The standalone layout puts a style into the page, which the policy refuses.
    expect(begin).toMatch(/"layout":\s*"BaseLayout"/)
  })
})
