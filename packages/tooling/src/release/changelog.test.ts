import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProject } from '../fresh.ts'
import { notesOf, readChangeset, withVersion, type Changeset } from './changelog.ts'
import { allPackages } from './published.ts'

const change = (kind: Changeset['kind'], text: string): Changeset => ({ kind, text, packages: ['@stage0/cli'] })

describe('a changeset', () => {
  it('is the largest of what it is to its packages, and words', () => {
    expect(readChangeset(`---\n"@stage0/cli": patch\n'@stage0/mongo': minor\n---\n\nWords.\n\nMore.\n`)).toEqual({
      kind: 'minor',
      text: 'Words.\n\nMore.',
      packages: ['@stage0/cli', '@stage0/mongo'],
    })
  })

  it('of no package is for nobody to read', () => {
    expect(readChangeset('---\n---\n')).toBeUndefined()
  })

  it.each([
    ['has no head', 'Words.'],
    ['names an odd kind', "---\n'@stage0/cli': huge\n---\nWords."],
    ['says nothing', "---\n'@stage0/cli': patch\n---\n"],
  ])('that %s is refused', (_what, text) => {
    expect(() => readChangeset(text)).toThrow(/^A changeset/)
  })

  it('that waits in the project names packages that there are', () => {
    const folder = inProject('.changeset')
    const waiting = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
    const names = allPackages().map(({ manifest }) => manifest.name)
    for (const name of waiting) {
      const { packages = [] } = readChangeset(readFileSync(`${folder}/${name}`, 'utf8')) ?? {}
      expect(names, name).toEqual(expect.arrayContaining([...packages]))
    }
  })
})

describe('the changelog', () => {
  const before = '# Changelog\n\n## Unreleased\n\n- Written by hand.\n\n## 0.1.0 (2026-01-01)\n\n- First.\n'

  it('gets a section for a version: what stood unreleased, then the changesets by kind', () => {
    const changes = [change('patch', 'Mended.\nTruly.'), change('minor', 'New.'), change('patch', 'Also mended.')]
    const after = withVersion(before, '0.2.0', '2026-02-03', changes)
    expect(after).toBe(
      [
        '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n- Written by hand.\n',
        '### New\n\n- New.\n\n### Mended\n\n- Mended.\n  Truly.\n- Also mended.\n\n## 0.1.0 (2026-01-01)\n\n- First.\n',
      ].join('\n'),
    )
    expect(notesOf(after, '0.1.0')).toBe('- First.\n')
    expect(notesOf(after, '0.2.0')).toMatch(/^- Written by hand\.\n\n### New\n/)
    expect(notesOf(after, '0.2')).toBeUndefined()
    expect(withVersion(after, '0.2.1', '2026-02-04', [change('patch', 'Again.')])).toContain(
      '## Unreleased\n\n## 0.2.1 (2026-02-04)\n\n### Mended\n\n- Again.\n\n## 0.2.0 (2026-02-03)',
    )
  })

  it('gets no second section for a version, and none without its heading', () => {
    expect(() => withVersion(before, '0.1.0', '2026-01-01', [])).toThrow('already')
    expect(() => withVersion('# Changelog\n', '0.1.0', '2026-01-01', [])).toThrow('Unreleased')
  })

  it('of the project can take the next version', () => {
    const changelog = readFileSync(inProject('CHANGELOG.md'), 'utf8')
    const after = withVersion(changelog, '999.0.0', '2026-01-01', [change('minor', 'New.')])
    expect(notesOf(after, '999.0.0')).toContain('- New.')
    expect(after).toContain('## Unreleased\n\n## 999.0.0')
  })
})
