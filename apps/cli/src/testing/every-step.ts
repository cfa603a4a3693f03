import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replaceIn, SAMPLE } from './temporary-folder.ts'

/** An index that is dropped and added again with another visibility is changed in place. */
const HIDDEN = `  - version: 1.2.0.2
    drop_indexes: [statusCreatedIndex]
    migrations: [organization_rank.json]
    add_indexes:
      - name: statusCreatedIndex
        key: { status: 1, created.at: -1 }
        options: { hidden: true }
`

/** Without a stage that says where the documents go: an update where they are. */
const UPDATED = `  - version: 1.3.0.2
    migrations: [organization_closed.json]
    migration: { mode: update }
`

/** Joins with what is there, so that a second execution shows. */
const RANK = [{ $set: { name: { $concat: ['$name', ' once'] } } }, { $out: 'organization' }]
/** A standalone server cannot be asked how far an update got: only one that may be repeated goes on by itself. */
const CLOSED = [{ $set: { status: 'closed' } }]

/**
 * A copy of the sample with two more versions: planned for an empty database, it has steps of every kind that a repository
 * can ask for, over two collections, with test data for four versions and three migrations.
 */
export async function repositoryOfEveryStep(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-every-step-'))
  await cp(SAMPLE, folder, { recursive: true })
  const last = '    test_data: organization.1.1.0.2.json\n'
  await replaceIn(folder, 'configurations/organization.yaml', last, `${last}${HIDDEN}${UPDATED}`)
  for (const version of ['1.2.0', '1.3.0'])
    await cp(
      join(folder, 'dictionaries/organization.1.1.0.yaml'),
      join(folder, `dictionaries/organization.${version}.yaml`),
    )
  for (const [name, stages] of Object.entries({ rank: RANK, closed: CLOSED }))
    await writeFile(join(folder, `migrations/organization_${name}.json`), `${JSON.stringify(stages, undefined, 2)}\n`)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
