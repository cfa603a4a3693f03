import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { testDatabase } from '../testing/test-database.ts'

/** Runs the command in this process: its result as JSON, and how it ended. */
async function told(args: readonly string[]) {
  const io = recordingIo()
  const exit = await run([...args, '--json'], io, '1.2.3')
  return { exit, result: JSON.parse(io.written.out) as Record<string, unknown> }
}

const SWITCHES = ['docker', 'compose', 'workflow'] as const
/** What is there if a part is wanted, and only then. */
const FILES = {
  docker: ['Dockerfile', '.dockerignore'],
  compose: ['compose.yaml'],
  workflow: ['.github/workflows/stage0.yml'],
} as const

const COMBINATIONS = ['--sample', '--empty'].flatMap((content) =>
  Array.from({ length: 2 ** SWITCHES.length }, (_, bits) => ({
    content,
    left: SWITCHES.filter((_name, at) => (bits >> at) % 2 === 1),
  })),
)

/** What the engine reads is the same with and without the other parts: that it works is shown for all and for none of them. */
const APPLIED = COMBINATIONS.filter(({ left }) => isDeep || left.length === 0 || left.length === SWITCHES.length)

async function making(content: string, left: readonly string[]) {
  const folder = join(await temporaryFolder(), 'shop')
  return { folder, made: await told(['init', folder, content, ...left.map((name) => `--no-${name}`)]) }
}

describe('a new repository', () => {
  it.each(COMBINATIONS)('with $content and without $left has the files that were told, and is clean', async (one) => {
    const { folder, made } = await making(one.content, one.left)
    expect(made).toMatchObject({ exit: 0, result: { ok: true, name: 'shop', database: 'shop', dry_run: false } })
    const files = made.result['files'] as readonly { readonly path: string; readonly bytes: number }[]
    const written = await readdir(folder, { recursive: true, withFileTypes: true })
    const sizes = written
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: path.slice(folder.length + 1), bytes: statSync(path).size }))
    const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1)
    expect(sizes.sort(byPath)).toEqual(files)
    for (const name of SWITCHES) {
      const there = sizes.filter(({ path }) => (FILES[name] as readonly string[]).includes(path))
      expect(there).toHaveLength(one.left.includes(name) ? 0 : FILES[name].length)
    }
    const checked = await told(['check', '--repository', folder, '--load-test-data'])
    expect(checked).toEqual({ exit: 0, result: { ok: true, problems: [] } })
  })

  it.each(APPLIED)('with $content and without $left plans, applies, and then has nothing to do', async (one) => {
    const { folder } = await making(one.content, one.left)
    const { uri, name, everything } = await testDatabase()
    const target = ['--repository', folder, '--uri', uri, '--database', name, '--load-test-data']
    const planned = await told(['plan', ...target])
    expect(planned).toMatchObject({ exit: 0, result: { problems: [] } })
    // The enumerators are stored also where no collection is.
    expect(planned.result['steps']).not.toHaveLength(0)
    expect(await told(['apply', ...target, '--yes'])).toMatchObject({ exit: 0, result: { status: 'succeeded' } })
    const before = await everything()
    expect(await told(['plan', ...target, '--detailed-exitcode'])).toMatchObject({ exit: 0, result: { steps: [] } })
    expect(await told(['apply', ...target, '--yes'])).toMatchObject({ exit: 0 })
    expect(await everything()).toEqual(before)
    const { result } = await told(['status', '--repository', folder, '--uri', uri, '--database', name])
    expect(result['collections']).toHaveLength(one.content === '--empty' ? 0 : 2)
  })
})
