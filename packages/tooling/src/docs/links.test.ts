import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { anchorsOf, brokenLinks } from './links.ts'
import { inProject } from './run-stage0.ts'

async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'stage0-links-'))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return (await brokenLinks(root)).map(({ file, line, text }) => `${file}:${line} ${text}`)
}

describe('links', () => {
  it.each([
    ['to a file', '[b](docs/b.md)'],
    ['to a folder', '[docs](docs)'],
    ['to a heading of another page', '[b](docs/b.md#to-do--done)'],
    ['to a heading here', '# A `b` [c](docs)\n\n[a](#a-b-c)'],
    ['to a heading that stands twice', '# A\n# A\n[a](#a-1)'],
    ['to an anchor of HTML', '<a id="x"></a> [x](#x)'],
    ['by a definition', '[b][b]\n\n[b]: docs/b.md'],
    ['to a picture', '![p](docs/p.png "title")'],
    ['to a page elsewhere', '[w](https://example.com/a?b=c#d) <https://example.com>'],
    ['in code', '`[x](nowhere.md)`\n\n```md\n[x](nowhere.md)\n```\n\n~~~\n[x][y]\n~~~'],
    ['in a comment', '<!-- [x](nowhere.md) -->'],
    ['to a path of a container', '`/input`, `/etc/hosts` and https://example.com/home/x'],
  ])('pass: %s', async (_, text) => {
    expect(await found({ 'a.md': text, 'docs/b.md': '## To do & done\n', 'docs/p.png': '' })).toEqual([])
  })

  it.each([
    ['[b](nowhere.md)', 'nowhere.md: there is no nowhere.md'],
    ['[b](docs/b.md#else)', 'docs/b.md#else: docs/b.md has no heading for it'],
    ['# A\n\n[a](#b)', '#b: a.md has no heading for it'],
    ['![p](docs/q.png)', 'docs/q.png: there is no docs/q.png'],
    ['<img src="docs/q.png">', 'docs/q.png: there is no docs/q.png'],
    ['[b][c]', '[b][c] is defined nowhere'],
    ['[b]: nowhere.md', 'nowhere.md: there is no nowhere.md'],
    ['[b]()', 'a link leads nowhere'],
    ['[b](../outside.md)', '../outside.md leaves the project'],
    ['[b](/docs/b.md)', '/docs/b.md begins at the root of a disk: write it relative to this file'],
    ['[b](http://)', 'http:// is no address that a reader can open'],
    ['[b](file:docs/b.md)', 'file:docs/b.md is no address that a reader can open'],
    ['```sh\ncd /home/me/project\n```', '/home/me is a place on one machine'],
  ])('are reported: %s', async (text, words) => {
    const [first = '', ...others] = await found({ 'a.md': `\n${text}`, 'docs/b.md': '# B\n' })
    expect([first.replace(/^a\.md:\d+ /, ''), others]).toEqual([words, []])
  })

  it('are reported with file and line, and not in what is built', async () => {
    const broken = '# A\n\nSee\n[b](b.md).\n'
    expect(await found({ 'x/a.md': broken, 'x/dist/a.md': broken, 'node_modules/a.md': broken })).toEqual([
      'x/a.md:4 b.md: there is no x/b.md',
    ])
  })

  it('of every page of the project lead somewhere', async () => {
    expect(await brokenLinks(inProject('.'))).toEqual([])
  })
})

describe('anchors', () => {
  it('are those of headings, in code blocks none', () => {
    expect([...anchorsOf('# The `GET /api/x{id}`\n## A_b: c\n```\n# no\n```\n')]).toEqual(['the-get-apixid', 'a_b-c'])
  })
})
