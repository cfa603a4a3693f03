import { chmodSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../problem.ts'
import { problemsOf } from '../process/testing/merge-of.ts'
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

function update({ root, template, product }: ReturnType<typeof made>): Result<void> {
  const plan = planUpdate(planned(template, join(root, 'specifications')), product, undefined)
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
})
