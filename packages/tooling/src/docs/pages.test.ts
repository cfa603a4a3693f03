import { describe, expect, it } from 'vitest'
import { commandPage, verbsOf } from './command-page.ts'
import { errorsPage } from './errors-page.ts'
import { settingsPage } from './settings-page.ts'

describe('generated pages', () => {
  it('list error codes in alphabetical order with cause and remedy', () => {
    const page = errorsPage({
      B: { title: 'Two', cause: 'Why.', fix: 'Do.' },
      A: { title: 'One', cause: 'Because.', fix: 'Go.' },
    })
    expect(page).toContain('## A\n\n**One.** Because.\n\nWhat to do: Go.\n\n## B')
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
