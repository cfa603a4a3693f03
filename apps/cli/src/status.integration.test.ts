import { describe, expect, it } from 'vitest'
import { stage0 } from './testing/run-command.ts'
import { SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

const at = ({ uri, name }: TestDatabase) => ['--repository', SAMPLE, '--uri', uri, '--database', name]

describe('status', () => {
  it('ends as a plan does where something keeps it from being applied, and names the record and what it must be', async () => {
    const database = await testDatabase()
    const record = { _id: 7, collection_name: 'user', current_version: 'user.one' }
    await database.run({ insert: 'CollectionVersions', documents: [record] })
    const [text, json, plan] = [
      await stage0(['status', ...at(database)]),
      await stage0(['status', '--json', ...at(database)]),
      await stage0(['plan', ...at(database)]),
    ]
    expect([text.code, json.code]).toEqual([plan.code, plan.code])
    expect(plan.code).toBe(6)
    expect(text.stdout).toContain('VERSION_RECORD_UNREADABLE')
    expect(text.stdout).toMatch(/user \(_id 7\) has the current_version "user\.one".*"user\.1\.2\.3"/)
    expect(text.stdout).not.toContain('Nothing to do')
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      exit_code: 6,
      problems: [{ code: 'VERSION_RECORD_UNREADABLE' }],
    })
  })

  it('ends with 0 where nothing is in the way: exit code and ok say so', async () => {
    const database = await testDatabase()
    const json = await stage0(['status', '--json', ...at(database)])
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, { ok: true, exit_code: 0, run: null, lock: null }])
  })
})
