import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../problem.ts'
import { PROVENANCE_FILE } from '../process/names.ts'
import { problemsOf } from '../process/testing/merge-of.ts'
import type { Winner } from './compare-product.ts'
import { lookAt, temporaryFolder, writeFiles } from './testing/folders.ts'
import { mergeNew, planned } from './testing/merge-folders.ts'
import { planUpdate, writeUpdate } from './update.ts'

const control = (output: string): string => `templates:\n  - { path: a.template, merge: true, output: ${output} }\n`

/** A product, made of a template with one file that is merged and one that is copied. */
function made(output: string) {
  const root = temporaryFolder()
  const template = writeFiles(join(root, 'template'), {
    'a.template': 'A {{ specifications.n.output }}',
    run: 'go',
  })
  const product = join(root, 'product')
  name(root, output)
  expect(mergeNew(template, join(root, 'specifications'), product).ok).toBe(true)
  return { root, template, product }
}

function name(root: string, output: string): void {
  writeFiles(join(root, 'specifications'), { 'n.yaml': `output: ${output}\n` })
  writeFiles(join(root, 'template'), { '.stage0_template/process.yaml': control(output) })
}

function update({ root, template, product }: ReturnType<typeof made>, winner?: Winner): Result<void> {
  const plan = planUpdate(planned(template, join(root, 'specifications')), product, winner)
  return plan.ok ? writeUpdate(plan.value) : plan
}

/** Without what tells how it was made. */
function files(folder: string): Readonly<Record<string, string>> {
  const { '.stage0_merge.json': _, ...others } = lookAt(folder)
  return others
}

describe('a product that is merged again', () => {
  it('has what can be executed as the template has it, and as people made it where the template did not change', () => {
    const all = made('x')
    chmodSync(join(all.template, 'run'), 0o755)
    expect(update(all).ok).toBe(true)
    expect(files(all.product)).toEqual({ x: 'A x', 'run*': 'go' })
    chmodSync(join(all.product, 'x'), 0o755)
    expect(update(all).ok).toBe(true)
    expect(files(all.product)).toEqual({ 'x*': 'A x', 'run*': 'go' })
  })

  it('is not made of another template', () => {
    const all = made('x')
    const other = join(all.root, 'other')
    cpSync(all.template, other, { recursive: true })
    expect(update({ ...all, template: other }).ok).toBe(true)
    expect(update(all).ok).toBe(true)
    rmSync(join(other, 'run'))
    writeFiles(other, { '.stage0_template/process.yaml': control('else'), lone: '' })
    const before = lookAt(all.product)
    expect(problemsOf(update({ ...all, template: other }))).toEqual([expect.stringContaining('MERGE_OTHER_TEMPLATE')])
    expect(lookAt(all.product)).toEqual(before)
  })

  it('is made of a template that was moved, where both times it is known where that is published', () => {
    const all = made('x')
    rmSync(all.product, { recursive: true })
    writeFiles(all.template, {
      '.git/config': '[remote "origin"]\n\turl = https://host.example/x.git\n',
      '.git/HEAD': 'a1'.repeat(20),
    })
    expect(mergeNew(all.template, join(all.root, 'specifications'), all.product).ok).toBe(true)
    const moved = join(all.root, 'moved')
    renameSync(all.template, moved)
    writeFileSync(join(moved, 'run'), 'walk')
    expect(update({ ...all, template: moved }).ok).toBe(true)
    expect(files(all.product)).toEqual({ x: 'A x', run: 'walk' })
  })

  it.each([
    ['git@host.example:acme/tpl.git', true],
    ['ssh://git@host.example:2222/acme/tpl.git', true],
    ['https://HOST.example/acme/tpl', true],
    ['https://user:s3cret@host.example/acme/tpl/', true],
    ['https://host.example/acme/other.git', false],
    ['https://user:s3cret@elsewhere.example/acme/tpl.git', false],
  ])('is of the template of https://host.example/acme/tpl.git where origin is %s: %s', (url, isSame) => {
    const all = made('x')
    const origin = (at: string) => writeFiles(all.template, { '.git/config': `[remote "origin"]\n\turl = ${at}\n` })
    origin('https://host.example/acme/tpl.git')
    expect(update(all).ok).toBe(true)
    origin(url)
    const problems = problemsOf(update(all))
    expect(problems).toEqual(isSame ? [] : [expect.stringContaining('MERGE_OTHER_TEMPLATE')])
    expect(problems.join()).not.toContain('s3cret')
  })

  it('keeps a file of people where a folder is to be now, and so nothing of what is to be in it', () => {
    const all = made('x')
    writeFileSync(join(all.product, 'x'), 'mine')
    name(all.root, 'x/deep/y')
    expect(problemsOf(update(all))).toEqual([expect.stringContaining('MERGE_CONFLICT')])
    expect(update(all, 'mine')).toEqual({ ok: true, value: undefined })
    expect(files(all.product)).toEqual({ x: 'mine', run: 'go' })
  })

  it.each([
    ['a file becomes a folder', 'x', 'x/deep/y'],
    ['a folder becomes a file', 'x/deep/y', 'x'],
  ])('follows where %s', (_what, first, second) => {
    const all = made(first)
    name(all.root, second)
    expect(update(all)).toEqual({ ok: true, value: undefined })
    expect(files(all.product)).toEqual({ [second]: `A ${second}`, run: 'go' })
  })

  it('keeps a folder in which people put something where a file is to be', () => {
    const all = made('x/y')
    writeFiles(all.product, { 'x/mine': 'mine' })
    name(all.root, 'x')
    expect(problemsOf(update(all))).toEqual([expect.stringContaining('MERGE_CONFLICT')])
    expect(files(all.product)).toEqual({ 'x/y': 'A x/y', 'x/mine': 'mine', run: 'go' })
  })

  it('loses the folders of files that go, and no others', () => {
    const all = made('p/q/r/s')
    mkdirSync(join(all.product, 'p/q/mine'))
    mkdirSync(join(all.product, 'bare'))
    name(all.root, 'z')
    expect(update(all).ok).toBe(true)
    expect(files(all.product)).toEqual({ z: 'A z', run: 'go' })
    expect(['p/q/mine', 'p/q/r', 'bare'].map((path) => existsSync(join(all.product, path)))).toEqual([
      true,
      false,
      true,
    ])
    rmSync(join(all.product, 'p'), { recursive: true })
    name(all.root, 'p/q')
    expect(update(all).ok).toBe(true)
    name(all.root, 'z')
    expect(update(all).ok).toBe(true)
    expect(existsSync(join(all.product, 'p'))).toBe(false)
  })

  it('keeps an empty folder that the template has, as a new product would have it', () => {
    const all = made('p/q')
    mkdirSync(join(all.template, 'p'))
    name(all.root, 'z')
    expect(update(all).ok).toBe(true)
    expect(existsSync(join(all.product, 'p'))).toBe(true)
  })

  it.each([
    ['readme.md', 'README.md'],
    ['Docs/a.md', 'docs/A.md'],
    ['docs', 'Docs/a'],
    ['docs/a', 'Docs'],
  ])('with %s, put there by hand, gets no new %s: some systems take them for one', (mine, output) => {
    const all = made('x')
    writeFiles(all.product, { [mine]: 'mine' })
    name(all.root, output)
    const before = lookAt(all.product)
    for (const winner of [undefined, 'theirs'] as const)
      expect(problemsOf(update(all, winner))).toEqual([
        expect.stringMatching(new RegExp(`MERGE_CONFLICT ${output} is not there, but .* is, which some systems take`)),
      ])
    expect(lookAt(all.product)).toEqual(before)
    expect(update(all, 'mine').ok).toBe(true)
    expect(files(all.product)).toEqual({ run: 'go', [mine]: 'mine' })
  })

  it('gets no file back that people gave another spelling of its name', () => {
    const all = made('readme.md')
    renameSync(join(all.product, 'readme.md'), join(all.product, 'README.md'))
    expect(update(all).ok).toBe(true)
    writeFiles(all.template, { 'a.template': 'B' })
    expect(problemsOf(update(all))).toEqual([expect.stringContaining('readme.md was removed by hand')])
    expect(problemsOf(update(all, 'theirs'))).toEqual([
      expect.stringContaining('README.md is, which some systems take'),
    ])
    expect(files(all.product)).toEqual({ 'README.md': 'A readme.md', run: 'go' })
  })

  it('gets a file in another spelling where the one of before goes, and where the template has both', () => {
    const all = made('readme.md')
    name(all.root, 'README.md')
    expect(update(all).ok).toBe(true)
    expect(files(all.product)).toEqual({ 'README.md': 'A README.md', run: 'go' })
    writeFiles(all.template, { both: '1' })
    expect(update(all).ok).toBe(true)
    writeFiles(all.template, { Both: '2' })
    expect(update(all).ok).toBe(true)
    expect(files(all.product)).toMatchObject({ both: '1', Both: '2' })
  })

  it('keeps a pipe that people put where a file is to be, unless they want the file', ({ skip }) => {
    skip(process.platform === 'win32', 'this system has no pipes with names in folders')
    const all = made('x')
    const pipe = join(all.product, 'y')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    name(all.root, 'y')
    expect(problemsOf(update(all))).toEqual([expect.stringContaining('MERGE_CONFLICT y was put there by hand')])
    expect(lstatSync(pipe).isFIFO()).toBe(true)
    expect(update(all, 'theirs').ok).toBe(true)
    expect(files(all.product)).toEqual({ y: 'A y', run: 'go' })
  })

  it.each([PROVENANCE_FILE, 'x'])('in which %s is a pipe is refused at once', (path) => {
    const all = made('x')
    rmSync(join(all.product, path))
    expect(spawnSync('mkfifo', [join(all.product, path)]).status).toBe(0)
    writeFiles(all.template, { 'a.template': 'B' })
    expect(update(all).ok).toBe(false)
  })
})
