import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbedded } from '@stage0/embedded'
import { PATIENCE } from '@stage0/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applying, contentOf, holdRun, SHORT_LEASE } from './testing/interrupted-run.ts'
import { stage0 } from './testing/run-command.ts'
import { SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'
import { testDatabase } from './testing/test-database.ts'

async function server(): Promise<string> {
  const { uri, close } = await startEmbedded({})
  onTestFinished(close)
  return uri
}

const at = (uri: string) => ['--load-test-data', '--repository', SAMPLE, '--uri', uri, '--database', 'shop']

describe('the plan of a file', PATIENCE, () => {
  it('is finished by the same command where its run was killed, and refused once it is done', async () => {
    const uri = await server()
    const file = join(await temporaryFolder(), 'plan.json')
    expect((await stage0(['plan', ...at(uri), '--out', file])).code).toBe(0)
    const apply = (to: string) => ['apply', ...at(to), '--plan', file, '--wait', '30']
    const point = { label: 'update CollectionVersions', occurrence: 2 }
    const { running } = await holdRun(uri, apply, { point, when: 'before' })
    running.child.kill('SIGKILL')
    await running.ended

    const again = await stage0(apply(uri), { environment: SHORT_LEASE })
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/Finishes run/)])
    expect((await stage0(applying(SAMPLE, uri, 'whole'))).code).toBe(0)
    expect(await contentOf(uri, 'shop')).toEqual(await contentOf(uri, 'whole'))

    const done = await stage0(apply(uri))
    expect([done.code, done.stderr]).toEqual([
      6,
      expect.stringMatching(/Run \S+ has applied the plan [0-9a-f]{12}, and/),
    ])
  })

  it('says what changed where it no longer fits', async () => {
    const database = await testDatabase()
    const file = join(await temporaryFolder(), 'plan.json')
    const target = ['--load-test-data', '--repository', SAMPLE, '--uri', database.uri, '--database', database.name]
    await stage0(['plan', ...target, '--out', file])
    await database.run({ create: 'organization' })
    const { code, stderr } = await stage0(['apply', ...target, '--plan', file])
    expect(code).toBe(6)
    expect(stderr).toMatch(
      /PLAN_STALE[^]*since the database changed\. organization: no longer needed: \S+ create the coll/,
    )
  })

  it('is not written where errors speak against it, and not said to be applicable', async () => {
    const database = await testDatabase()
    const documents = ['a', 'b'].map((name) => ({ _id: name, slug: 'same' }))
    await database.run({ insert: 'organization', documents })
    const folder = await temporaryFolder()
    const args = [
      'plan',
      '--repository',
      SAMPLE,
      '--uri',
      database.uri,
      '--database',
      database.name,
      '--out',
      'plan.json',
    ]
    const { code, stderr } = await stage0(args, { folder })
    expect([code, existsSync(join(folder, 'plan.json'))]).toEqual([6, false])
    expect(stderr).toContain('Not written to plan.json: errors speak against applying this plan.')
    expect(stderr).not.toContain('applies exactly these steps')
  })

  it('names what cannot be written as it was given, and no file that nobody knows', async () => {
    const database = await testDatabase()
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'taken'))
    const write = (out: string) =>
      stage0(['plan', '--repository', SAMPLE, '--uri', database.uri, '--out', out], { folder })
    for (const out of ['taken', 'absent/plan.json']) {
      const { code, stderr } = await write(out)
      expect([code, stderr]).toEqual([64, expect.stringContaining(`Cannot write ${join(folder, out)}: `)])
      expect(stderr).not.toContain('.tmp')
    }
    expect(await readdir(folder)).toEqual(['taken'])
  })
})

describe('an outcome that is stated', PATIENCE, () => {
  it('for a step that there is not is a wrong use of the command: exit 64', async () => {
    const database = await testDatabase()
    const target = ['--repository', SAMPLE, '--uri', database.uri]
    const { code, stdout } = await stage0(['plan', ...target, '--resolve', 'user/1.1.0.2/migrate/nothing=done'])
    expect([code, stdout]).toEqual([64, expect.stringMatching(/OUTCOME_STEP_UNKNOWN[^]*leave --resolve out/)])
  })
})
