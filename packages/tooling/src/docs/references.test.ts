import { readFileSync } from 'node:fs'
import { readRepository, type FolderKind } from '@stage0/core'
import { ERRORS, RunEvent, type ErrorEntry } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { EVENTS, eventsPage } from './events-page.ts'
import { formatPage } from './format-page.ts'
import { BESIDE_ROUTES, httpPage } from './http-page.ts'
import { anchorOf } from './markdown.ts'
import { inProject } from './run-stage0.ts'
import type { Schema } from './schema-rows.ts'
import { schemasPage } from './schemas-page.ts'

const source = (path: string): string => readFileSync(inProject(path), 'utf8')
const prose = (name: string): string => source(`packages/tooling/src/docs/prose/${name}.md`)
const sample = (path: string): string => source(`packages/templates/sample/${path}`)
const openapi = JSON.parse(source('apps/api/openapi.json')) as Schema & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>
}

describe('docs/events.md', () => {
  it('describes every event of the contract, each with an example of its own type', () => {
    const types = RunEvent.anyOf.map(({ properties }) => properties.type.const)
    expect(Object.keys(EVENTS)).toEqual(types)
    const page = eventsPage()
    for (const type of types) {
      expect(EVENTS[type].example.type).toBe(type)
      const section = page.split(`\n## ${type}\n`)[1]?.split('\n## ')[0] ?? ''
      expect(section).toContain(EVENTS[type].when)
      expect(section).toContain(`"type": "${type}"`)
    }
  })

  it('gives examples that hold what is always there, and nothing that the contract does not know', () => {
    for (const { properties, required } of RunEvent.anyOf as readonly {
      properties: object
      required: readonly string[]
    }[]) {
      const type = (properties as { type: { const: keyof typeof EVENTS } }).type.const
      const fields = Object.keys(EVENTS[type].example)
      expect(fields.filter((name) => !Object.hasOwn(properties, name))).toEqual([])
      expect(required.filter((name) => !fields.includes(name))).toEqual([])
    }
  })
})

describe('docs/http.md', () => {
  const page = httpPage(openapi, prose('http'))

  it('says of every parameter and of every field what it means', () => {
    const rows = page.split('\n').filter((line) => /^\| `/.test(line))
    expect(rows.length).toBeGreaterThan(400)
    // A table of errors or routes ends with its meaning as well; what has none ends with an empty cell.
    expect(rows.filter((line) => /\|\s*\|$/.test(line))).toEqual([])
  })

  it('describes every route of the OpenAPI document once, and links to it', () => {
    const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary }]) => [`${method.toUpperCase()} ${path}`, summary] as const),
    )
    for (const [title, summary] of routes) {
      const parts = page.split(`\n### ${title}\n`)
      expect(parts, title).toHaveLength(2)
      expect(parts[1]?.startsWith(`\n${summary}.`), title).toBe(true)
      expect(page).toContain(`](#${anchorOf(title)})`)
    }
    expect(routes.length).toBeGreaterThan(40)
  })

  it('has a part for every body that it links to', () => {
    for (const [, anchor = ''] of page.matchAll(/\]\(#([a-z]+)\)/g)) {
      expect(
        page.split('\n').some((line) => /^#+ /.test(line) && anchorOf(line.replace(/^#+ /, '')) === anchor),
        anchor,
      ).toBe(true)
    }
  })

  it('shows an error as the catalogue has it', () => {
    const [, example = ''] = /```json\n(\{\n {2}"type"[^]*?)```/.exec(page) ?? []
    const shown = JSON.parse(example) as { readonly code: keyof typeof ERRORS; readonly type: string }
    const { title, fix, status } = ERRORS[shown.code] as ErrorEntry
    expect(shown).toMatchObject({ type: `/api/errors/${shown.code}`, title, fix, status })
  })

  it('tells every status that an error of the service has', () => {
    const told = new Set([...page.matchAll(/^\| (\d{3}) +\|/gm)].map(([, status]) => Number(status)))
    const statuses = Object.values(ERRORS).flatMap((entry: ErrorEntry) => entry.status ?? [])
    expect([...new Set(statuses)].filter((status) => !told.has(status))).toEqual([])
    expect(BESIDE_ROUTES.filter(([status]) => !told.has(status))).toEqual([])
  })

  it('refuses a route without a group, and so is never short of one', () => {
    const strange = { paths: { '/x': { get: { summary: 'X', tags: ['new'], responses: {} } } } }
    expect(() => httpPage(strange, '')).toThrow('GET /x has the tag "new"')
  })
})

describe('docs/format.md', () => {
  const page = formatPage(prose('format'), sample)

  it('has something in the place of every marker', () => {
    expect(page).not.toMatch(/\{\{\w/)
    expect(() => formatPage('{{nothing}}', sample)).toThrow('nothing stands for {{nothing}}')
    expect(() => formatPage('{{table types /definitions/none}}', sample)).toThrow('no /definitions/none')
    expect(() => formatPage('{{table kinds}}', sample)).toThrow('no kind of file is called "kinds"')
  })

  it('shows files and properties that are read without a problem', () => {
    const blocks = [...page.matchAll(/```(yaml|json)\n([^]*?)```/g)].map(
      ([, language, text = '']) => [language, text] as const,
    )
    const problems = blocks.flatMap(([language, text]) => {
      const [, folder, name] = /^# (\w+)\/(\S+)\n/.exec(text) ?? []
      const property = `root:\n  type: object\n  properties:\n    - ${text.trimEnd().replaceAll('\n', '\n      ')}\n`
      const file =
        language === 'json'
          ? { folder: text.includes('"$out"') ? 'migrations' : 'test_data', name: 'x.json', text }
          : folder === undefined
            ? { folder: 'dictionaries', name: 'x.yaml', text: property }
            : { folder, name: name ?? '', text }
      const raw = { ...file, folder: file.folder as FolderKind, path: `${file.folder}/${file.name}`, hash: '' }
      return readRepository({ files: [raw], problems: [] }).problems.map(
        ({ code, text: what }) => `${code} ${what} ${text}`,
      )
    })
    expect(problems).toEqual([])
    expect(blocks.length).toBeGreaterThan(15)
  })
})

describe('docs/schemas/README.md', () => {
  it('links every schema, and shows the settings of an editor', () => {
    const page = schemasPage(prose('schemas'))
    expect(page).not.toContain('{{')
    for (const kind of ['configuration', 'dictionary', 'type', 'enumerators', 'test_data', 'migration'])
      expect(page).toContain(`(${kind}.schema.json)`)
    expect(page).toContain('"./.schemas/type.schema.json": [')
  })
})
