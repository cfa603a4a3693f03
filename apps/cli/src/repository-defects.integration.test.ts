import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '@stage0/types'
import { stage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE } from './testing/temporary-folder.ts'

interface Checked {
  readonly code: number | null
  readonly problems: readonly Problem[]
}

async function check(repository: string): Promise<Checked> {
  const { code, stdout } = await stage0(['check', '--json', '--repository', repository])
  return { code, problems: (JSON.parse(stdout) as { problems: Problem[] }).problems }
}

/** A change of one file of the sample, and what `check` has to say about it. */
interface Case {
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly severity: 'error' | 'warning'
  /** Found in the text or the hint of a problem in that file. */
  readonly says: RegExp
}

const CASES: readonly Case[] = [
  {
    what: 'W-10: a version without a number is a problem of its own, not the end of the check',
    file: 'configurations/user.yaml',
    from: '- version: 1.0.0.1\n    add_indexes',
    to: '- add_indexes',
    severity: 'error',
    says: /version/,
  },
  {
    what: 'W-12: the same version twice',
    file: 'configurations/user.yaml',
    from: 'version: 1.1.0.2',
    to: 'version: 1.0.0.1',
    severity: 'error',
    says: /1\.0\.0\.1/,
  },
  {
    what: 'W-12: a version that would never be applied',
    file: 'configurations/user.yaml',
    from: 'version: 1.0.0.1',
    to: 'version: 0.0.0.0',
    severity: 'error',
    says: /0\.0\.0\.0/,
  },
  {
    what: 'W-16: a migration that writes nowhere',
    file: 'migrations/user_display_name.json',
    from: ',\n  { "$out": "user" }',
    to: '',
    severity: 'error',
    says: /\$out/,
  },
  {
    what: 'W-20: a version of enumerators in quotes',
    file: 'enumerators/enumerations.2.yaml',
    from: 'version: 2',
    to: 'version: "2"',
    severity: 'error',
    says: /2/,
  },
  {
    what: 'W-23: types that lead back to themselves, with the chain',
    file: 'types/trace.yaml',
    from: 'type: instant',
    to: 'type: trace',
    severity: 'error',
    says: /trace.*trace/,
  },
  {
    what: 'W-24: an attribute that nobody knows, with the one that was meant',
    file: 'dictionaries/address.yaml',
    from: '  type: object\n',
    to: '  type: object\n  additionalProperties: true\n',
    severity: 'warning',
    says: /additional_properties/,
  },
  {
    what: 'W-25: a misspelt kind, with the one that was meant',
    file: 'dictionaries/organization.1.1.0.yaml',
    from: 'type: one_of',
    to: 'type: one_off',
    severity: 'error',
    says: /one_of\b/,
  },
  {
    what: 'W-26: a keyword that MongoDB does not know',
    file: 'types/instant.yaml',
    from: 'bson_type: { bsonType: date }',
    to: 'bson_type: { bsonType: date, format: date-time }',
    severity: 'error',
    says: /format/,
  },
  {
    what: 'W-26: a pattern that does not compile',
    file: 'types/slug.yaml',
    from: '(-[a-z0-9]+)*$',
    to: '(-[a-z0-9]+*$',
    severity: 'error',
    says: /pattern/,
  },
  {
    what: 'W-27: a simple property without a type',
    file: 'types/slug.yaml',
    from: 'type: string, ',
    to: '',
    severity: 'error',
    says: /type/,
  },
  {
    what: 'W-27: a complex property without a BSON half',
    file: 'types/instant.yaml',
    from: 'bson_type: { bsonType: date }',
    to: 'bson_type: {}',
    severity: 'error',
    says: /bson_type|bsonType/,
  },
]

describe('check finds before anything is applied', () => {
  it.each(CASES)('$what', async ({ file, from, to, severity, says }) => {
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, file, from, to)
    const { code, problems } = await check(repository)
    const found = problems.filter(
      (problem) => problem.severity === severity && says.test(`${problem.text} ${problem.hint ?? ''}`),
    )
    expect(problems.length).toBeGreaterThan(0)
    expect(found.length, JSON.stringify(problems, undefined, 1)).toBeGreaterThan(0)
    expect(code).toBe(severity === 'error' ? 4 : 0)
    expect(found.every((problem) => problem.file === undefined || problem.line !== undefined)).toBe(true)
  })
})

describe('check copes', () => {
  it('with stray files in a folder: a notice, not the end (W-20)', async () => {
    const repository = await copyOf(SAMPLE)
    await writeFile(join(repository, 'enumerators', 'README.md'), 'Lists.\n')
    await writeFile(join(repository, 'enumerators', '.DS_Store'), '\u0000')
    const { code, problems } = await check(repository)
    expect(code).toBe(0)
    expect(problems.every(({ severity }) => severity === 'notice')).toBe(true)
  })

  it('with versions out of order: a warning, and the newest is the highest (W-12)', async () => {
    const repository = await copyOf(SAMPLE)
    const file = join(repository, 'configurations', 'organization.yaml')
    const [head = '', first = '', second = ''] = (await readFile(file, 'utf8')).split(/^(?= {2}- version)/m)
    await writeFile(file, `${head}${second}${first}`)
    const { code, problems } = await check(repository)
    expect([code, problems.map(({ severity }) => severity)]).toEqual([0, ['warning']])
    const { stdout } = await stage0(['render', 'bson', 'organization', '--repository', repository])
    expect(Object.keys((JSON.parse(stdout) as { properties: object }).properties)).toContain('contact')
  })

  it('with a folder of any order: problems come by name, the same each time (W-21)', async () => {
    const repository = await copyOf(SAMPLE)
    for (const name of ['b', 'a', 'c']) await writeFile(join(repository, 'types', `${name}.yaml`), 'root: [\n')
    const files = (await check(repository)).problems.map(({ file }) => file)
    expect(files).toEqual(['types/a.yaml', 'types/b.yaml', 'types/c.yaml'])
  })
})
