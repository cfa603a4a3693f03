import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { specificationSchemaFiles } from '@stage0/merge'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { copyOf, replaceIn, temporaryFolder } from '../testing/temporary-folder.ts'

const MENTORHUB = fileURLToPath(new URL('../../../../packages/templates/mentorhub/specifications', import.meta.url))

async function specs(folder: string, ...args: readonly string[]) {
  const io = recordingIo({ folder })
  return { exit: await run(['specs', ...args], io, '1.2.3'), ...io.written }
}

/** What `specs check --json` finds in a folder. */
async function found(folder: string) {
  const { exit, out } = await specs(folder, 'check', '.', '--json')
  const { ok, problems } = JSON.parse(out) as { ok: boolean; problems: readonly Readonly<Record<string, unknown>>[] }
  return { exit, ok, problems }
}

describe('stage0 specs check', () => {
  it('finds nothing wrong with the specifications of mentorhub, which are in the repository', async () => {
    expect(await specs(MENTORHUB, 'check', '.')).toEqual({ exit: 0, out: 'no problems\n', err: '' })
  })

  it('shows place, code, what is wrong and what to do, and ends with 4', async () => {
    const folder = await copyOf(MENTORHUB)
    await replaceIn(folder, 'architecture.yaml', 'controls: [Plan, Encounter]', 'controls: [Plan, Encounter, Profile]')
    await replaceIn(folder, 'product.yaml', 'slug: mentorhub', 'slug: on')
    const { exit, out } = await specs(folder, 'check', '.')
    expect(exit).toBe(4)
    expect(out).toMatch(
      /^architecture\.yaml:\d+:\d+ {2}error {2}SPECIFICATION_CONTROLLED_TWICE\n {2}The domain "mentor" controls "Profile", which the domain "coordinator" controls already \(architecture\.yaml:\d+\)\.\n {2}hint: Let one of them/,
    )
    expect(out).toContain('error  SPECIFICATION_VALUE_INVALID\n  `slug` should be a word')
    expect(out).toContain('it is `on`, which YAML reads as true.\n  hint: Write it in quotes')
    expect(out).toMatch(/\n3 errors\n$/)
  })

  it('prints them as JSON in the shape of all problems, with the place that they collide with', async () => {
    const folder = await copyOf(MENTORHUB)
    await replaceIn(folder, 'architecture.yaml', 'port: 8396', 'port: 8395')
    const { exit, ok, problems } = await found(folder)
    expect([exit, ok]).toEqual([4, false])
    expect(problems).toEqual([
      {
        code: 'SPECIFICATION_PORT_REPEATED',
        severity: 'error',
        file: 'architecture.yaml',
        line: expect.any(Number) as number,
        column: expect.any(Number) as number,
        text: expect.stringContaining(
          'The repo "insight_spa" has the port 8395, which the repo "insight_api"',
        ) as string,
        hint: 'Give one of them the next port that is free.',
        related: [
          { file: 'architecture.yaml', line: Number(problems[0]?.['line']) - 1, column: expect.any(Number) as number },
        ],
      },
    ])
  })

  it('ends with 0 where there are warnings alone', async () => {
    const folder = await copyOf(MENTORHUB)
    await replaceIn(folder, 'architecture.yaml', 'port: 8396', 'port: 8397')
    const { exit, ok, problems } = await found(folder)
    expect([exit, ok, problems.map(({ code }) => code)]).toEqual([0, true, ['SPECIFICATION_PORT_GAP']])
  })

  it('prints SARIF', async () => {
    const folder = await copyOf(MENTORHUB)
    await replaceIn(folder, 'catalog.yaml', 'name: Note\n', 'name: Notes\n')
    const { exit, out } = await specs(folder, 'check', '.', '--sarif')
    const [result] = (JSON.parse(out) as { runs: { results: { ruleId: string }[] }[] }).runs[0]?.results ?? []
    expect([exit, result]).toEqual([4, expect.objectContaining({ ruleId: 'SPECIFICATION_NAME_UNKNOWN' })])
  })

  it('sees documents in folders below and behind links, and says what it cannot read', async () => {
    const folder = await copyOf(MENTORHUB)
    await mkdir(join(folder, 'parts'))
    await rename(join(folder, 'catalog.yaml'), join(folder, 'parts', 'names.yaml'))
    await symlink('parts/names.yaml', join(folder, 'catalog.yaml'))
    expect(await found(folder)).toEqual({ exit: 0, ok: true, problems: [] })

    await symlink('..', join(folder, 'parts', 'again'))
    await symlink('/', join(folder, 'parts', 'outside'))
    await symlink('nowhere', join(folder, 'parts', 'lost.yaml'))
    await symlink('nowhere', join(folder, 'parts', 'picture.png'))
    await symlink('/dev/null', join(folder, 'parts', 'README.md'))
    await mkdir(join(folder, 'node_modules'))
    await writeFile(join(folder, 'node_modules', 'broken.yaml'), 'a: [')
    await writeFile(join(folder, 'product.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xff]))
    await writeFile(join(folder, 'parts', 'broken.yaml'), 'a: [')
    const { exit, problems } = await found(folder)
    expect([exit, problems.map(({ file, code }) => `${String(file)} ${String(code)}`)]).toEqual([
      4,
      [
        'parts/again SPECIFICATIONS_UNUSABLE',
        'parts/broken.yaml SPECIFICATION_NOT_PARSABLE',
        'parts/lost.yaml SPECIFICATIONS_UNUSABLE',
        'parts/outside SPECIFICATIONS_UNUSABLE',
        'product.yaml SPECIFICATION_NOT_PARSABLE',
      ],
    ])
  })

  it('says so where there is no folder', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    for (const name of ['nowhere', 'file']) {
      const { exit, out } = await specs(folder, 'check', name, '--json')
      expect([exit, out]).toEqual([4, expect.stringContaining('SPECIFICATIONS_UNUSABLE')])
    }
  })

  it('is the wrong use without a folder, or with another act', async () => {
    for (const args of [['check'], ['chek', '.'], []])
      expect((await specs('.', ...args, '--json')).out).toContain('"code": "USAGE"')
  })
})

describe('stage0 specs schemas', () => {
  it('writes the schemas beside the documents, again too, and prints where an editor finds them', async () => {
    const folder = await copyOf(MENTORHUB)
    for (let round = 0; round < 2; round += 1) {
      const { exit, out } = await specs(folder, 'schemas', '.')
      expect([exit, JSON.parse(out)]).toEqual([
        0,
        {
          'yaml.schemas': {
            './.schemas/product.schema.json': 'product.yaml',
            './.schemas/catalog.schema.json': 'catalog.yaml',
            './.schemas/architecture.schema.json': 'architecture.yaml',
          },
        },
      ])
    }
    for (const { name, text } of specificationSchemaFiles())
      expect(await readFile(join(folder, '.schemas', name), 'utf8')).toBe(text)
    expect(await readdir(join(folder, '.schemas'))).toHaveLength(3)
    expect(await found(folder)).toEqual({ exit: 0, ok: true, problems: [] })
  })

  it('says so where the folder is not there', async () => {
    const { exit, out } = await specs(await temporaryFolder(), 'schemas', 'nowhere', '--json')
    expect([exit, out]).toEqual([64, expect.stringContaining('OUTPUT_NOT_WRITABLE')])
  })
})
