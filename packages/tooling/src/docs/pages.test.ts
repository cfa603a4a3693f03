import { readFileSync } from 'node:fs'
import { RISK_CAUSES, RISK_CODES } from '@stage0/core'
import { ERROR_AREAS, ERRORS, EXIT } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { commandPage, exitCodes, verbsOf } from './command-page.ts'
import { differenceOf } from './difference.ts'
import { errorsPage } from './errors-page.ts'
import { risksPage } from './risks-page.ts'

const source = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')

describe('generated pages', () => {
  it('list error codes by area in alphabetical order with cause, remedy and the status of HTTP', () => {
    const page = errorsPage([
      [
        'Things',
        {
          B: { title: 'Two', cause: 'Why.', fix: 'Do.', status: 409 },
          A: { title: 'One', cause: 'Because.', fix: 'Go.' },
        },
      ],
    ])
    expect(page).toContain('| [Things](#things) | [`A`](#a), [`B`](#b) |')
    expect(page).toContain('### A\n\n**One.** Because.\n\nWhat to do: Go.\n\n### B\n\n**Two.** HTTP 409. Why.')
  })

  it('list every error code once', () => {
    const page = errorsPage(Object.entries(ERROR_AREAS))
    for (const code of Object.keys(ERRORS)) expect(page.split(`\n### ${code}\n`), code).toHaveLength(2)
  })

  it('list every code of a risk with what brings it and how a file accepts it', () => {
    const page = risksPage(RISK_CODES, RISK_CAUSES)
    for (const [code, { title }] of Object.entries(RISK_CODES)) {
      const section = page.split(`\n## ${code}\n`)[1]?.split('\n## ')[0] ?? ''
      const causes = Object.values(RISK_CAUSES).filter((one) => one.code === code)
      expect([page.includes(`(#${code.toLowerCase()})`), section.includes(title), causes.length > 0]).toEqual([
        true,
        true,
        true,
      ])
      for (const { when, why, safer } of causes)
        expect([when, why, safer].filter((text) => !section.includes(text))).toEqual([])
    }
    expect(page).toContain('    allow:\n      - code: LI\n        path: byPhone\n        reason: ')
  })

  it('find the verbs where the command lists them', () => {
    const help =
      'Options:\n  -h  x\n\nCommands:\n  plan [options]     Shows, and\n  run [options] [id]  y\n\nExit codes:\n  0 done\n'
    expect(verbsOf(help)).toEqual(['plan', 'run'])
  })

  it('show the help of each verb as it is printed, and what it does in a table of all', () => {
    const page = commandPage([
      { verb: '', text: 'Usage: stage0' },
      { verb: 'plan', text: 'Usage: stage0 plan [options]\n\nShows the\nsteps.\n\nOptions:\n  -h\n' },
    ])
    expect(page).toContain('| [`plan`](#stage0-plan) | Shows the steps. |')
    expect(page).toContain('## stage0 plan\n\n```text\nUsage: stage0 plan [options]\n\nShows the\nsteps.\n')
  })

  it('explain every exit code that the command has', () => {
    expect(exitCodes()).toEqual([...Object.values(EXIT).map(String), '128 + n'])
    for (const code of exitCodes())
      expect(source('apps/cli/src/program.ts')).toMatch(new RegExp(`  ${code.replace('+', '\\+')} [a-z]`))
  })
})

describe('the check of generated pages', () => {
  it.each([
    [undefined, 'a\n', 'it does not exist'],
    ['a\nb\n', 'a\nc\n', 'line 2 is "b", and would be "c"'],
    ['a\n', 'a\nb\n', 'line 2 is "", and would be "b"'],
    ['a\nb', 'a', 'line 2 is "b", and would be nothing'],
  ])('says where %j first differs from %j', (found, wanted, words) => {
    expect(differenceOf(found, wanted)).toBe(words)
  })

  it('cuts what is long', () => {
    expect(differenceOf('x'.repeat(500), '').length).toBeLessThan(200)
  })
})
