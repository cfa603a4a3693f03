import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

const CONFIGURATION = 'configurations/organization.yaml'
const apply = ({ uri, name }: TestDatabase, repository: string) =>
  stage0(['apply', '--yes', '--repository', repository, '--uri', uri, '--database', name])

/** A database that the sample has configured, and a copy of the sample to change afterwards. */
async function configured() {
  const database = await testDatabase()
  const repository = await copyOf(SAMPLE)
  expect((await apply(database, repository)).code).toBe(0)
  return { database, repository, before: await database.everything() }
}
type Configured = Awaited<ReturnType<typeof configured>>

async function expectRefused({ database, repository, before }: Configured, code: string, text: string): Promise<void> {
  const ended = await apply(database, repository)
  expect([ended.code, ended.stderr]).toEqual([6, expect.stringContaining(code)])
  expect(ended.stderr).toContain(text)
  expect(await database.everything()).toEqual(before)
}

describe('a version that was applied to a database', () => {
  it('and edited since is refused: VERSION_EDITED', async () => {
    const there = await configured()
    await replaceIn(there.repository, 'dictionaries/organization.1.1.0.yaml', 'name: slug', 'name: slugg')
    await expectRefused(there, 'VERSION_EDITED', 'organization 1.1.0.2')
  })

  it('and taken out of the repository is refused: VERSION_NOT_IN_REPOSITORY', async () => {
    const there = await configured()
    await replaceIn(there.repository, CONFIGURATION, '- version: 1.1.0.2', '- version: 1.2.0.2')
    const [from, to] = ['1.1.0', '1.2.0'].map((one) => join(there.repository, `dictionaries/organization.${one}.yaml`))
    await cp(from ?? '', to ?? '')
    await expectRefused(there, 'VERSION_NOT_IN_REPOSITORY', 'organization is recorded at 1.1.0.2')
  })

  it('leaves no room for one below it: VERSION_OUT_OF_ORDER', async () => {
    const there = await configured()
    await replaceIn(
      there.repository,
      CONFIGURATION,
      '  - version: 1.1.0.2',
      '  - version: 1.0.0.2\n  - version: 1.1.0.2',
    )
    await expectRefused(there, 'VERSION_OUT_OF_ORDER', 'organization 1.0.0.2 was never applied')
  })
})
