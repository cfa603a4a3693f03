import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemsOf } from '../process/testing/merge-of.ts'
import { openTemplate } from './open-template.ts'
import { temporaryFolder, writeFiles } from './testing/folders.ts'

it.each([
  ['a file', (path: string) => writeFiles(path, { '../.stage0-merge-notes': 'mine' }), '.stage0-merge-notes'],
  ['a folder', (path: string) => writeFiles(path, { '../.stage0-merge-notes/a': 'mine' }), '.stage0-merge-notes'],
  ['a link', (path: string) => symlinkSync('a', join(path, '../.stage0-merge-into-1-x')), '.stage0-merge-into-1-x'],
  ['a file in capitals', (path: string) => writeFiles(path, { '../.STAGE0-merge-x': '' }), '.STAGE0-merge-x'],
])('a template with %s that has a name of the merge itself says so, and does not pass over it', (_what, make, name) => {
  const folder = writeFiles(temporaryFolder(), { a: '' })
  mkdirSync(join(folder, 'below'))
  make(join(folder, 'below'))
  expect(problemsOf(openTemplate(folder))).toEqual([
    `-:- TEMPLATE_FOLDER_UNUSABLE ${name} cannot be a part of a product: names that begin so are kept for the merge itself.`,
  ])
})

it('a template is read without what a merge that was killed left in it, and with such names further down', () => {
  const folder = writeFiles(temporaryFolder(), { '.stage0-merge-into-1-x/files/0': '', 'a/.stage0-merge-notes': '' })
  const opened = openTemplate(folder)
  expect(opened.ok && [...opened.value.entries.keys()]).toEqual(['a', 'a/.stage0-merge-notes'])
})
