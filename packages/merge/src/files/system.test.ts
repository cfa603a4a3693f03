import { mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reasonOf } from './system.ts'
import { temporaryFolder, writeFiles } from './testing/folders.ts'

it.each([
  ['a folder that is not empty', (folder: string) => rmdirSync(folder), 'something was put into it meanwhile'],
  ['a name that is taken', (folder: string) => mkdirSync(join(folder, 'a')), 'something else was put there meanwhile'],
])('the system says of %s what people can do something with', (_what, act, reason) => {
  const folder = writeFiles(temporaryFolder(), { a: '' })
  let said: string | undefined
  try {
    act(folder)
  } catch (thrown) {
    said = reasonOf(thrown)
  }
  expect(said).toBe(reason)
})
