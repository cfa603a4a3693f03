import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stage0, startStage0, type RunOptions } from './testing/run-command.ts'
import { copyOf, SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'
import { testDatabase } from './testing/test-database.ts'

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//

/** Starts a verb that serves, and gives its address when it says it. */
async function serving(args: readonly string[], options?: RunOptions) {
  const running = startStage0(args, options)
  onTestFinished(() => void running.child.kill('SIGKILL'))
  let stdout = ''
  running.child.stdout?.on('data', (text: string) => (stdout += text))
  await running.saying(/Serving until Ctrl-C/)
  // Two pipes keep no order between them: the address may come after what was printed later.
  await running.saying(ADDRESS)
  const url = ADDRESS.exec(stdout)?.[0] ?? ''
  return { ...running, url, get: async (path: string) => (await fetch(`${url}${path}`)).json() }
}

describe('serve', () => {
  it('serves the API for a repository and a database, and ends with 0 on a signal', async () => {
    const { uri, name } = await testDatabase()
    const args = ['serve', '--repository', SAMPLE, '--uri', uri, '--database', name, '--port', '0']
    const { child, ended, get, url } = await serving(args)
    expect(await get('api/health/ready')).toMatchObject({ status: 'ready' })
    expect(await get('api/collections')).toMatchObject({
      items: [{ name: 'organization', state: 'behind' }, { name: 'user' }],
    })
    // The files of the explorer come along with the command, which is one file where its libraries were many.
    for (const file of ['docs/', 'docs/static/swagger-ui.css', 'docs/static/logo.svg'])
      expect((await fetch(new URL(file, url))).status).toBe(200)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('W-53: applies at the start where AUTO_PROCESS says so, and is ready then', async () => {
    const { uri, name, documents } = await testDatabase()
    const environment = {
      AUTO_PROCESS: 'true',
      MONGO_CONNECTION_STRING: uri,
      MONGO_DB_NAME: name,
      INPUT_FOLDER: SAMPLE,
    }
    const { get } = await serving(['serve', '--port', '0'], { environment })
    await expect.poll(() => get('api/health/ready'), { timeout: 30_000 }).toMatchObject({ status: 'ready' })
    expect(await documents('CollectionVersions')).toHaveLength(2)
  })

  it('is a batch job with EXIT_AFTER_PROCESSING', async () => {
    const { uri, name, documents } = await testDatabase()
    const environment = {
      AUTO_PROCESS: 'true',
      EXIT_AFTER_PROCESSING: 'true',
      MONGO_CONNECTION_STRING: uri,
      MONGO_DB_NAME: name,
      INPUT_FOLDER: SAMPLE,
    }
    const ended = await startStage0(['serve'], { environment }).ended
    expect(ended.code).toBe(0)
    expect(await documents('CollectionVersions')).toHaveLength(2)
  })

  it('W-46: does not listen where others can reach it without a sign-in: exit 64', async () => {
    const ended = await startStage0(['serve', '--repository', SAMPLE, '--host', '0.0.0.0', '--port', '0']).ended
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('AUTH_NEEDED')])
  })

  it('says so when the port is taken: exit 64', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const ended = await startStage0(['serve', '--repository', SAMPLE, '--port', port]).ended
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('PORT_UNUSABLE')])
  })
})

describe('console', () => {
  it('serves the console for an API elsewhere, and ends with 0 on a signal', async () => {
    const { uri, name } = await testDatabase()
    const api = await serving(['serve', '--repository', SAMPLE, '--uri', uri, '--database', name, '--port', '0'])
    const { child, ended, get, url } = await serving(['console', '--api', api.url, '--port', '0'])
    expect(await get('api/collections')).toMatchObject({ items: [{ name: 'organization' }, { name: 'user' }] })
    expect(await (await fetch(new URL('health', url))).json()).toEqual({ status: 'ok' })
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('ends with 0 on a signal though the API took a request and never answers, and tells who asked', async () => {
    let asked: () => void = () => {}
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    const silent = createServer((socket) => void socket.on('error', () => {}).once('data', asked))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const { child, ended, url } = await serving(['console', '--api', `http://127.0.0.1:${port}`, '--port', '0'], {
      environment: { SHUTDOWN_GRACE: '4' },
    })
    const answered = fetch(new URL('api/config', url))
    await isAsked
    // As a browser opens them in advance.
    const unused = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
    await once(unused, 'connect')
    child.kill('SIGTERM')
    const answer = await answered
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'SERVICE_BUSY' }])
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('API_UNREACHABLE')])
  })

  it.each([
    ['the path of an address', ['--api', 'http://127.0.0.1:8081/api'], 'SETTING_INVALID'],
    ['an address that others can reach, without a sign-in', ['--host', '0.0.0.0'], 'AUTH_NEEDED'],
  ])('refuses %s: exit 64', async (_what, args, code) => {
    const ended = await startStage0(['console', '--port', '0', ...args]).ended
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining(code)])
  })
})

describe('start', () => {
  it('serves with --serve after it has configured, and ends with 0 on a signal', async () => {
    const { child, ended, get } = await serving(['start', '--serve', '--port', '0'])
    expect(await get('api/collections')).toMatchObject({ items: [{ state: 'in sync' }, { state: 'in sync' }] })
    expect(await get('api/config')).toMatchObject({ capabilities: { environment: 'local' } })
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })
})

describe('an embedded database with a data folder', () => {
  it('start finds its data again the next time, and serve too', async () => {
    const folder = await temporaryFolder()
    const data = join(folder, 'data')
    const start = (...more: readonly string[]) =>
      stage0(['start', '--no-serve', ...more], { folder, environment: { EMBEDDED_DATA: 'data' } })
    const first = await start()
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining(`embedded, in ${data}`)])
    expect(first.stdout).toContain('Run succeeded')
    const again = await start('--json')
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { ok: true, steps: 0 }])

    const environment = { EMBEDDED_DATA: data }
    const served = await serving(['serve', '--repository', SAMPLE, '--port', '0'], { environment })
    expect(await served.get('api/collections')).toMatchObject({ items: [{ state: 'in sync' }, { state: 'in sync' }] })
    served.child.kill('SIGTERM')
    expect((await served.ended).code).toBe(0)
    const batch = { ...environment, AUTO_PROCESS: 'true', EXIT_AFTER_PROCESSING: 'true' }
    const ended = await stage0(['serve', '--repository', SAMPLE, '--json'], { environment: batch })
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { steps: 0 }])
  })

  it('asks before it changes data of before: without a terminal nothing is changed, exit 6', async () => {
    const folder = await temporaryFolder()
    const older = await copyOf(SAMPLE)
    const file = join(older, 'configurations', 'organization.yaml')
    const [first = ''] = (await readFile(file, 'utf8')).split('  - version: 1.1.0.2')
    await writeFile(file, first)
    const start = (repository: string, environment = {}) =>
      stage0(['start', '--no-serve', '--data', 'data', '--repository', repository], { folder, environment })
    expect((await start(older)).code).toBe(0)
    const unasked = await start(SAMPLE)
    expect([unasked.code, unasked.stderr]).toEqual([6, expect.stringContaining('CONFIRMATION_NEEDED')])
    expect((await start(SAMPLE, { AUTO_PROCESS: 'true' })).stdout).toContain('Run succeeded')
  })

  it.each(['start', 'serve'])(
    'is not guessed by %s where a connection string is given as well: exit 64',
    async (verb) => {
      const environment = { EMBEDDED_DATA: 'data', MONGO_CONNECTION_STRING: 'mongodb://127.0.0.1:27017/' }
      const ended = await stage0([verb, '--repository', SAMPLE, '--json'], { environment })
      expect([ended.code, ended.stdout]).toEqual([64, expect.stringContaining('both say where the database is')])
    },
  )
})
