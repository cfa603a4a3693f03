import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { loadSettings } from '@stage0/workspace'
import { startService } from './serve.ts'
import { SAMPLE } from './testing/test-app.ts'

async function start(overrides: Record<string, string>, change?: (folder: string) => Promise<void>) {
  const parent = await mkdtemp(join(tmpdir(), 'stage0-serve-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'repository')
  await cp(SAMPLE, folder, { recursive: true })
  await change?.(folder)
  const settings = loadSettings({ env: {}, overrides: { INPUT_FOLDER: folder, API_PORT: '0', ...overrides } })
  if (!settings.ok) throw new Error(settings.error[0]?.text)
  const started = await startService({
    settings: settings.value,
    version: '0.0.0-test',
    log: { write: () => undefined },
  })
  if (started.ok) onTestFinished(() => started.value.close())
  return started
}

async function running(overrides: Record<string, string>, change?: (folder: string) => Promise<void>) {
  const started = await start(overrides, change)
  if (!started.ok) throw new Error(started.error.message)
  return started.value
}

async function database(): Promise<string> {
  const server = await startEmbedded()
  onTestFinished(() => server.close())
  return server.uri
}

const ready = async (url: string) => {
  const response = await fetch(`${url}api/health/ready`)
  return { status: response.status, body: await response.text() }
}

describe('a service', () => {
  it('W-53: applies at the start where AUTO_PROCESS says so, and is ready then', async () => {
    const service = await running({ MONGO_CONNECTION_STRING: await database(), AUTO_PROCESS: 'true' })
    expect(await service.startUp).toBe(true)
    expect(await ready(service.url)).toMatchObject({ status: 200, body: expect.stringContaining('succeeded') })
  })

  it('W-53: is not ready, says why, and lives, when the processing at the start failed', async () => {
    const overrides = { MONGO_CONNECTION_STRING: await database(), AUTO_PROCESS: 'true' }
    const service = await running(overrides, (folder) => writeFile(join(folder, 'types/broken.yaml'), 'a: ['))
    expect(await service.startUp).toBe(false)
    expect(await ready(service.url)).toMatchObject({ status: 503, body: expect.stringContaining('REPOSITORY_INVALID') })
    expect((await fetch(`${service.url}api/health/live`)).status).toBe(200)
  })

  it('W-53: closes while the database it should process is not there yet', async () => {
    const uri = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100'
    const service = await running({ MONGO_CONNECTION_STRING: uri, AUTO_PROCESS: 'true' })
    await expect.poll(async () => (await ready(service.url)).body).toContain('TARGET_UNREACHABLE')
    await service.close()
    expect(await service.startUp).toBe(false)
  })

  it.each<[Record<string, string>, string]>([
    [{ API_HOST: '0.0.0.0' }, 'AUTH_NEEDED'],
    [{ API_HOST: '::' }, 'AUTH_NEEDED'],
    [{ AUTH_MODE: 'oidc' }, 'AUTH_MODE_UNSUPPORTED'],
  ])('W-46: does not listen with %o', async (overrides, code) => {
    expect(await start(overrides)).toMatchObject({ ok: false, error: { code } })
  })

  it('W-46: listens everywhere where that is asked for by name, and says an address that works here', async () => {
    const service = await running({ API_HOST: '0.0.0.0', AUTH_NONE_ANYWHERE: 'true' })
    expect(service.url).toMatch(/^http:\/\/localhost:\d+\/$/)
  })

  it('closes within the grace although a client holds a request open', async () => {
    const service = await running({ MONGO_CONNECTION_STRING: await database(), SHUTDOWN_GRACE: '0' })
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    const cut = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
    socket.write(
      'POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    await service.close()
    await cut
    await expect(fetch(service.url)).rejects.toThrow()
  })
})

describe('the package', () => {
  it('W-54: does nothing on import: no connection, no listening, nothing that keeps the process', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => !name.startsWith('FS')).length
    const listeners = process.eventNames().length
    await import('./index.ts')
    expect(process.getActiveResourcesInfo().filter((name) => !name.startsWith('FS')).length).toBeLessThanOrEqual(before)
    expect(process.eventNames().length).toBe(listeners)
  })
})
