import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs' // prettier-ignore
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../process/testing/merge-of.ts'
import { changeFolder, finishFormer } from './change-folder.ts'
import { lookForCutOff } from './cut-off.ts'
import { digestOf } from './digest.ts'
import { openTemplate } from './open-template.ts'
import { makeStage } from './stage.ts'
import { lookAt, temporaryFolder, writeFiles } from './testing/folders.ts'
import { mergeInPlace, mergeNew } from './testing/merge-folders.ts'

const CONTROL = `templates:
  - { path: a.txt, merge: true }
  - { path: b.template, merge: true, output: deep/er/b.txt }
  - { path: run.template, merge: true, output: run }
  - { path: Makefile, merge: true, output: /dev/null }
  - { path: .stage0_template/each, mergeFor: { items: specifications.names, output: "each/{{ item }}" } }
`
/** Of another machine, as the name tells. */
const STAGE = '.stage0-merge-into-1-x'
const BINARY = new Uint8Array([0, 255, 123, 123, 10])

function folders() {
  const root = temporaryFolder()
  const template = writeFiles(join(root, 'template'), {
    '.stage0_template/process.yaml': CONTROL,
    '.stage0_template/each': '{{ item }}',
    '.git/config': '[remote "origin"]\n\turl = https://user:secret@host.example/x.git\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/refs/heads/main': `${'a1'.repeat(20)}\n`,
    'a.txt': 'A {{ specifications.n }}',
    'b.template': 'B',
    'run.template*': 'go',
    Makefile: 'all:',
    'tool*': '#!',
    'picture.png': BINARY,
    '{{ kept }}': '{{ as it is }}',
    'node_modules/x/index.js': 'x',
    '.DS_Store': 'x',
  })
  symlinkSync('tool', join(template, 'link'))
  mkdirSync(join(template, 'empty'))
  const specifications = writeFiles(join(root, 'specifications'), { 'n.yaml': '1', 'names.yaml': '[x, y]' })
  return { root, template, specifications, output: join(root, 'output') }
}

const PRODUCT = {
  'a.txt': 'A 1',
  'deep/er/b.txt': 'B',
  'run*': 'go',
  'each/x': 'x',
  'each/y': 'y',
  'tool*': '#!',
  'picture.png': '\u0000ÿ{{\n',
  '{{ kept }}': '{{ as it is }}',
  link: '-> tool',
}
const own = (folder: string) => {
  const { '.stage0_merge.json': provenance, ...rest } = lookAt(folder)
  return { provenance, rest }
}

describe('a merge to a new folder', () => {
  it('has what is generated, and the rest of the template as it is', () => {
    const { template, specifications, output, root } = folders()
    const before = lookAt(template)
    expect(mergeNew(template, specifications, output)).toEqual({ ok: true, value: undefined })
    expect(own(output).rest).toEqual(PRODUCT)
    expect(statSync(join(output, 'empty')).isDirectory()).toBe(true)
    expect(lookAt(template)).toEqual(before)
    expect(readdirSync(root).sort()).toEqual(['output', 'specifications', 'template'])
  })

  it('is the same every time, and tells without secrets what it was made of', () => {
    const { template, specifications, output } = folders()
    mergeNew(template, specifications, output)
    mergeNew(template, specifications, `${output}2`)
    expect(lookAt(`${output}2`)).toEqual(lookAt(output))
    const { provenance = '' } = own(output)
    expect(JSON.parse(provenance)).toMatchObject({
      format: 1,
      engine: 'stage0 1.2.3',
      template: { name: 'template', remote: 'https://host.example/x.git', commit: 'a1'.repeat(20) },
      specifications: { files: 2 },
      environment: [],
      files: { './a.txt': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown },
    })
    expect(provenance).not.toContain('secret')
  })

  it.each(['in an empty folder', 'beside .git'])('goes %s that is there', (how) => {
    const { template, specifications, output } = folders()
    mkdirSync(output)
    if (how === 'beside .git') writeFiles(output, { '.git/HEAD': 'ref: x' })
    expect(mergeNew(template, specifications, output).ok).toBe(true)
    expect(own(output).rest).toEqual(how === 'beside .git' ? { ...PRODUCT, '.git/HEAD': 'ref: x' } : PRODUCT)
  })

  it('refuses a folder with files, a link to nowhere, the template, and one whose parent is not there', () => {
    const { template, specifications, output, root } = folders()
    writeFiles(output, { 'mine.txt': 'x' })
    symlinkSync('nowhere', join(root, 'lost'))
    const told = (to: string) => problemsOf(mergeNew(template, specifications, to))[0]
    expect(told(output)).toContain('MERGE_OUTPUT_NOT_EMPTY')
    expect(told(join(root, 'lost'))).toContain('MERGE_OUTPUT_UNUSABLE')
    expect(told(template)).toContain('MERGE_OUTPUT_INVALID')
    expect(told(join(template, 'inside'))).toContain('MERGE_OUTPUT_INVALID')
    expect(told(join(root, 'no/such'))).toContain('MERGE_OUTPUT_UNUSABLE')
    expect(lookAt(output)).toEqual({ 'mine.txt': 'x' })
  })

  it('gives files the permissions that they have in the template, also under another name, and lets nobody else write them', () => {
    const { template, specifications, output } = folders()
    const modes = { 'picture.png': 0o600, 'a.txt': 0o444, 'b.template': 0o600, tool: 0o755, 'run.template': 0o700, '{{ kept }}': 0o666 } // prettier-ignore
    for (const [path, mode] of Object.entries(modes)) chmodSync(join(template, path), mode)
    const modeOf = (folder: string) => (path: string) => (statSync(join(folder, path)).mode & 0o777).toString(8)
    const paths = ['picture.png', 'a.txt', 'deep/er/b.txt', 'tool', 'run', '{{ kept }}', 'each/x', '.stage0_merge.json']
    expect(mergeNew(template, specifications, output).ok).toBe(true)
    const made = paths.map(modeOf(output))
    expect(made).toEqual(['600', '444', '600', '755', '700', '644', '644', '644'])
    expect(mergeInPlace(template, specifications).ok).toBe(true)
    expect(paths.map(modeOf(template))).toEqual(made.with(5, '666'))
  })

  it('is made beside what a merge that was killed left, and not over a file that is called so', () => {
    const { template, specifications, output } = folders()
    mkdirSync(join(output, '.stage0-merge-new-7-aaaaaaaaaaaa-5-x'), { recursive: true })
    expect(mergeNew(template, specifications, output).ok).toBe(true)
    expect(own(output).rest).toEqual(PRODUCT)
    const second = writeFiles(`${output}2`, { '.stage0-merge-notes': 'mine' })
    expect(problemsOf(mergeNew(template, specifications, second))).toEqual([
      expect.stringContaining('MERGE_OUTPUT_NOT_EMPTY'),
    ])
  })

  it.each([['../outside'], ['/etc/passwd'], ['empty/../../outside']])('refuses a link to %s', (to) => {
    const { template, specifications, output } = folders()
    symlinkSync(to, join(template, 'bad'))
    expect(problemsOf(mergeNew(template, specifications, output))).toEqual([
      `-:- TEMPLATE_FOLDER_UNUSABLE bad is a symbolic link that leads out of the template, to ${to}.`,
    ])
    expect(lookAt(output)).toEqual({})
  })
})

describe('a merge in place', () => {
  it('rewrites, removes templates and .stage0_template, and leaves everything else alone', () => {
    const { template, specifications } = folders()
    symlinkSync('/etc/passwd', join(template, 'outside'))
    chmodSync(join(template, 'a.txt'), 0o640)
    const before = lookAt(template)
    expect(mergeInPlace(template, specifications).ok).toBe(true)
    const untouched = Object.fromEntries(
      Object.entries(before).filter(([path]) => /^(\.git\/|node_modules\/|\.DS_Store|outside)/.test(path)),
    )
    expect(own(template).rest).toEqual({ ...PRODUCT, ...untouched })
    expect(readdirSync(template)).not.toContain('.stage0_template')
    expect(statSync(join(template, 'a.txt')).mode & 0o777).toBe(0o640)
  })

  it('gives what a merge to a new folder gives', () => {
    const { template, specifications, output } = folders()
    for (const path of ['.git', 'node_modules', '.DS_Store']) rmSync(join(template, path), { recursive: true })
    mergeNew(template, specifications, output)
    expect(mergeInPlace(template, specifications).ok).toBe(true)
    expect(lookAt(template)).toEqual(lookAt(output))
  })

  it('takes the folder of the template away as a whole, also what git keeps in it', () => {
    const { template, specifications } = folders()
    writeFiles(template, { '.stage0_template/Specifications/.git/HEAD': 'x', '.stage0_template/a/b/c': 'x' })
    mkdirSync(join(template, '.stage0_template/nothing/in/it'), { recursive: true })
    expect(mergeInPlace(template, specifications)).toEqual({ ok: true, value: undefined })
    expect(readdirSync(template)).not.toContain('.stage0_template')
  })

  it('changes only the file of this name where others are hard links to it', () => {
    const { template, specifications, root } = folders()
    linkSync(join(template, 'a.txt'), join(root, 'hard'))
    expect(mergeInPlace(template, specifications).ok).toBe(true)
    expect(readFileSync(join(root, 'hard'), 'utf8')).toBe('A {{ specifications.n }}')
  })
})

const put = (path: string) => ({
  puts: new Map([[path, { kind: 'file' as const, bytes: new Uint8Array([65]), isExecutable: false }]]),
  removes: [],
  removesFolders: [],
  was: new Map<string, string>(),
})

describe('changes of a folder', () => {
  it.each([
    ['link/x', 'MERGE_OUTPUT_OUTSIDE'],
    ['file/x', 'MERGE_OUTPUT_INVALID'],
    ['folder', 'MERGE_OUTPUT_INVALID'],
  ])('through %s are refused, and nothing is changed', (path, code) => {
    const outside = temporaryFolder()
    const root = writeFiles(temporaryFolder(), { file: '', 'folder/x': '' })
    symlinkSync(outside, join(root, 'link'))
    const changes = put(path)
    changes.puts.set('fine', { kind: 'file', bytes: new Uint8Array(), isExecutable: false })
    expect(problemsOf(changeFolder(root, changes))).toEqual([expect.stringContaining(code)])
    expect(lookAt(root)).toEqual({ file: '', 'folder/x': '', link: `-> ${outside}` })
    expect(lookAt(outside)).toEqual({})
  })

  it('replace a link and not what it leads to', () => {
    const root = writeFiles(temporaryFolder(), { target: 'mine' })
    symlinkSync('target', join(root, 'link'))
    expect(changeFolder(root, { ...put('link'), was: new Map([['link', digestOf('link target')]]) }).ok).toBe(true)
    expect(lookAt(root)).toEqual({ target: 'mine', link: 'A' })
  })

  it('are refused while another process makes some', () => {
    const root = temporaryFolder()
    mkdirSync(join(root, `.stage0-merge-into-${process.ppid}-x`))
    expect(problemsOf(changeFolder(root, put('x')))).toEqual([expect.stringContaining('MERGE_INTERRUPTED')])
    expect(lookAt(root)).toEqual({})
    expect(problemsOf(finishFormer(root))).toEqual([expect.stringContaining('MERGE_INTERRUPTED')])
  })

  it('are not made over what somebody else wrote since they were planned', () => {
    const root = writeFiles(temporaryFolder(), { b: 'planned' })
    const was = new Map([['b', digestOf('planned')]])
    const changes = { ...put('a'), removes: ['b'], was }
    writeFileSync(join(root, 'b'), 'mine')
    expect(problemsOf(changeFolder(root, changes))).toEqual([expect.stringContaining('MERGE_CONFLICT')])
    expect(lookAt(root)).toEqual({ b: 'mine' })
    writeFileSync(join(root, 'b'), 'planned')
    const between = () => writeFileSync(join(root, 'a'), 'mine')
    expect(problemsOf(changeFolder(root, changes, between))).toEqual([expect.stringContaining('MERGE_CONFLICT')])
    expect(lookAt(root)).toEqual({ a: 'mine', b: 'planned' })
    unlinkSync(join(root, 'a'))
    expect(changeFolder(root, changes).ok).toBe(true)
    expect(lookAt(root)).toEqual({ a: 'A' })
  })

  it('leave the permissions of a file as they are by then, also where those were changed meanwhile', () => {
    const root = writeFiles(temporaryFolder(), { x: 'before' })
    const changes = { ...put('x'), was: new Map([['x', digestOf('before')]]) }
    expect(changeFolder(root, changes, () => chmodSync(join(root, 'x'), 0o600)).ok).toBe(true)
    expect(lookAt(root)).toEqual({ x: 'A' })
    expect(statSync(join(root, 'x')).mode & 0o777).toBe(0o600)
    stageOf(root, { 'journal.json': journal({ puts: [{ path: 'x', was: digestOf('A') }] }), 'files/0*': 'B' })
    expect(finishFormer(root)).toEqual({ ok: true, value: true })
    expect(statSync(join(root, 'x')).mode & 0o777).toBe(0o700)
  })

  const journal = (json: object) => JSON.stringify({ format: 3, puts: [], removes: [], removesFolders: [], ...json })
  /** As this process left it, which is at no other work. */
  const stageOf = (root: string, files: Readonly<Record<string, string>>) =>
    writeFiles(makeStage(root, 'into', process.pid).path, files)

  it('that were cut off are finished, even where a part of them was done', () => {
    const root = writeFiles(temporaryFolder(), { old: 'x', 'gone/a': 'a', first: 'A' })
    stageOf(root, {
      'journal.json': journal({
        puts: [{ path: 'first', was: digestOf('before') }, { path: 'deep/second' }],
        removes: [
          { path: 'old', was: digestOf('x') },
          { path: 'never', was: digestOf('y') },
          { path: 'gone/a', was: digestOf('a') },
        ],
        removesFolders: ['gone'],
      }),
      'files/1': 'B',
    })
    expect(openTemplate(root)).toMatchObject({ ok: false, problems: [{ code: 'MERGE_INTERRUPTED' }] })
    expect(finishFormer(root)).toEqual({ ok: true, value: true })
    expect(lookAt(root)).toEqual({ first: 'A', 'deep/second': 'B' })
    expect(finishFormer(root)).toEqual({ ok: true, value: false })
  })

  it.each([
    ['was changed', { first: 'A', second: 'mine', old: 'x' }],
    ['came to be', { first: 'A', second: 'before', third: 'mine', old: 'x' }],
    ['was to be removed', { first: 'A', second: 'before', old: 'mine' }],
  ])('that were cut off do not touch what %s since then', (_what, files) => {
    const root = writeFiles(temporaryFolder(), files)
    const puts = [{ path: 'first' }, { path: 'second', was: digestOf('before') }, { path: 'third' }]
    const removes = [{ path: 'old', was: digestOf('x') }]
    stageOf(root, { 'journal.json': journal({ puts, removes }), 'files/1': 'B', 'files/2': 'C' })
    expect(problemsOf(finishFormer(root))).toEqual([expect.stringContaining('MERGE_CONFLICT')])
    expect(lookAt(root)).toMatchObject(files)
  })

  it.each(['new', 'old'])('that were cut off do not replace a pipe that stands at the place of a %s file', (path) => {
    const root = temporaryFolder()
    const journaled = { puts: [{ path: 'new' }], removes: [{ path: 'old', was: digestOf('x') }] }
    stageOf(root, { 'journal.json': journal(journaled), 'files/0': 'A' })
    expect(spawnSync('mkfifo', [join(root, path)]).status).toBe(0)
    expect(problemsOf(finishFormer(root))).toEqual([expect.stringContaining(`MERGE_CONFLICT ${path} was changed`)])
    expect(lstatSync(join(root, path)).isFIFO()).toBe(true)
  })

  it('leave in a folder that goes what somebody put there', () => {
    const root = writeFiles(temporaryFolder(), { 'gone/a': 'a', 'gone/deep/b': 'b', 'gone/mine': 'mine' })
    const removes = ['a', 'deep/b'].map((path) => ({ path: `gone/${path}`, was: digestOf(path.slice(-1)) }))
    stageOf(root, { 'journal.json': journal({ removes, removesFolders: ['gone/deep', 'gone'] }), 'files/0': '' })
    expect(finishFormer(root)).toEqual({ ok: true, value: true })
    expect(lookAt(root)).toEqual({ 'gone/mine': 'mine' })
  })

  it.each(['journal.json', 'files/0'])('of a stage in which %s is a pipe are not waited for', (path) => {
    const root = temporaryFolder()
    const stage = stageOf(root, { 'journal.json': journal({ puts: [{ path: 'x' }] }), 'files/0': 'A' })
    rmSync(join(stage, path))
    expect(spawnSync('mkfifo', [join(stage, path)]).status).toBe(0)
    const finished = finishFormer(root)
    if (path === 'journal.json') expect(problemsOf(finished)).toEqual([expect.stringContaining('MERGE_INTERRUPTED')])
  })

  it('that were never agreed on go away', () => {
    const root = writeFiles(temporaryFolder(), { mine: 'x' })
    stageOf(root, { 'files/0': 'A' })
    expect(finishFormer(root)).toEqual({ ok: true, value: false })
    expect(lookAt(root)).toEqual({ mine: 'x' })
  })

  it.each([
    ['leads out', { removes: [{ path: '../victim' }] }],
    ['is absolute', { removes: [{ path: '/victim' }] }],
    ['changes what is of git', { puts: [{ path: '.git/hooks/post-checkout' }] }],
    ['is not as one is written', { removes: 'victim' }],
    ['tells no digests', { removes: ['victim'] }],
  ])('of a journal that %s are not made', (_what, json) => {
    const outer = writeFiles(temporaryFolder(), { victim: 'x' })
    const root = join(outer, 'root')
    mkdirSync(root)
    stageOf(root, { 'journal.json': journal(json), 'files/0': 'A' })
    expect(problemsOf(finishFormer(root))).toEqual([expect.stringContaining('MERGE_INTERRUPTED')])
    expect(lookAt(outer)).toMatchObject({ victim: 'x' })
  })

  it.each([
    ['of another machine', (root: string) => mkdirSync(join(root, STAGE))],
    ['that others may look into', (root: string) => chmodSync(makeStage(root, 'into', process.pid).path, 0o755)],
  ])('of a stage %s are told and not made: it may have come with a clone', (_what, make) => {
    const root = writeFiles(temporaryFolder(), { 'src/main': 'code' })
    make(root)
    const [name = ''] = readdirSync(root).filter((one) => one.startsWith('.stage0-merge-into-'))
    const removes = [{ path: 'src/main', was: digestOf('code') }]
    writeFiles(join(root, name), { 'journal.json': journal({ removes, removesFolders: ['src'] }), 'files/0': 'A' })
    const longAgo = new Date(Date.now() - 3_600_000)
    for (const path of [join(root, name, 'files'), join(root, name)]) utimesSync(path, longAgo, longAgo)
    const told = problemsOf(finishFormer(root))
    expect(told).toEqual([expect.stringContaining('or came with the files')])
    // Nobody is told that the next merge makes them.
    expect([problemsOf(openTemplate(root)), problemsOf(lookForCutOff(root))]).toEqual([told, told])
    expect(readFileSync(join(root, 'src/main'), 'utf8')).toBe('code')
  })

  it('of a stage that is a link are not looked at', () => {
    const outside = writeFiles(temporaryFolder(), {
      'files/0': 'mine',
      'journal.json': journal({ puts: [{ path: 'x' }] }),
    })
    const root = temporaryFolder()
    symlinkSync(outside, join(root, STAGE))
    expect(finishFormer(root)).toEqual({ ok: true, value: false })
    expect(readFileSync(join(outside, 'files/0'), 'utf8')).toBe('mine')
  })

  it('do not take files from where a link of a stage leads, nor put them behind one', () => {
    const outside = writeFiles(temporaryFolder(), { '0': 'secret' })
    const root = temporaryFolder()
    const stage = stageOf(root, { 'journal.json': journal({ puts: [{ path: 'stolen' }] }) })
    symlinkSync(outside, join(stage, 'files'))
    expect(finishFormer(root).ok).toBe(false)
    unlinkSync(join(stage, 'files'))
    writeFiles(stage, { 'files/0': 'A', 'journal.json': journal({ puts: [{ path: 'link/x' }] }) })
    symlinkSync(outside, join(root, 'link'))
    expect(finishFormer(root).ok).toBe(false)
    expect(lookAt(outside)).toEqual({ '0': 'secret' })
    writeFileSync(join(stage, 'journal.json'), journal({ removes: [{ path: 'link/0', was: digestOf('secret') }] }))
    expect(finishFormer(root).ok).toBe(true)
    expect(lstatSync(join(outside, '0')).isFile()).toBe(true)
  })
})
