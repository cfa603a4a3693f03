import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERRORS } from '@stage0/types'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const THIS_FILE = fileURLToPath(import.meta.url)

/** The texts of all test files of the project but this one. */
const TESTS = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name, 'src')))
  .flatMap((folder) => testFiles(folder))
  .filter((file) => file !== THIS_FILE)
  .map((file) => readFileSync(file, 'utf8'))

function testFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name))
  } catch {
    return [] // a package without sources: trees of files only
  }
}

/** Names of tests: the first argument of `it`, `test` and `describe`, and rows of tables, which stand in quotes as well. */
const NAMES = TESTS.flatMap((text) => text.match(/(['"`]).*?\1/g) ?? [])

describe('the project tests', () => {
  // W-28 to W-30 are kept on purpose: docs/adr/0005-kept-for-parity.md.
  const ofTheEngine = Array.from({ length: 32 }, (_, index) => index + 1).filter((number) => number < 28 || number > 30)
  const ofTheService = [45, 46, 51, 52, 53, 54, 55]
  const ofTheConsole = [1, 2, 9, 13, 14, 15, 16, 17]
  const numbered = (letter: string) => (number: number) => `${letter}-${String(number).padStart(2, '0')}`

  it.each([...[...ofTheEngine, ...ofTheService].map(numbered('W')), ...ofTheConsole.map(numbered('C'))])(
    'the defect %s of the first implementation under its number',
    (number) => {
      expect(NAMES.some((name) => name.includes(number))).toBe(true)
    },
  )

  it.each(Object.keys(ERRORS))('the error code %s', (code) => {
    expect(TESTS.some((text) => new RegExp(`\\b${code}\\b`).test(text))).toBe(true)
  })
})
