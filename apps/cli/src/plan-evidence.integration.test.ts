import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stage0 } from './testing/run-command.ts'
import { SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

/** A database that the sample has never been applied to, with documents that its validator refuses. */
async function withDocuments(): Promise<TestDatabase> {
  const database = await testDatabase()
  const documents = [
    { _id: 1, slug: 'a' },
    { _id: 2, slug: 'c', name: 5 },
    { _id: 3, slug: 'b' },
  ]
  await database.run({ insert: 'organization', documents })
  return database
}
const plan = ({ uri, name }: TestDatabase, ...options: readonly string[]) =>
  stage0(['plan', '--repository', SAMPLE, '--uri', uri, '--database', name, ...options])
const HEADING = 'evidence from the data'

describe('plan with evidence', () => {
  it('tells after the plan which documents would fail, by rule, with samples, and what risks amount to', async () => {
    const { code, stdout } = await plan(await withDocuments())
    expect(code).toBe(0)
    const evidence = stdout.slice(stdout.indexOf(HEADING))
    expect(evidence).toMatch(/organization {2}3 documents/)
    expect(evidence).toMatch(/of 3 documents would fail/)
    expect(evidence).toMatch(/_id [123]\n/)
    expect(evidence).toMatch(/MF: \d/)
  })

  it('leaves the documents alone where that is asked for, and changes nothing where not', async () => {
    const database = await withDocuments()
    const before = await database.everything()
    const [without, withIt] = [await plan(database, '--no-evidence'), await plan(database, '--evidence')]
    expect(without.stdout).not.toContain(HEADING)
    expect(withIt.stdout.startsWith(without.stdout)).toBe(true)
    expect(await database.everything()).toEqual(before)
  })

  it('says how many documents it looked at where there are more', async () => {
    const { stdout } = await plan(await withDocuments(), '--evidence-limit', '2')
    expect(stdout).toMatch(/of the first 2 documents/)
    expect(stdout).not.toMatch(/of 3 documents would fail/)
  })

  it('is part of the JSON and not of the plan: apply takes it, with the same hash as without', async () => {
    const database = await withDocuments()
    const [without, withIt] = [await plan(database, '--json', '--no-evidence'), await plan(database, '--json')]
    const [bare, full] = [JSON.parse(without.stdout) as Plan, JSON.parse(withIt.stdout) as Plan]
    expect([full.hash, full.evidence?.plan_hash]).toEqual([bare.hash, bare.hash])
    expect(bare).not.toHaveProperty('evidence')
    const folder = await temporaryFolder()
    const file = join(folder, 'plan.json')
    await writeFile(file, withIt.stdout)
    const { uri, name } = database
    const applied = await stage0(['apply', '--repository', SAMPLE, '--uri', uri, '--database', name, '--plan', file])
    expect(applied.stderr).not.toContain('PLAN_')
  })

  it('is folded into Markdown, which can be kept as short as a comment, and refuses a limit that is no number', async () => {
    const database = await withDocuments()
    const { stdout } = await plan(database, '--markdown')
    expect(stdout).toMatch(
      /\*\*Evidence from the data\*\*[\s\S]*\| documents \| path \| rule \| expected \|[\s\S]*<details>/,
    )
    const short = await plan(database, '--markdown', '--markdown-limit', '4000')
    expect(Buffer.byteLength(short.stdout)).toBeLessThanOrEqual(4000)
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(4000)
    expect(short.stdout).toContain('left out, to stay within the length of a comment')
    for (const option of ['--evidence-limit', '--markdown-limit'])
      expect((await plan(database, option, 'many')).code).toBe(64)
  })
})

interface Plan {
  readonly hash: string
  readonly evidence?: { readonly plan_hash: string }
}
