import { cp, mkdtemp, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { holderOf, isGone, loadSettings, systemClock, type SettingName, type Settings } from '@stage0/workspace'
import { buildApp } from '../app.ts'
import type { AppDeps } from '../deps.ts'
import { RepositorySnapshots } from '../sources/snapshot-source.ts'
import { connectBySettings, SharedTarget } from '../sources/target-source.ts'
import { responseJudge } from './validate-responses.ts'

/** The sample repository of the project. */
export const SAMPLE = fileURLToPath(new URL('../../../../packages/templates/sample', import.meta.url))

type AtEnd = (end: () => Promise<void>) => void

export interface TestAppOptions {
  /** Copied, so that a test may change its files. The sample by default. */
  readonly repository?: string
  readonly settings?: Readonly<Partial<Record<SettingName, string>>>
  /** In place of the parts that are made here. */
  readonly deps?: Partial<AppDeps>
  /** In place of an embedded database of its own; `false`: an address where nobody listens. */
  readonly uri?: string | false
  /** Takes what is to be done when the service is no longer needed: at the end of the test by default. */
  readonly atEnd?: AtEnd
}

export interface TestApp {
  readonly app: FastifyInstance
  readonly deps: AppDeps
  /** The folder of the repository, a copy. */
  readonly folder: string
  readonly uri: string
  /** Sends a request and proves that the answer is as the OpenAPI document says. */
  inject(options: InjectOptions | string): Promise<LightMyRequestResponse>
  /** Log lines so far. */
  readonly logged: readonly string[]
}

const NOBODY = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300'

/** The service over a repository and a database of its own, gone with the test. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const atEnd = options.atEnd ?? onTestFinished
  const folder = await copyOf(options.repository ?? SAMPLE, atEnd)
  const uri = options.uri === false ? NOBODY : (options.uri ?? (await ownDatabase(atEnd)))
  const settings = settingsFor({ INPUT_FOLDER: folder, MONGO_CONNECTION_STRING: uri, ...options.settings })
  const logged: string[] = []
  const deps: AppDeps = {
    settings,
    version: '0.0.0-test',
    snapshots: new RepositorySnapshots(settings, () => new Date()),
    target: new SharedTarget({ connect: connectBySettings(settings, 'stage0-test'), now: () => new Date() }),
    clock: systemClock,
    newId: randomUUID,
    holder: (command, runId) => ({ ...holderOf(command), runId }),
    isGone,
    log: { write: (line) => void logged.push(line) },
    ...options.deps,
  }
  const app = await buildApp(deps)
  atEnd(async () => {
    await app.close()
    await deps.target.close()
  })
  return { app, deps, folder, uri, logged, inject: checkedInject(app) }
}

function checkedInject(app: FastifyInstance): TestApp['inject'] {
  const judge = responseJudge(app)
  return async (given) => {
    const request: InjectOptions = typeof given === 'string' ? { url: given } : given
    const response = await app.inject(request)
    const wrong = judge(request.method ?? 'GET', addressOf(request), response)
    if (wrong !== undefined) throw new Error(wrong)
    return response
  }
}

const addressOf = ({ url, path }: InjectOptions): string => {
  const address = url ?? path ?? '/'
  return typeof address === 'string' ? address : address.pathname
}

const settingsFor = (overrides: Readonly<Partial<Record<SettingName, string>>>): Settings => {
  const loaded = loadSettings({ env: {}, overrides })
  if (!loaded.ok) throw new Error(loaded.error.map(({ text }) => text).join('\n'))
  return loaded.value
}

async function ownDatabase(atEnd: AtEnd): Promise<string> {
  const server = await startEmbedded()
  atEnd(() => server.close())
  return server.uri
}

async function copyOf(repository: string, atEnd: AtEnd): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'stage0-api-'))
  atEnd(() => rm(parent, { recursive: true, force: true }))
  const folder = join(parent, 'repository')
  await cp(repository, folder, { recursive: true })
  return folder
}
