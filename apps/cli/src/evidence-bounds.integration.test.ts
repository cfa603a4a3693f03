import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { organizations } from './testing/organizations.ts'
import { stage0 } from './testing/run-command.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const SECRET = 'Confidential'
/** Nine documents with names of their own, then three with one name; two thirds were seen long ago. */
const STORED = Array.from({ length: 12 }, (_, _id) => ({
  ...{
    _id,
    slug: `s${_id}`,
    name: _id < 9 ? `n${_id}` : SECRET,
    status: 'open',
    created: { by: SECRET, at: new Date(0) },
  },
  last_seen: [new Date(), new Date(0), [new Date(), new Date(0)]][_id % 3],
}))
const UNIQUE = '    add_indexes:\n      - { name: byName, key: { name: 1 }, options: { unique: true } }\n'
const EXPIRES =
  '    add_indexes:\n      - { name: old, key: { last_seen: 1 }, options: { expireAfterSeconds: 3600 } }\n'
const NO_VALUES = { environment: { EVIDENCE_SAMPLES: '0' } }

describe('stored values, with EVIDENCE_SAMPLES=0', () => {
  it('stand in no plan of any form, no error and no record: only how many documents there are', async () => {
    const { database, args } = await organizations(UNIQUE, STORED)
    const shown = await stage0(args('plan'))
    expect(shown.stdout).toContain(SECRET)
    const [text, json, markdown] = await Promise.all([
      stage0(args('plan'), NO_VALUES),
      stage0(args('plan', '--json'), NO_VALUES),
      stage0(args('plan', '--markdown'), NO_VALUES),
    ])
    const applied = await stage0(args('apply', '--yes'), NO_VALUES)
    expect([text.code, json.code, markdown.code, applied.code]).toEqual([6, 6, 6, 6])
    for (const one of [text.stdout, json.stdout, markdown.stdout, applied.stderr])
      expect(one).toContain('3 documents of organization share 1 key of the unique index byName (values are not shown')
    for (const { stdout, stderr } of [text, json, markdown, applied]) expect(stdout + stderr).not.toContain(SECRET)
    const runs = await database.run({ find: 'stage0_runs' })
    expect(JSON.stringify(runs)).not.toContain(SECRET)
  })

  it('stand in no error of the server either', async () => {
    const { args, repository } = await organizations('    migrations: [bad.json]\n', STORED)
    await writeFile(
      join(repository, 'migrations/bad.json'),
      '[{ "$set": { "slug": { "$toInt": "$name" } } }, { "$out": "organization" }]\n',
    )
    const open = await stage0(args('apply', '--yes'))
    expect(open.stderr).toMatch(/n0|Confidential/)
    const hidden = await stage0(args('apply', '--yes'), NO_VALUES)
    expect([hidden.code, hidden.stderr]).toEqual([1, expect.stringContaining('values are not shown')])
    expect(hidden.stdout + hidden.stderr).not.toMatch(/'n0'|Confidential/)
  })
})

describe('the search for duplicates of a plan', () => {
  it('goes no further than --evidence-limit and says so; apply finds what is beyond, and refuses the agreed plan', async () => {
    const { database, args } = await organizations(UNIQUE, STORED)
    const file = join(await temporaryFolder(), 'plan.json')
    const planned = await stage0(args('plan', '--evidence-limit', '9', '--out', file))
    expect(planned.code).toBe(0)
    expect(planned.stdout).toContain('of the first 9 documents no two share a key, as stored now; apply looks at all')
    expect(planned.stdout).not.toContain('INDEX_DUPLICATES')
    const before = await database.everything()
    const applied = await stage0(args('apply', '--yes', '--plan', file))
    expect([applied.code, applied.stderr]).toEqual([6, expect.stringContaining('INDEX_DUPLICATES')])
    expect(applied.stderr).not.toContain('PLAN_STALE')
    expect(await database.everything()).toEqual(before)
  })

  it('finds within the limit what the evidence counts, in the same numbers', async () => {
    const { args } = await organizations(UNIQUE, STORED)
    const { stdout } = await stage0(args('plan', '--evidence-limit', '11'))
    expect(stdout).toContain('of the first 11 documents of organization, 2 share 1 key of the unique index byName')
    expect(stdout).toContain('of the first 11 documents 2 share 1 key: the index cannot be built')
    expect(stdout).toContain('MF: 2 documents share 1 key, among the first 11 only')
    expect(stdout).not.toMatch(/no two (documents|share)|no document fails/)
  })

  it('is left out with --no-evidence, which says what is then not known', async () => {
    const { args } = await organizations(UNIQUE, STORED)
    const { code, stdout, stderr } = await stage0(args('plan', '--no-evidence'))
    expect([code, stdout]).toEqual([0, expect.not.stringContaining(SECRET)])
    expect(stderr).toContain('The stored documents were not looked at')
  })
})

it('an index with a time to live is planned with how many documents it deletes right away', async () => {
  const { args } = await organizations(EXPIRES, STORED)
  const { stdout } = await stage0(args('plan'))
  expect(stdout).toContain('8 of 12 documents would be deleted right away: last_seen is 3,600 s or more ago')
  expect(stdout).toContain('DS: 8 documents right away  (index old deletes documents')
})
