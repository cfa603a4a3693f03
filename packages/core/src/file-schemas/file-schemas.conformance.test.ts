import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedFolder } from '@stage0/testkit'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { FolderKind, RawFile } from '../model/files.ts'
import { readRepository } from '../model/repository.ts'
import { checkRepository } from '../render/check-repository.ts'
import { FILE_SCHEMAS } from './file-schemas.ts'
import { refusals, STRUCTURAL } from './testing/both.ts'

const fixtures = sharedFolder('fixtures')
if (fixtures === undefined) console.log('file-schemas.conformance: skipped, the folder of shared fixtures is absent')
const SAMPLE = fileURLToPath(new URL('../../../templates/sample', import.meta.url))

function filesIn(repository: string): RawFile[] {
  return (Object.keys(FILE_SCHEMAS) as FolderKind[]).flatMap((folder) => {
    const path = join(repository, folder)
    if (!existsSync(path)) return []
    const names = readdirSync(path).filter((name) => /\.(?:yaml|json)$/.test(name))
    return names.map((name): RawFile => {
      return { folder, name, path: `${folder}/${name}`, text: readFileSync(join(path, name), 'utf8'), hash: '' }
    })
  })
}

/** The files that a schema refuses, and those about whose form the check reports something; each with one reason. */
function compared(repository: string) {
  const files = filesIn(repository)
  const read = readRepository({ files, problems: [] })
  const { problems } = checkRepository(read, { loadTestData: true })
  const structural = problems.filter(({ code, severity }) => severity !== 'notice' && STRUCTURAL.has(code))
  const refused = files
    .filter(({ path }) => !read.problems.some(({ file, code }) => file === path && /_SYNTAX$/.test(code)))
    .flatMap(({ folder, path, text }) => {
      const [reason] = refusals(folder, load(text, { json: true }))
      return reason === undefined ? [] : [`${path}: ${reason}`]
    })
  const reportedFiles = [...new Set(structural.map(({ file, code }) => `${file}: ${code}`))].sort()
  return { count: files.length, refused: refused.sort(), reported: reportedFiles }
}

const fileOf = (finding: string): string => finding.split(': ')[0] ?? ''

describe('the sample repository', () => {
  it('is taken by the schemas as it is', () => {
    const { count, refused, reported } = compared(SAMPLE)
    expect([refused, reported]).toEqual([[], []])
    expect(count).toBeGreaterThan(15)
  })
})

describe.skipIf(fixtures === undefined)('the fixtures', () => {
  it.each<readonly [string, readonly string[]]>([
    ['passing_empty', []],
    // An attribute of kind `object` at a property of kind `simple`, and a root without a name: warnings of the check.
    ['passing_process', ['types/test_type.yaml']],
    ['passing_template', []],
    ['passing_type_renders', []],
    ['failing_refs', ['dictionaries/test_data.1.0.0.yaml']],
  ])(
    '%s: the schemas refuse the files about whose form the check reports something, and no others',
    (name, expected) => {
      const { count, refused, reported } = compared(join(fixtures ?? '', name))
      expect([...new Set(refused.map(fileOf))], refused.join('\n')).toEqual(expected)
      expect([...new Set(reported.map(fileOf))], reported.join('\n')).toEqual(expected)
      expect(count).toBeGreaterThan(0)
    },
  )
})
