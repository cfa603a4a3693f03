import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../process/testing/merge-of.ts'
import { toJson } from '../values/to-json.ts'
import { readSpecifications } from './read-specifications.ts'
import { temporaryFolder, writeFiles } from './testing/folders.ts'

function read(files: Readonly<Record<string, string | Uint8Array>>): unknown {
  const result = readSpecifications(writeFiles(temporaryFolder(), files))
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  const json = toJson(result.value.value)
  return json.ok ? JSON.parse(json.value) : json
}

describe('a folder of specifications', () => {
  it('is a mapping of folders and .yaml files; a dot stays in the key, an empty file is nothing', () => {
    const files = {
      'product.yaml': 'a: yes',
      'dd.user.yaml': '1',
      'empty.yaml': '',
      'types/word.yaml': 'x: 010',
      'types/deep/er.yaml': '8:30',
      'other.yml': 'a: [',
      'x.json': '{}',
      'upper.YAML': 'a: [',
      '.git/x.yaml': '1',
    }
    const folder = writeFiles(temporaryFolder(), files)
    mkdirSync(join(folder, 'nothing'))
    writeFileSync(join(folder, 'ignored.bin'), new Uint8Array([255]))
    expect(read(files)).toEqual({
      product: { a: true },
      'dd.user': 1,
      empty: null,
      types: { word: { x: 8 }, deep: { er: 510 } },
    })
    const result = readSpecifications(folder)
    expect(result.ok && [result.value.value.has('nothing'), result.value.files]).toEqual([
      true,
      ['dd.user.yaml', 'empty.yaml', 'product.yaml', 'types/deep/er.yaml', 'types/word.yaml'],
    ])
  })

  it('is in the order of code points', () => {
    const result = readSpecifications(
      writeFiles(temporaryFolder(), { 'b.yaml': '', 'a.yaml': '', 'Z.yaml': '', 'ä.yaml': '' }),
    )
    expect(result.ok && result.value.value.keys()).toEqual(['Z', 'a', 'b', 'ä'])
  })

  it('has a digest of what was read, and of nothing else', () => {
    const digest = (files: Readonly<Record<string, string>>) => {
      const result = readSpecifications(writeFiles(temporaryFolder(), files))
      return result.ok && result.value.digest
    }
    expect(digest({ 'a.yaml': '1', 'b.txt': 'x' })).toBe(digest({ 'a.yaml': '1' }))
    expect(digest({ 'a.yaml': '2' })).not.toBe(digest({ 'a.yaml': '1' }))
    expect(digest({ 'b.yaml': '1' })).not.toBe(digest({ 'a.yaml': '1' }))
  })

  it('has no pipes, and does not wait for somebody to write into one', ({ skip }) => {
    skip(process.platform === 'win32', 'this system has no pipes with names in folders')
    const folder = writeFiles(temporaryFolder(), { 'a.yaml': '1' })
    execFileSync('mkfifo', [join(folder, 'p.yaml'), join(folder, 'p.txt')])
    expect(problemsOf(readSpecifications(folder))).toEqual([
      '-:- SPECIFICATIONS_UNUSABLE p.yaml is neither a file nor a folder.',
    ])
  })

  it('tells all files that cannot be read', () => {
    const folder = writeFiles(temporaryFolder(), {
      'a.yaml': 'x: [',
      'b.yaml': new Uint8Array([255]),
      'c.yaml': '1',
      'c/x.yaml': '',
    })
    symlinkSync('/etc/hostname', join(folder, 'd.yaml'))
    symlinkSync('nowhere', join(folder, 'e.yaml'))
    symlinkSync('..', join(folder, 'f'))
    symlinkSync('nowhere', join(folder, 'g.txt'))
    expect(problemsOf(readSpecifications(folder)).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      expect.stringContaining('SPECIFICATION_NOT_PARSABLE '),
      'SPECIFICATION_NOT_PARSABLE b.yaml is not UTF-8.',
      'SPECIFICATIONS_UNUSABLE c.yaml has the same name as another file or folder there: "c".',
      'SPECIFICATIONS_UNUSABLE d.yaml is a symbolic link that leads out of the specifications.',
      'SPECIFICATIONS_UNUSABLE e.yaml cannot be read: it does not exist.',
      'SPECIFICATIONS_UNUSABLE f is a symbolic link that leads out of the specifications.',
    ])
  })

  it('that leads into itself is refused, and not read for ever', () => {
    const folder = writeFiles(temporaryFolder(), { 'a/x.yaml': '1' })
    writeFiles(folder, { 'b/x.yaml': '1' })
    symlinkSync('.', join(folder, 'a/again'))
    symlinkSync('../b', join(folder, 'a/other'))
    symlinkSync('../a', join(folder, 'b/other'))
    expect(problemsOf(readSpecifications(folder)).map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'a/again is a symbolic link that leads into itself.',
      'a/other/other is a symbolic link that leads into itself.',
      'b/other/again is a symbolic link that leads into itself.',
      'b/other/other is a symbolic link that leads into itself.',
    ])
  })

  it('may be reached by a link, and have links to what is in it', () => {
    const folder = writeFiles(temporaryFolder(), { 'real/x.yaml': '5' })
    symlinkSync('x.yaml', join(folder, 'real/y.yaml'))
    symlinkSync('real', join(folder, 'link'))
    const result = readSpecifications(join(folder, 'link'))
    expect(result.ok && result.value.value.keys()).toEqual(['x', 'y'])
  })
})
