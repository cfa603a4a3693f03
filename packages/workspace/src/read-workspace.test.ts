import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryFiles } from '@stage0/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readWorkspace, workspaceOptions } from './read-workspace.ts'
import { loadSettings } from './settings/load-settings.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stage0-workspace-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const put = (path: string, content: string | Buffer = ''): void => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), content)
}

const SETTINGS = loadSettings({ env: {} })
const OPTIONS = SETTINGS.ok ? workspaceOptions(SETTINGS.value) : undefined

async function read(folder = root, maxFileBytes = OPTIONS!.maxFileBytes): Promise<RepositoryFiles> {
  const result = await readWorkspace(folder, { ...OPTIONS!, maxFileBytes })
  if (!result.ok) throw new Error(result.error.map(({ code, text }) => `${code}: ${text}`).join('\n'))
  return result.value
}

const findings = ({ problems }: RepositoryFiles): string[] =>
  problems.map(({ severity, code, file }) => `${severity} ${code} ${file}`)

describe('a repository that can be read', () => {
  it('W-21: is read in code point order, whatever the order on disk', async () => {
    for (const name of ['b.yaml', 'a.yaml', 'B.yaml', '\u{1F600}.yaml', '\uFF21.yaml', 'a.1.0.0.yaml'])
      put(`types/${name}`, name)
    const { files } = await read()
    expect(files.map(({ name }) => name)).toEqual([
      'B.yaml',
      'a.1.0.0.yaml',
      'a.yaml',
      'b.yaml',
      '\uFF21.yaml',
      '\u{1F600}.yaml',
    ])
    expect(files.every(({ name, text, path }) => text === name && path === `types/${name}`)).toBe(true)
  })

  it('gives each file its folder, its text with byte order mark, and the hash of its bytes', async () => {
    put('test_data/x.json', '\uFEFF[]\r\n')
    const { files, problems } = await read()
    const hash = createHash('sha256').update('\uFEFF[]\r\n').digest('hex')
    expect(files).toEqual([
      { folder: 'test_data', name: 'x.json', path: 'test_data/x.json', text: '\uFEFF[]\r\n', hash },
    ])
    expect(problems).toEqual([])
  })

  it('W-20: ignores other names and dot files with a notice, and sub-folders silently', async () => {
    put('enumerators/enumerations.0.yaml')
    put('enumerators/README.md')
    put('enumerators/.DS_Store')
    put('enumerators/.hidden.yaml')
    put('enumerators/old.yaml/inner.yaml')
    const result = await read()
    expect(result.files.map(({ name }) => name)).toEqual(['enumerations.0.yaml'])
    expect(findings(result)).toEqual([
      'notice FILE_IGNORED enumerators/.DS_Store',
      'notice FILE_IGNORED enumerators/.hidden.yaml',
      'notice FILE_IGNORED enumerators/README.md',
    ])
  })

  it('takes a missing folder as an empty one, and reads the three endings', async () => {
    put('types/a.yaml')
    put('types/b.yml')
    put('types/c.json')
    expect((await read()).files.map(({ name }) => name)).toEqual(['a.yaml', 'b.yml', 'c.json'])
  })

  it('reads many files, each once', async () => {
    for (let i = 0; i < 200; i++) put(`types/t${i}.yaml`, `${i}`)
    const { files } = await read()
    expect(new Set(files.map(({ text }) => text)).size).toBe(200)
    expect(files).toHaveLength(200)
  })
})

describe('links and special files', () => {
  it('W-35: a link that leaves the repository is refused, one inside is followed', async () => {
    put('types/word.yaml', 'root: {}')
    symlinkSync('word.yaml', join(root, 'types/alias.yaml'))
    symlinkSync('/etc/hostname', join(root, 'types/out.yaml'))
    symlinkSync(`${root}-sibling`, join(root, 'types/nowhere.yaml'))
    symlinkSync('circle.yaml', join(root, 'types/circle.yaml'))
    const result = await read()
    expect(result.files.map(({ name, text }) => [name, text])).toEqual([
      ['alias.yaml', 'root: {}'],
      ['word.yaml', 'root: {}'],
    ])
    expect(findings(result)).toEqual([
      'error FILE_REFUSED types/circle.yaml',
      'error FILE_REFUSED types/nowhere.yaml',
      'error FILE_REFUSED types/out.yaml',
    ])
  })

  it('W-35: a folder that is a link out of the repository is refused', async () => {
    mkdirSync(join(root, 'dictionaries'))
    symlinkSync('/etc', join(root, 'types'))
    expect(findings(await read())).toEqual(['error FILE_REFUSED types'])
  })

  it('refuses a pipe without waiting for it', async () => {
    mkdirSync(join(root, 'types'))
    execFileSync('mkfifo', [join(root, 'types/pipe.yaml')])
    const result = await read()
    expect(findings(result)).toEqual(['error FILE_REFUSED types/pipe.yaml'])
    expect(result.problems[0]?.text).toContain('a pipe')
  })
})

describe('files that cannot be used', () => {
  it('W-55: a file above the limit is reported with its size and not read', async () => {
    put('types/big.yaml', 'x'.repeat(2_000_000))
    put('types/just.yaml', 'x'.repeat(1_048_576))
    const result = await read(root, 1_048_576)
    expect(result.files.map(({ name }) => name)).toEqual(['just.yaml'])
    expect(result.problems).toMatchObject([
      { code: 'FILE_TOO_LARGE', text: 'The file has 1.91 MiB, more than the 1 that MAX_FILE_MB allows.' },
    ])
  })

  it('reports bytes that are not UTF-8 and names that cannot be used', async () => {
    put('types/latin.yaml', Buffer.from([0x61, 0xe9]))
    put(`types/${'n'.repeat(201)}.yaml`)
    put('types/tab\t.yaml')
    expect(findings(await read())).toEqual([
      'error FILE_NOT_UTF8 types/latin.yaml',
      `error FILE_NAME_INVALID types/${'n'.repeat(201)}.yaml`,
      'error FILE_NAME_INVALID types/tab\t.yaml',
    ])
  })

  it('reports a folder that is a file, or a link in a circle, as unreadable', async () => {
    put('types', 'not a folder')
    symlinkSync('migrations', join(root, 'migrations'))
    expect(findings(await read())).toEqual(['error FILE_UNREADABLE types', 'error FILE_UNREADABLE migrations'])
  })
})

describe('a folder that is no repository', () => {
  const refusal = async (folder: string) => {
    const result = await readWorkspace(folder, OPTIONS!)
    return result.ok ? [] : result.error.map(({ code, severity }) => [code, severity])
  }

  it('is not found when it is missing, or a file, or a link in a circle', async () => {
    put('file')
    symlinkSync('circle', join(root, 'circle'))
    for (const name of ['missing', 'file', 'file/below', 'circle']) {
      expect(await refusal(join(root, name))).toEqual([['REPOSITORY_NOT_FOUND', 'error']])
    }
  })

  it('is empty when it has none of the known folders', async () => {
    put('src/a.yaml')
    expect(await refusal(root)).toEqual([['REPOSITORY_EMPTY', 'error']])
  })

  it('is a repository with one of them alone', async () => {
    mkdirSync(join(root, 'enumerators'))
    expect(await refusal(root)).toEqual([])
  })
})

describe('a file that cannot be used', () => {
  const textsOf = async (): Promise<(string | undefined)[]> =>
    (await read(root, 1_048_576)).problems.map(({ code, text }) => `${code}: ${text}`)

  it('is called UTF-16 where it is', async () => {
    put('types/a.yaml', Buffer.from('\ufeffroot: 1', 'utf16le'))
    expect(await textsOf()).toEqual(['FILE_NOT_UTF8: The file is UTF-16, not UTF-8.'])
  })

  it('has a size above the limit also when it is a byte above it', async () => {
    put('types/a.yaml', Buffer.alloc(1_048_577, 32))
    expect(await textsOf()).toEqual(['FILE_TOO_LARGE: The file has 1.01 MiB, more than the 1 that MAX_FILE_MB allows.'])
  })

  it('has a name that is no UTF-8, and is not called a link', async () => {
    put('types/a.yaml', 'x')
    writeFileSync(Buffer.concat([Buffer.from(`${root}/types/`), Buffer.from([0xff]), Buffer.from('.yaml')]), 'x')
    expect(await textsOf()).toEqual([
      'FILE_NAME_INVALID: The file name is not valid UTF-8, so the file cannot be opened.',
    ])
  })
})
