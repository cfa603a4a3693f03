import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAllowed, licenceOf, licenceTexts } from './licence.ts'

describe('the licence of a package', () => {
  it.each([
    ['is the expression of the manifest', { license: '(MIT OR Apache-2.0)' }, '(MIT OR Apache-2.0)'],
    ['is the type of the former object', { license: { type: 'ISC', url: 'https://licence.test' } }, 'ISC'],
    ['is one of the former list', { licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] }, 'MIT OR GPL-2.0'],
    ['is none where none is named', { license: '' }, undefined],
    ['is none in an empty manifest', {}, undefined],
  ])('%s', (_name, manifest, licence) => {
    expect(licenceOf(manifest)).toBe(licence)
  })

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['GPL-2.0-only WITH Classpath-exception-2.0', false],
    [undefined, false],
  ])('%s may be handed out: %s', (licence, allowed) => {
    expect(isAllowed(licence)).toBe(allowed)
  })
})

describe('the texts of a package', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stage0-licence-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are its licence files and notices by name, each text once, and no code', () => {
    const files = {
      'LICENSE-MIT.txt': 'one\r\ntwo\n',
      NOTICE: 'notice',
      'licence.md': 'notice\n',
      'bundle.js.LICENSE.txt': 'inner',
      'license.js': 'code',
      'license-check.json': '{}',
      'README.md': 'none',
      COPYING: ' \n',
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    mkdirSync(join(folder, 'licenses'))
    expect(licenceTexts(folder, 'MIT', 'Ada')).toEqual([
      { file: 'LICENSE-MIT.txt', text: 'one\ntwo' },
      { file: 'NOTICE', text: 'notice' },
      { file: 'bundle.js.LICENSE.txt', text: 'inner' },
    ])
  })

  it.each([
    ['Ada Lovelace <ada@people.test> (https://people.test)', 'Copyright (c) Ada Lovelace\n'],
    [{ name: 'Ada Lovelace' }, 'Copyright (c) Ada Lovelace\n'],
    [undefined, 'Copyright (c) the authors\n'],
  ])('are the text that MIT means where there is no file, by %j', (author, line) => {
    const [only, ...rest] = licenceTexts(folder, 'MIT', author)
    expect(rest).toEqual([])
    expect(only?.file).toBeUndefined()
    expect(only?.text).toContain(line)
  })

  it('are none where there is no file and the licence is another', () => {
    expect(licenceTexts(folder, 'ISC', 'Ada')).toEqual([])
  })
})
