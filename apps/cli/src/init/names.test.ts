import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { databaseAfter, nameAfter, parseDatabase, parseName } from './names.ts'

describe('the name of a repository', () => {
  it.each(['shop', 'a', 'shop-2', 'null', 'true', 'on', 'e1', 'a'.repeat(40)])('may be %s', (name) => {
    expect(parseName(name)).toEqual({ ok: true, value: name })
  })

  it.each([
    ...[
      '',
      '.',
      '..',
      '../shop',
      '/etc',
      'a/b',
      'a\\b',
      '-x',
      'x-',
      'a--b',
      'Shop',
      'shöp',
      '1e3',
      '0x1',
      '~',
      '$HOME',
    ],
    ...[
      'a b',
      'a\nb',
      'a\u0000',
      "a'b",
      'a"b',
      'a`b`',
      '${x}',
      '@@NAME@@',
      '{{ name }}',
      'a:b',
      '\u202eshop',
      'a'.repeat(41),
    ],
  ])('is never %j', (name) => {
    expect(parseName(name)).toMatchObject({ ok: false, error: { code: 'INIT_NAME_INVALID', exit: 64 } })
  })

  it.each([
    ['/work/Shop', 'shop'],
    ['/work/Müller & Söhne', 'mu-ller-so-hne'],
    ['/work/2026-shop', 'shop'],
    ['/work/日本', 'configuration'],
    ['/', 'configuration'],
    [`/work/${'long-'.repeat(20)}`, 'long-long-long-long-long-long-long-long'],
  ])('is proposed after the folder %s: %s', (folder, name) => {
    expect(nameAfter(folder)).toBe(name)
    expect(parseName(nameAfter(folder)).ok).toBe(true)
  })
})

describe('the name of the database', () => {
  it.each([
    '',
    'a/b',
    'a.b',
    'a b',
    'a$b',
    'x'.repeat(64),
    'admin',
    'Local',
    'config',
    'a\tb',
    'a\nb',
    'a\u2028b',
    'a\u202eb',
  ])('is never %j', (name) => {
    expect(parseDatabase(name)).toMatchObject({ ok: false, error: { code: 'INIT_NAME_INVALID', exit: 64 } })
  })

  it.each([
    ['shop', 'shop'],
    ['my-shop', 'my_shop'],
    ['admin', 'admin_data'],
  ])('is proposed after the name %s: %s', (name, database) => {
    expect(databaseAfter(name)).toBe(database)
    expect(parseDatabase(database).ok).toBe(true)
  })
})

/** What a piece of Markdown reads as: a word without signs, or one span of code, as CommonMark has it. */
function readMarkdown(text: string): string | undefined {
  if (/^[A-Za-z0-9@./:-]*$/.test(text)) return text
  const [, fence, code = ''] = /^(`+)(.*[^`])\1$/.exec(text) ?? []
  if (fence === undefined || [...(code.match(/`+/g) ?? [])].includes(fence)) return undefined
  return /^ .* $/.test(code) ? code.slice(1, -1) : code
}

describe('a hostile name that is allowed', () => {
  it.each([
    { database: "it's#[a](b)&{c}`d``e`!" },
    { database: "';-x,!!js@@NAME@@" },
    { database: '`code`' },
    { name: 'null', database: 'no' },
    { name: 'on', database: '1e3' },
  ])('stands in the files as what it is: $name $database', async ({ name = 'shop', database }) => {
    const folder = join(await temporaryFolder(), 'new')
    const io = recordingIo()
    expect(await run(['init', folder, '--name', name, '--database', database], io, '1.2.3')).toBe(0)
    expect((await readFile(join(folder, 'api_config/MONGO_DB_NAME'), 'utf8')).trim()).toBe(database)
    const compose = load(await readFile(join(folder, 'compose.yaml'), 'utf8')) as { readonly name: unknown }
    expect(compose.name).toBe(name)
    const readme = await readFile(join(folder, 'README.md'), 'utf8')
    const [, shown = ''] = /What the database (.*?) looks like/.exec(readme) ?? []
    expect(readMarkdown(shown)).toBe(database)
  })
})
