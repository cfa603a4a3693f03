import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands/registry.ts'
import { SUPPORT_PAGE_PATH, supportPage } from './support-page.ts'

describe('docs/embedded-support.md', () => {
  it('is what the tables of the server say', () => {
    expect(readFileSync(SUPPORT_PAGE_PATH, 'utf8')).toBe(supportPage())
  })

  it('names every command by every name, and no name is taken twice', () => {
    const names = COMMANDS.flatMap((command) => command.names)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(supportPage()).toContain(`\`${name}\``)
  })
})
