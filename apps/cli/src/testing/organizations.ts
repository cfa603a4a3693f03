import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { stage0 } from './run-command.ts'
import { copyOf, SAMPLE } from './temporary-folder.ts'
import { testDatabase, type Document, type TestDatabase } from './test-database.ts'

/** A repository with a version of organizations more than the sample has, and a database that is at the version before. */
export interface Organizations {
  readonly database: TestDatabase
  readonly repository: string
  /** The arguments of a verb on both, for this collection alone. */
  args(verb: string, ...more: readonly string[]): string[]
}

/**
 * @param lines What the version does, as lines of its entry in the configuration file.
 * @param documents Stored before, whatever the validator says.
 */
export async function organizations(lines: string, documents: readonly Document[]): Promise<Organizations> {
  const database = await testDatabase()
  const repository = await copyOf(SAMPLE)
  const where = ['--uri', database.uri, '--database', database.name, '--collections', 'organization']
  const applied = await stage0(['apply', '--yes', '--repository', repository, ...where])
  if (applied.code !== 0) throw new Error(applied.stderr)
  await database.run({ insert: 'organization', documents, bypassDocumentValidation: true })
  await appendFile(join(repository, 'configurations/organization.yaml'), `  - version: 1.2.0.2\n${lines}`)
  await cp(
    join(repository, 'dictionaries/organization.1.1.0.yaml'),
    join(repository, 'dictionaries/organization.1.2.0.yaml'),
  )
  return { database, repository, args: (verb, ...more) => [verb, '--repository', repository, ...where, ...more] }
}
