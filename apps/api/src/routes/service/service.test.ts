import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Readiness, ServiceConfig } from '@stage0/types'
import type { TargetSource } from '../../deps.ts'
import { SAMPLE, testApp } from '../../testing/test-app.ts'

const NEVER = new Promise<never>(() => {})

/** A database that takes every connection and answers nothing. */
const SILENT: TargetSource = {
  open: () => NEVER,
  observe: () => NEVER,
  forget: () => undefined,
  close: async () => undefined,
}

/** Whatever is waited for with a bound is late at once. */
const IMPATIENT = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => undefined }

const checkOf = (readiness: Readiness, name: string) => readiness.checks.find((check) => check.name === name)

describe('health', () => {
  it('is ready with a readable repository and a database that answers', async () => {
    const { inject } = await testApp()
    const ready = await inject('/api/health/ready')
    expect(ready.statusCode).toBe(200)
    expect(ready.json<Readiness>()).toMatchObject({ status: 'ready', checks: [{ ok: true }, { ok: true }] })
  })

  it('W-53: names the database that is down, and lives', async () => {
    const { inject } = await testApp({ uri: false })
    expect((await inject('/api/health/live')).json()).toEqual({ status: 'live' })
    const ready = await inject('/api/health/ready')
    expect(ready.statusCode).toBe(503)
    expect(checkOf(ready.json(), 'database')).toMatchObject({ ok: false })
    expect(checkOf(ready.json(), 'repository')).toMatchObject({ ok: true })
  })

  it.each(['/api/health/ready', '/metrics', '/api/health', '/api/config'])(
    'W-53: %s answers while the database says nothing at all',
    async (url) => {
      const { inject } = await testApp({ uri: false, deps: { target: SILENT, clock: IMPATIENT } })
      const answer = await inject(url)
      expect([200, 503]).toContain(answer.statusCode)
      expect(answer.body).not.toMatch(/^stage0_database_up 1$/m)
    },
  )

  it('is not ready without a repository, and does not tell where it was looked for', async () => {
    const { inject } = await testApp({ settings: { INPUT_FOLDER: '/nowhere/at/all' } })
    const ready = await inject('/api/health/ready')
    expect(checkOf(ready.json(), 'repository')).toMatchObject({ ok: false, text: 'REPOSITORY_NOT_FOUND' })
    expect(ready.body).not.toContain('nowhere')
  })

  it.each([
    [{ done: false, ok: false, text: 'at work' }, 503],
    [{ done: true, ok: false, text: 'failed' }, 503],
    [{ done: true, ok: true, text: 'done' }, 200],
  ])('W-53: tells start-up processing that is %o with %i', async (state, status) => {
    const { inject } = await testApp({ deps: { startUp: { state: () => state } } })
    const ready = await inject('/api/health/ready')
    expect(ready.statusCode).toBe(status)
    expect(checkOf(ready.json(), 'start-up processing')?.text).toBe(state.text)
  })
})

describe('metrics', () => {
  it('tell build, requests by route, database, lock and the state of collections', async () => {
    const { inject } = await testApp()
    await inject('/api/errors/ROUTE_UNKNOWN')
    const text = (await inject('/metrics')).body
    expect(text).toContain('stage0_build_info{version="0.0.0-test",built_at="Local"} 1')
    expect(text).toMatch(
      /stage0_http_request_duration_seconds_count\{method="GET",route="\/api\/errors\/:code",status="200"\} 1/,
    )
    expect(text).toContain('stage0_database_up 1')
    expect(text).toContain('stage0_lock_held 0')
    expect(text).toContain('stage0_collections{state="behind"} 2')
    expect(text).toMatch(/process_cpu_user_seconds_total \d/)
  })

  it('count the runs of the service and their steps', async () => {
    const { inject, app } = await testApp()
    const begun = await app.runs.begin({ scope: {}, command: 'test' })
    await app.runs.ended(begun.run_id)
    const text = (await inject('/metrics')).body
    expect(text).toContain('stage0_runs_total{status="succeeded"} 1')
    expect(text).toContain('stage0_steps_total{kind="recordVersion",status="succeeded"} 4')
    expect(text).toContain('stage0_runs_active 0')
    expect(text).toContain('stage0_collections{state="in sync"} 2')
  })
})

describe('the configuration of the service', () => {
  it('tells every setting with its source, and masks secrets', async () => {
    const { inject, uri } = await testApp()
    const answer = await inject('/api/config')
    const { config_items, capabilities } = answer.json<ServiceConfig>()
    expect(config_items.find(({ name }) => name === 'MONGO_CONNECTION_STRING')).toMatchObject({ value: 'secret' })
    expect(answer.body).not.toContain(uri)
    expect(capabilities).toMatchObject({ environment: 'local', deployment: '127.0.0.1', run: { allowed: true } })
    expect(capabilities.server).toMatch(/^MongoDB .*\(embedded\)$/)
  })

  it('W-51: never tells the password of the database, not even where it cannot be reached', async () => {
    const { inject } = await testApp({ uri: 'mongodb://root:hush@127.0.0.1:1/?serverSelectionTimeoutMS=200' })
    for (const url of ['/api/config', '/api/health/ready', '/metrics', '/api/runs']) {
      expect((await inject(url)).body).not.toContain('hush')
    }
  })

  it.each<[string, Record<string, string>, Record<string, string>, 'local' | 'packaged', RegExp]>([
    ['nobody says so', {}, {}, 'packaged', /No file BUILT_AT/],
    ['a file says so', { BUILT_AT: 'Local' }, {}, 'local', /the file BUILT_AT/],
    ['it was packaged', { BUILT_AT: '2026-01-05T08:00:00Z' }, {}, 'packaged', /packaged: 2026/],
    [
      'TLS is demanded of a database elsewhere',
      { BUILT_AT: 'Local' },
      { MONGO_CONNECTION_STRING: 'mongodb://db.example.org/' },
      'packaged',
      /TLS/,
    ],
  ])('knows its mode when %s', async (_, files, settings, mode, reason) => {
    const repository = await mkdtemp(join(tmpdir(), 'stage0-mode-'))
    onTestFinished(() => rm(repository, { recursive: true }))
    await cp(SAMPLE, repository, { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(repository, name), text)
    const { inject } = await testApp({ repository, uri: false, settings, deps: { target: SILENT, clock: IMPATIENT } })
    const { capabilities } = (await inject('/api/config')).json<ServiceConfig>()
    expect(capabilities.mode).toBe(mode)
    expect(capabilities.mode_reason).toMatch(reason)
    expect(capabilities.drop_database.allowed).toBe(false)
    expect(capabilities.edit_files.allowed).toBe(false)
  })
})
