import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { schemaFiles } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { copyOf, SAMPLE, temporaryFolder } from '../testing/temporary-folder.ts'

async function schemas(folder: string, environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const io = recordingIo({ folder, environment })
  return { exit: await run(['schemas', ...args], io, '1.2.3'), ...io.written }
}

describe('stage0 schemas', () => {
  it('writes a schema per kind of file into the repository, again too, and prints where an editor finds them', async () => {
    const repository = await copyOf(SAMPLE)
    for (let round = 0; round < 2; round++) {
      const { exit, out } = await schemas(repository, { TYPE_FOLDER: 'kinds' }, '--repository', '.')
      expect(exit).toBe(0)
      const settings = JSON.parse(out) as Readonly<Record<'yaml.schemas' | 'json.schemas', object>>
      expect(settings['yaml.schemas']).toMatchObject({
        './.schemas/configuration.schema.json': ['configurations/*.yaml', 'configurations/*.yml'],
        './.schemas/type.schema.json': ['kinds/*.yaml', 'kinds/*.yml'],
      })
      expect(settings['json.schemas']).toContainEqual({
        fileMatch: ['/migrations/*.json'],
        url: './.schemas/migration.schema.json',
      })
    }
    const folder = join(repository, '.schemas')
    expect((await readdir(folder)).sort()).toEqual(
      schemaFiles()
        .map(({ name }) => name)
        .sort(),
    )
    for (const { name, text } of schemaFiles()) expect(await readFile(join(folder, name), 'utf8')).toBe(text)
  })

  it('writes where it is told, with the folders above, and tells it with --json', async () => {
    const repository = await temporaryFolder()
    const { exit, out } = await schemas(repository, { INPUT_FOLDER: 'repo' }, '--output', 'a/b', '--json')
    const { folder, editor_settings: settings } = JSON.parse(out) as { folder: string; editor_settings: unknown }
    expect([exit, folder]).toEqual([0, join(repository, 'a/b')])
    expect(await readdir(folder)).toHaveLength(6)
    expect(JSON.stringify(settings)).toContain('"../a/b/type.schema.json"')
  })

  it('says so where the repository is not there, or the folder cannot be made', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    for (const args of [
      ['--repository', 'nowhere'],
      ['--output', 'file/below'],
      ['--output', 'file'],
    ]) {
      const { exit, out } = await schemas(folder, {}, ...args, '--json')
      expect([exit, out]).toEqual([64, expect.stringContaining('OUTPUT_NOT_WRITABLE')])
    }
    expect(await readdir(folder)).toEqual(['file'])
  })
})
