import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { markOf } from '@stage0/merge'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { stage0 } from '../testing/run-command.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { becomeFolder, placeInto, remove, stage } from './staging.ts'

async function init(...args: readonly string[]) {
  const io = recordingIo()
  return { exit: await run(['init', ...args], io, '1.2.3'), ...io.written }
}

/** Leaves what an init that was killed left, under another name and so old. */
async function leave(folder: string, rest: string, ageMs: number): Promise<string> {
  const { path } = stage(folder, 'into', [{ path: 'a', text: 'a' }])
  const name = `.stage0-init-into-${rest}abcdef`
  await rename(join(path, 'whole'), join(path, 'partial'))
  await rename(path, join(folder, name))
  const then = new Date(Date.now() - ageMs)
  await utimes(join(folder, name), then, then)
  return name
}

/** Everything below a folder, with the texts of files. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    return [path.slice(folder.length + 1), entry.isFile() ? await readFile(path, 'utf8') : '(no file)'] as const
  })
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('the folder of a new repository', () => {
  it('may be there and empty, or hold a git repository', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, '.git'))
    expect(await init(folder)).toMatchObject({ exit: 0, err: '' })
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['.git', '.gitignore', 'README.md', 'configurations']))
    expect(await init(folder)).toMatchObject({
      exit: 6,
      err: expect.stringContaining('INIT_FOLDER_NOT_EMPTY') as string,
    })
  })

  it('is the one where the person stands, if none is named', async () => {
    const folder = join(await temporaryFolder(), 'my-shop')
    await mkdir(folder)
    const io = recordingIo({ folder })
    expect(await run(['init'], io, '1.2.3')).toBe(0)
    expect(await readFile(join(folder, 'api_config/MONGO_DB_NAME'), 'utf8')).toBe('my_shop\n')
    expect(io.written.out).toContain('\nNext:\n  stage0 check --repository .\n')
  })

  it.each([
    { what: 'a file', name: 'notes.txt', says: 'INIT_FOLDER_NOT_EMPTY', flags: [] },
    { what: 'a file of the same name', name: 'README.md', says: 'INIT_FILES_EXIST', flags: ['--add'] },
    { what: 'a file in place of a folder', name: 'configurations', says: 'INIT_FILES_EXIST', flags: ['--add'] },
  ])('is left as it is where $what is in it: $says', async ({ name, says, flags }) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, name), 'mine')
    const { exit, out, err } = await init(folder, ...flags)
    expect([exit, out]).toEqual([6, ''])
    expect(err).toContain(says)
    expect(err).toContain(name)
    expect(await contentOf(folder)).toEqual({ [name]: 'mine' })
  })

  it('gets the files beside others with --add', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'types'))
    await writeFile(join(folder, 'types/mine.yaml'), 'mine')
    expect(await init(folder, '--add')).toMatchObject({ exit: 0 })
    expect(await contentOf(folder)).toMatchObject({
      'types/mine.yaml': 'mine',
      'types/slug.yaml': expect.stringContaining('slug') as string,
    })
  })

  it('is never left through a link: nothing is written where it leads', async () => {
    const root = await temporaryFolder()
    const [folder, elsewhere] = [join(root, 'shop'), join(root, 'elsewhere')]
    await mkdir(folder)
    await mkdir(elsewhere)
    await symlink(elsewhere, join(folder, 'dictionaries'))
    const { exit, err } = await init(folder, '--add')
    expect([exit, await readdir(elsewhere), await readdir(folder)]).toEqual([6, [], ['dictionaries']])
    expect(err).toContain('INIT_FILES_EXIST')
  })

  it.each([
    { what: 'a file', path: 'file', says: /: it is a file\.\n {2}hint: Name another folder\.\n/ },
    { what: 'below a file', path: 'file/shop', says: /no folder \S+\/file that / },
    { what: 'in a folder that is not there', path: 'a/b', says: /no folder \S+\/a that [^]*hint: Make .*`mkdir -p`/ },
    { what: 'a link that leads nowhere', path: 'nowhere', says: /a link that leads nowhere/ },
    { what: 'of a name that is too long', path: 'x'.repeat(300), says: /name too long/ },
  ])('cannot be $what', async ({ path, says }) => {
    const root = await temporaryFolder()
    await writeFile(join(root, 'file'), 'mine')
    await symlink(join(root, 'gone'), join(root, 'nowhere'))
    const { exit, err } = await init(join(root, path))
    expect([exit, (await readdir(root)).sort()]).toEqual([64, ['file', 'nowhere']])
    expect(err).toContain('INIT_FOLDER_UNUSABLE')
    expect(err).toMatch(says)
  })

  it.each([
    { what: 'it', sub: '' },
    { what: 'the one that it would be in', sub: 'shop' },
  ])('is refused where $what may not be written to', async ({ sub }) => {
    const folder = await temporaryFolder()
    await chmod(folder, 0o555)
    const { code, stdout, stderr } = await stage0(['init', join(folder, sub)], { obeyPermissions: true })
    await chmod(folder, 0o755)
    expect([code, stdout, await readdir(folder)]).toEqual([64, '', []])
    expect(stderr).toContain('INIT_FOLDER_UNUSABLE')
    expect(stderr).toContain('permission denied')
    expect(stderr).not.toContain('.stage0-init')
  })

  it('is refused while another process makes a repository in it', async () => {
    const folder = await temporaryFolder()
    const other = spawn('sleep', ['600'])
    onTestFinished(() => void other.kill('SIGKILL'))
    await once(other, 'spawn')
    const { path } = stage(folder, 'into', [{ path: 'a', text: 'a' }])
    await rename(path, path.replace(markOf(process.pid), markOf(other.pid ?? 0)))
    const { exit, err } = await init(folder)
    expect([exit, (await readdir(folder)).length]).toEqual([64, 1])
    expect(err).toContain(`process ${String(other.pid)} is making one there, in .stage0-init-into-`)
  })

  it.each([
    {
      what: 'whose number another process has by now, a quarter of an hour ago',
      rest: () => markOf(process.ppid).replace(/\d+-$/, '1-'),
    },
    { what: 'that told nothing but a number, a quarter of an hour ago', rest: () => '1-' },
    { what: 'of another machine, a quarter of an hour ago', rest: () => `1-${'0'.repeat(12)}-5-` },
  ])('is not blocked by what an init left $what', async ({ rest }) => {
    const folder = await temporaryFolder()
    await leave(folder, rest(), 15 * 60_000 + 1000)
    expect(await init(folder, '--empty')).toMatchObject({ exit: 0, err: '' })
    expect((await readdir(folder)).filter((name) => name.startsWith('.stage0-init'))).toEqual([])
  })

  it('is left to an init in another container, also where both have the same number', async () => {
    const folder = await temporaryFolder()
    const name = await leave(folder, markOf(process.pid).replace(/-[0-9a-f]{12}-/, `-${'0'.repeat(12)}-`), 0)
    const { exit, err } = await init(folder)
    expect([exit, await readdir(folder)]).toEqual([64, [name]])
    expect(err).toContain(name)
  })

  it('gets nothing with --dry-run, which lists the files', async () => {
    const root = await temporaryFolder()
    const { exit, out } = await init(join(root, 'shop'), '--dry-run', '--no-docker')
    expect([exit, await readdir(root)]).toEqual([0, []])
    expect(out).toContain('\nconfigurations/user.yaml\n')
    expect(out).not.toContain('Dockerfile')
    expect(out).toMatch(/\n\d+ files for .*shop\. Nothing was written\.\n$/)
  })
})

describe('the files of a new repository', () => {
  it.each([
    { where: 'in a new folder', folder: 'shop' },
    { where: 'in one that is there', folder: '.' },
  ])('can be read by the user of a container, whatever the mask says, $where', async ({ folder }) => {
    const root = await temporaryFolder()
    const io = recordingIo()
    const former = process.umask(0o077)
    try {
      expect(await run(['init', join(root, folder), '--name', 'shop'], io, '1.2.3')).toBe(0)
    } finally {
      process.umask(former)
    }
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    const modes = entries.map(async (entry) => [
      entry.name,
      entry.isFile(),
      (await stat(join(entry.parentPath, entry.name))).mode & 0o777,
    ])
    for (const [name, isFile, mode] of await Promise.all(modes))
      expect([name, mode]).toEqual([name, isFile ? 0o644 : 0o755])
    if (folder !== '.') expect((await stat(join(root, folder))).mode & 0o777).toBe(0o755)
  })

  const FILES = ['a', 'b/c', 'b/d'].map((path) => ({ path, text: path }))

  it('are taken back where one of them cannot be put', async () => {
    const folder = await temporaryFolder()
    const staged = stage(folder, 'into', FILES)
    await mkdir(join(folder, 'b'))
    await writeFile(join(folder, 'b/d'), 'came meanwhile')
    expect(() => placeInto(staged, folder)).toThrow('EEXIST')
    remove(staged)
    expect(await contentOf(folder)).toEqual({ b: '(no file)', 'b/d': 'came meanwhile' })
  })

  it('take no place of what came meanwhile', async () => {
    const root = await temporaryFolder()
    const staged = stage(root, 'new', FILES)
    await mkdir(join(root, 'shop'))
    await writeFile(join(root, 'shop/mine'), 'mine')
    expect(() => becomeFolder(staged, join(root, 'shop'))).toThrow(/ENOTEMPTY|EEXIST/)
    expect(await contentOf(join(root, 'shop'))).toEqual({ mine: 'mine' })
  })

  it('that another init left half written go away, since nothing of them was put', async () => {
    const folder = await temporaryFolder()
    const staged = stage(folder, 'into', FILES)
    await rename(join(staged.path, 'whole'), join(staged.path, 'partial'))
    expect(await init(folder)).toMatchObject({ exit: 0, err: '' })
    expect(Object.keys(await contentOf(folder))).not.toContain('a')
  })
})
