import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { stage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

/** What users of other tools report, and what happens here: see also take-over, records, crash and version-order. */

const run = (verb: string, { uri, name }: TestDatabase, repository: string, ...more: readonly string[]) =>
  stage0([verb, '--repository', repository, '--uri', uri, '--database', name, ...more])

/** A copy of the sample whose organizations have one more version. */
async function withVersion(lines: string): Promise<string> {
  const folder = await copyOf(SAMPLE)
  await appendFile(join(folder, 'configurations/organization.yaml'), `  - version: 1.2.0.2\n${lines}`)
  await cp(join(folder, 'dictionaries/organization.1.1.0.yaml'), join(folder, 'dictionaries/organization.1.2.0.yaml'))
  return folder
}

describe('an index that is dropped and built anew as unique, over documents with equal values (mongoose#12250)', () => {
  const ways = [
    { how: 'changed in place', options: '{ unique: true }' },
    { how: 'built anew', options: '{ unique: true, collation: { locale: en, strength: 2 } }' },
    { how: 'built anew with another key', options: '{ unique: true }', key: '{ status: 1 }' },
  ]
  it.each(isDeep ? ways : ways.slice(1, 2))(
    'is refused by the plan where it would be $how, and no index is lost: exit 6',
    async ({ options, key }) => {
      const database = await testDatabase()
      expect((await run('apply', database, SAMPLE, '--yes')).code).toBe(0)
      const status = { status: 'open', created: { by: 'x', at: new Date(0) } }
      const twice = ['a', 'b'].map((slug) => ({ _id: slug, slug, name: 'Same', ...status }))
      await database.run({ insert: 'organization', documents: twice, bypassDocumentValidation: true })
      const before = await database.everything()
      const added = `      - { name: statusCreatedIndex, key: ${key ?? '{ status: 1, created.at: -1 }'}, options: ${options} }\n`
      const repository = await withVersion(`    drop_indexes: [statusCreatedIndex]\n    add_indexes:\n${added}`)
      const planned = await run('plan', database, repository)
      expect([planned.code, planned.stdout]).toEqual([6, expect.stringMatching(/INDEX_DUPLICATES[^]*"a" and "b"/)])
      const applied = await run('apply', database, repository, '--yes')
      expect([applied.code, applied.stderr]).toEqual([6, expect.stringContaining('INDEX_DUPLICATES')])
      expect(await database.everything()).toEqual(before)
    },
  )
})

describe('a migration whose result nobody reads (migrate-mongo#395)', () => {
  const MANY = 350

  it('takes effect on every document: its cursor is read to the end, however many there are', async () => {
    const database = await testDatabase()
    expect((await run('apply', database, SAMPLE, '--yes')).code).toBe(0)
    const documents = Array.from({ length: MANY }, (_, n) => ({ _id: n, slug: `s${n}`, name: 'before' }))
    await database.run({ insert: 'organization', documents, bypassDocumentValidation: true })
    const repository = await withVersion('    migrations: [user_display_name.json]\n')
    const file = 'migrations/user_display_name.json'
    await replaceIn(repository, 'configurations/user.yaml', '    migrations: [user_display_name.json]\n', '')
    await replaceIn(repository, file, '"$addFields": {', '"$addFields": { "name": "after",')
    await replaceIn(repository, file, '{ "$out": "user" }', '{ "$out": "organization" }')
    const applied = await run('apply', database, repository, '--yes', '--collections', 'organization')
    // Documents without the required fields do not match, which is told: exit 9.
    expect([applied.code, applied.stderr]).toEqual([9, expect.stringContaining(`${MANY} documents do not match`)])
    const { cursor } = (await database.run({
      aggregate: 'organization',
      pipeline: [{ $group: { _id: '$name', n: { $sum: 1 } } }],
      cursor: {},
    })) as { cursor: { firstBatch: unknown[] } }
    expect(cursor.firstBatch).toEqual([{ _id: 'after', n: MANY }])
  })

  it('is an error where it says nowhere where its result goes, with the line that is missing: nothing is changed', async () => {
    const database = await testDatabase()
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'migrations/user_display_name.json', ',\n  { "$out": "user" }', '')
    const ended = await run('apply', database, repository, '--yes')
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining('MIGRATION_HAS_NO_TARGET')])
    expect(ended.stderr).toContain('{"$out": "user"}')
    expect(await database.collections()).toEqual([])
  })
})
