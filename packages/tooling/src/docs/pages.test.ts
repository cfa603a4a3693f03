import { RISK_CAUSES, RISK_CODES } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import { commandPage, verbsOf } from './command-page.ts'
import { errorsPage } from './errors-page.ts'
import { risksPage } from './risks-page.ts'
import { settingsPage } from './settings-page.ts'

describe('generated pages', () => {
  it('list error codes in alphabetical order with cause and remedy', () => {
    const page = errorsPage({
      B: { title: 'Two', cause: 'Why.', fix: 'Do.' },
      A: { title: 'One', cause: 'Because.', fix: 'Go.' },
    })
    expect(page).toContain('## A\n\n**One.** Because.\n\nWhat to do: Go.\n\n## B')
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

  it('list settings with default, bounds, and whether they are secret', () => {
    const page = settingsPage()
    expect(page).toContain('| `STAGE0_LEASE_MS` | `30000` |')
    expect(page).toMatch(/`MONGO_CONNECTION_STRING`.*Secret: never shown/)
  })

  it('find the verbs where the command lists them', () => {
    const help =
      'Options:\n  -h  x\n\nCommands:\n  plan [options]     Shows, and\n  run [options] [id]  y\n\nExit codes:\n  0 done\n'
    expect(verbsOf(help)).toEqual(['plan', 'run'])
  })

  it('show the help of each verb as it is printed', () => {
    expect(commandPage([{ verb: 'plan', text: 'Usage: x\n' }])).toContain('## stage0 plan\n\n```text\nUsage: x\n```')
  })
})
