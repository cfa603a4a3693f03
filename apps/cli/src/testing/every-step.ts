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

/** Joins with what is there, so that a second execution shows. */
const RANK = [{ $set: { name: { $concat: ['$name', ' once'] } } }, { $out: 'organization' }]

/**
 * A copy of the sample with one more version: planned for an empty database, it has steps of every kind that a repository
 * can ask for, over two collections, with test data for four versions and two migrations.
 */
export async function repositoryOfEveryStep(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-every-step-'))
  await cp(SAMPLE, folder, { recursive: true })
  const last = '    test_data: organization.1.1.0.2.json\n'
  await replaceIn(folder, 'configurations/organization.yaml', last, `${last}${HIDDEN}`)
  await cp(join(folder, 'dictionaries/organization.1.1.0.yaml'), join(folder, 'dictionaries/organization.1.2.0.yaml'))
  await writeFile(join(folder, 'migrations/organization_rank.json'), `${JSON.stringify(RANK, undefined, 2)}\n`)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
