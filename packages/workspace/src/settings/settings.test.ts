import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SETTING_NAMES, SETTINGS } from './definitions.ts'
import { loadSettings, type Settings, type SettingSources } from './load-settings.ts'
import { hostsOf, redactUri } from './redact.ts'

let repository: string
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'stage0-settings-'))
})
afterEach(() => rmSync(repository, { recursive: true }))

const put = (path: string, content: string | Buffer): void => {
  mkdirSync(join(repository, path, '..'), { recursive: true })
  writeFileSync(join(repository, path), content)
}

function load(env: SettingSources['env'] = {}, overrides: SettingSources['overrides'] = {}): Settings {
  const loaded = loadSettings({ env, repository, overrides })
  if (!loaded.ok) throw new Error(loaded.error.map(({ text }) => text).join('\n'))
  return loaded.value
}

function refusals(env: SettingSources['env'] = {}): string[] {
  const loaded = loadSettings({ env, repository })
  if (loaded.ok) return []
  for (const { code, severity } of loaded.error) expect([code, severity]).toEqual(['SETTING_INVALID', 'error'])
  return loaded.error.map(({ text }) => text)
}

describe('where a setting comes from', () => {
  it('is the default when nobody says anything, and a missing repository has no files', () => {
    const loaded = loadSettings({ env: {} })
    expect(loaded.ok && loaded.value.API_PORT).toEqual({ value: 8081, from: 'default', source: 'the default' })
    expect(loaded.ok && loaded.value.INPUT_FOLDER.value).toBe('/input')
  })

  it('W-49: the environment beats a file, an option beats both', () => {
    put('api_config/API_PORT', ' 9001\n')
    expect(load().API_PORT).toMatchObject({ value: 9001, from: 'file', source: 'the file api_config/API_PORT' })
    expect(load({ API_PORT: '9002' }).API_PORT).toMatchObject({ value: 9002, from: 'environment' })
    expect(load({ API_PORT: '9002' }, { API_PORT: '9003' }).API_PORT).toMatchObject({ value: 9003, from: 'option' })
  })

  it.each([
    {
      overrides: { MIGRATION_BATCH_SIZE: '0' },
      optionNames: { MIGRATION_BATCH_SIZE: '--batch-size' },
      text: 'The option --batch-size is "0", but must be a whole number from 1 to 100000.',
      hint: 'Correct the option --batch-size.',
    },
    {
      overrides: { MONGO_CONNECTION_STRING: 'secret' },
      optionNames: { MONGO_CONNECTION_STRING: '--uri' },
      text: 'The option --uri has a value, but must be a connection string that begins with mongodb:// or mongodb+srv://.',
      hint: 'Correct the option --uri.',
    },
    {
      overrides: { API_PORT: 'x' },
      optionNames: {},
      text: 'API_PORT is "x" in the option, but must be a whole number from 0 to 65535.',
      hint: 'Correct the option.',
    },
  ])('a wrong value of an option is told by the name of the option: $text', ({ text, hint, ...given }) => {
    const loaded = loadSettings({ env: {}, repository, ...given })
    expect(loaded).toMatchObject({ ok: false, error: [{ code: 'SETTING_INVALID', text, hint }] })
  })

  it('W-49: the folder of settings can be renamed', () => {
    put('cfg/API_PORT', '9001')
    put('api_config/API_PORT', '9009')
    expect(load({ API_CONFIG_FOLDER: 'cfg' }).API_PORT.value).toBe(9001)
  })

  it('is the file in the folder of settings before the one in the repository', () => {
    put('MONGO_DB_NAME', 'outer')
    expect(load().MONGO_DB_NAME).toMatchObject({ value: 'outer', source: 'the file MONGO_DB_NAME' })
    put('api_config/MONGO_DB_NAME', 'inner')
    expect(load().MONGO_DB_NAME.value).toBe('inner')
  })

  it('W-48: an empty variable and an empty file count as none', () => {
    put('api_config/MONGODB_REQUIRE_TLS', '\n')
    expect(load({ MONGODB_REQUIRE_TLS: '' }).MONGODB_REQUIRE_TLS).toMatchObject({ value: true, from: 'default' })
  })

  it('takes BUILT_AT from a file only', () => {
    expect(load({ BUILT_AT: 'Local' }, { BUILT_AT: 'Local' }).BUILT_AT).toMatchObject({ value: '', from: 'default' })
    put('api_config/BUILT_AT', 'Local')
    expect(load().BUILT_AT).toMatchObject({ value: 'Local', from: 'file' })
  })
})

describe('a wrong setting', () => {
  it.each(['http://u:geheim@h:1', 'https://u:ge@h/geheim@h', 'HTTP://geheim@h'])('shows no password of %s', (uri) => {
    const told = refusals({ API_URL: uri }).join()
    expect(told).toContain('API_URL is "')
    expect(told).toContain('://***@h')
    expect(told).not.toContain('geheim')
  })

  const problemsOf = (env: Readonly<Record<string, string>> = {}) => {
    const loaded = loadSettings({ env, repository })
    return loaded.ok ? [] : loaded.error.map(({ file }) => file)
  }

  it('names the file that says it, and none where no file does', () => {
    put('api_config/API_PORT', 'x')
    expect(problemsOf()).toEqual(['api_config/API_PORT'])
    expect(problemsOf({ API_PORT: 'x' })).toEqual([undefined])
    expect(problemsOf({ API_PORT: '1', TYPE_FOLDER: 'enumerators' })).toEqual([undefined])
  })

  it('names the file that names a folder of another kind of file', () => {
    put('TYPE_FOLDER', 'enumerators')
    expect(problemsOf()).toEqual(['TYPE_FOLDER'])
    expect(problemsOf({ ENUMERATOR_FOLDER: 'enumerators' })).toEqual(['TYPE_FOLDER'])
  })
})

describe('values', () => {
  it.each([
    ['http://api:8081', 'http://api:8081'],
    ['https://Api.Example.com/', 'https://api.example.com'],
    ['http://[::1]:8081', 'http://[::1]:8081'],
  ])('reads the address %s as %s', (text, value) => {
    expect(load({ API_URL: text }).API_URL.value).toBe(value)
  })

  it.each([
    'api:8081',
    'ftp://api',
    'http://',
    'http://api/v1',
    'http://api/?x',
    'http://who:secret@api',
    'http://a b',
  ])('takes no %s for an address of a server', (text) => {
    const loaded = loadSettings({ env: { API_URL: text }, repository })
    expect(loaded).toMatchObject({ ok: false, error: [{ code: 'SETTING_INVALID' }] })
  })

  it.each([
    ...['true', 'TRUE', '1', 'yes', 'On'].map((text) => [text, true] as const),
    ...['false', 'False', '0', 'NO', 'off'].map((text) => [text, false] as const),
  ])('W-48: reads the boolean %s as %s', (text, value) => {
    expect(load({ MONGODB_REQUIRE_TLS: text }).MONGODB_REQUIRE_TLS.value).toBe(value)
  })

  it.each([
    [
      'MONGODB_REQUIRE_TLS',
      'ja',
      'MONGODB_REQUIRE_TLS is "ja" in the environment variable MONGODB_REQUIRE_TLS, but must be one of true, false, 1, 0, yes, no, on, off.',
    ],
    [
      'API_PORT',
      '80a',
      'API_PORT is "80a" in the environment variable API_PORT, but must be a whole number from 0 to 65535.',
    ],
    [
      'API_PORT',
      '70000',
      'API_PORT is "70000" in the environment variable API_PORT, but must be a whole number from 0 to 65535.',
    ],
    [
      'STAGE0_LEASE_MS',
      '499',
      'STAGE0_LEASE_MS is "499" in the environment variable STAGE0_LEASE_MS, but must be a whole number from 500 to 2147483647.',
    ],
    [
      'LOGGING_LEVEL',
      'loud',
      'LOGGING_LEVEL is "loud" in the environment variable LOGGING_LEVEL, but must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL.',
    ],
    [
      'TYPE_FOLDER',
      '../types',
      'TYPE_FOLDER is "../types" in the environment variable TYPE_FOLDER, but must be a plain name, without a path.',
    ],
    ['TYPE_FOLDER', 'dictionaries', 'TYPE_FOLDER and DICTIONARY_FOLDER both name the folder "dictionaries".'],
    [
      'MONGO_DB_NAME',
      'a.b',
      'MONGO_DB_NAME is "a.b" in the environment variable MONGO_DB_NAME, but must be the name of a database: at most 63 bytes, none of / \\ . " $ * < > : | ? or blank.',
    ],
    [
      'MONGO_CONNECTION_STRING',
      'user:hush@host',
      'MONGO_CONNECTION_STRING has a value in the environment variable MONGO_CONNECTION_STRING, but must be a connection string that begins with mongodb:// or mongodb+srv://.',
    ],
  ])('W-48: refuses %s = %s in a sentence with name, value and source', (name, value, sentence) => {
    expect(refusals({ [name]: value })).toEqual([sentence])
  })

  it('reports every wrong setting at once, with the file it stands in', () => {
    put('api_config/API_PORT', 'x')
    put('api_config/AUTO_PROCESS', 'maybe')
    expect(refusals().map((text) => text.slice(0, 50))).toEqual([
      'API_PORT is "x" in the file api_config/API_PORT, b',
      'AUTO_PROCESS is "maybe" in the file api_config/AUT',
    ])
  })

  it('reads LOGGING_LEVEL in any case', () => {
    expect(load({ LOGGING_LEVEL: 'debug' }).LOGGING_LEVEL.value).toBe('DEBUG')
  })
})

describe('files of settings that cannot be read', () => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'it is not a regular file'],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'it is not a regular file'],
    [
      'a link out of the repository',
      (path: string) => symlinkSync('/etc/hostname', path),
      'it is a link that leaves the repository',
    ],
    ['a link in a circle', (path: string) => symlinkSync(path, path), 'its symbolic links lead in a circle'],
    ['not UTF-8', (path: string) => writeFileSync(path, Buffer.from([0xff, 0xfe])), 'it is not UTF-8'],
    ['huge', (path: string) => writeFileSync(path, 'x'.repeat(70_000)), 'it is larger than 65536 bytes'],
  ])('are refused when they are %s', (_, make, reason) => {
    make(join(repository, 'UI_HEADER'))
    expect(refusals()).toEqual([`The file UI_HEADER, which sets UI_HEADER, cannot be read: ${reason}.`])
  })
})

describe('ENVIRONMENT_NAME', () => {
  it.each([
    ['mongodb://127.0.0.1:27017', 'local'],
    ['mongodb://u:p@localhost/?directConnection=true', 'local'],
    ['mongodb://[::1]:27018/x', 'local'],
    ['mongodb://%2Ftmp%2Fmongodb-27017.sock', 'local'],
    ['mongodb://localhost,db2.example.org', 'db2.example.org'],
    ['mongodb+srv://u:p%40@cluster.example.org/db', 'cluster.example.org'],
    ['mongodb://127.0.0.1.example.org', '127.0.0.1.example.org'],
  ])('is by default, for %s, %s', (uri, name) => {
    expect(load({ MONGO_CONNECTION_STRING: uri }).ENVIRONMENT_NAME.value).toBe(name)
  })

  it('is what it is set to', () => {
    expect(
      load({ MONGO_CONNECTION_STRING: 'mongodb://localhost', ENVIRONMENT_NAME: 'staging' }).ENVIRONMENT_NAME.value,
    ).toBe('staging')
  })

  it('finds every host', () => {
    expect(hostsOf('mongodb://u:p/@[fe80::1]:1,b:2,c/db?x=@z')).toEqual(['fe80::1', 'b', 'c'])
  })
})

describe('secrets', () => {
  it.each([
    ['mongodb://user:hush@host:27017/db', 'mongodb://***@host:27017/db'],
    ['cannot reach "mongodb+srv://u:hu@sh/hush@host", gave up', 'cannot reach "mongodb+srv://***@host", gave up'],
    [
      'mongodb://host/?authMechanismProperties=AWS_SESSION_TOKEN:hush&x=1',
      'mongodb://host/?authMechanismProperties=***&x=1',
    ],
    ['mongodb://host/?tlsCertificateKeyFilePassword=hush', 'mongodb://host/?tlsCertificateKeyFilePassword=***'],
    ['mongodb://host:27017', 'mongodb://host:27017'],
  ])('are cut out of %s', (text, redacted) => {
    expect(redactUri(text)).toBe(redacted)
    expect(redactUri(text)).not.toContain('hush')
  })
})

describe('the catalogue of settings', () => {
  it.each(SETTING_NAMES)('describes %s', (name) => {
    expect(SETTINGS[name].description).toMatch(/^[A-Z`].{10,}\.$/)
    expect(name).toMatch(/^[A-Z0-9_]+$/)
  })
})
