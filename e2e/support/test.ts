import {
  expect,
  test as base,
  type APIRequestContext,
  type BrowserContext,
  type PlaywrightWorkerArgs,
} from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import {
  change,
  copyRepository,
  SAMPLE,
  startServer,
  startService,
  type Changes,
  type RunningService,
  type TestServer,
} from './stage0.ts'

export { expect }

/** A service over a copy of a repository and a database of its own. */
export interface Stage extends RunningService {
  readonly folder: string
  readonly database: string
  readonly uri: string
  /** Requests to the API of this service, from outside the browser: what a page says is compared with it. */
  readonly api: APIRequestContext
  /** Changes files of the repository under the service. */
  change(changes: Changes): Promise<void>
  /** Ends the service at once, as a crash would, and starts another on the same address, repository and database. */
  restart(): Promise<void>
}

export interface StageOptions {
  /** The repository to copy; the sample by default. */
  readonly repository?: string
  /** What is different in the copy. */
  readonly changes?: Changes
  /** Settings of the service. */
  readonly settings?: Readonly<Record<string, string>>
  /** The name of the database; one of its own by default. */
  readonly database?: string
}

interface WorkerFixtures {
  readonly server: TestServer
}
interface PageFixtures {
  /** Foreign hosts that a page asked for; every test proves that there are none. */
  readonly foreignRequests: readonly string[]
  /** What the pages of this test wrote to the browser's console as errors, and what they threw. */
  readonly pageErrors: readonly string[]
}
interface TestFixtures extends PageFixtures {
  readonly stageOptions: StageOptions
  readonly stage: Stage
}
interface SharedFixtures {
  readonly stageOptions: StageOptions
  readonly stage: Stage
}

const DEFAULTS = { repository: SAMPLE, changes: {}, settings: {} } satisfies StageOptions
type Playwright = PlaywrightWorkerArgs['playwright']

/** Starts a service for as long as `use` takes. */
async function withStage(
  { server, stageOptions, playwright }: { server: TestServer; stageOptions: StageOptions; playwright: Playwright },
  use: (stage: Stage) => Promise<void>,
): Promise<void> {
  const options = { ...DEFAULTS, database: `e2e_${randomBytes(6).toString('hex')}`, ...stageOptions }
  const folder = await copyRepository(options.repository, options.changes)
  const { database } = options
  const settings = { repository: folder, uri: server.uri, database, settings: options.settings }
  let running = await startService(settings)
  const { url } = running
  const api = await playwright.request.newContext({ baseURL: url })
  await use({
    url,
    get process() {
      return running.process
    },
    folder,
    database,
    uri: server.uri,
    api,
    change: (changes) => change(folder, changes),
    async restart() {
      await running.process.end('SIGKILL')
      running = await startService({ ...settings, port: Number(new URL(url).port) })
    },
  })
  await api.dispose()
  await running.process.end()
  await rm(folder, { recursive: true })
}

const withServer = base.extend<object, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await startServer()
      await use(server)
      await server.end()
    },
    { scope: 'worker' },
  ],
})

type Use<Value> = (value: Value) => Promise<void>

/** Notes requests to foreign hosts, and proves at the end that there were none. */
async function watchHosts(
  { context, stage }: { context: BrowserContext; stage: Stage },
  use: Use<readonly string[]>,
): Promise<void> {
  const foreign: string[] = []
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== stage.url) foreign.push(request.url())
  })
  await use(foreign)
  expect(foreign, 'the console asks no foreign host').toEqual([])
}

/** Collects what pages write as errors, and what they throw. */
async function watchErrors({ context }: { context: BrowserContext }, use: Use<readonly string[]>): Promise<void> {
  const errors: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  context.on('weberror', (error) => errors.push(error.error().message))
  await use(errors)
}

/** Tests over a real service: `stage` is started when a test asks for it, `page` opens addresses below it. */
export const test = withServer.extend<TestFixtures>({
  stageOptions: [DEFAULTS, { option: true }],
  stage: async ({ server, stageOptions, playwright }, use) => withStage({ server, stageOptions, playwright }, use),
  baseURL: async ({ stage }, use) => use(stage.url),
  foreignRequests: [watchHosts, { auto: true }],
  pageErrors: watchErrors,
})

/** Tests that only look: one service for all of them in a worker. Files that want another repository say so at their top. */
export const sharedTest = withServer.extend<PageFixtures, SharedFixtures>({
  stageOptions: [DEFAULTS, { option: true, scope: 'worker' }],
  stage: [
    async ({ server, stageOptions, playwright }, use) => withStage({ server, stageOptions, playwright }, use),
    { scope: 'worker' },
  ],
  baseURL: async ({ stage }, use) => use(stage.url),
  foreignRequests: [watchHosts, { auto: true }],
  pageErrors: watchErrors,
})
