import { PassThrough } from 'node:stream'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { processIo } from '../terminal/process-io.ts'

/** A question as it stands at the end of what was written, and what is typed then; `undefined` ends the input. */
type Script = readonly (readonly [question: RegExp, answer: string | undefined])[]

/** Runs init as on a terminal of which the other end types an answer to each question when it is asked. */
async function typing(script: Script, args: readonly string[] = [], signal = new AbortController().signal) {
  const folder = await temporaryFolder()
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true })]
  const io = processIo({ stdin, stdout, stderr, env: { NO_COLOR: '1' }, cwd: () => folder }, signal)
  const left = [...script]
  let [out, err, asked] = ['', '', '']
  stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    asked += chunk.toString()
    const next = left[0]
    if (next === undefined || !next[0].test(asked)) return
    left.shift()
    asked = ''
    if (next[1] === undefined) stdin.end()
    else stdin.write(`${next[1]}\n`)
  })
  const exit = await run(['init', ...args], io, '1.2.3')
  return { exit, folder, out, err, unasked: left.map(([question]) => question.source) }
}

const REST: Script = [
  [/Dockerfile.*\[Y\/n\] $/, ''],
  [/compose file.*\[Y\/n\] $/, ''],
  [/GitHub workflow.*\[Y\/n\] $/, ''],
]

describe('init on a terminal', () => {
  it('asks for everything, proposes an answer to each question, and writes when somebody agrees', async () => {
    const { exit, folder, out, unasked } = await typing([
      [/Folder of the new repository \[\.\] $/, 'My Shop'],
      [/Name of the repository \[my-shop\] $/, ''],
      [/Name of the database \[my_shop\] $/, 'sales'],
      [/sample collections organization and user\? \[Y\/n\] $/, 'n'],
      [/Dockerfile.*\[Y\/n\] $/, 'no'],
      [/compose file.*\[Y\/n\] $/, 'Y'],
      [/GitHub workflow.*\[Y\/n\] $/, ''],
      [/Write \d+ files into My Shop\? \[Y\/n\] $/, 'yes'],
    ])
    expect([exit, unasked]).toEqual([0, []])
    expect(out).toContain("  cd 'My Shop'\n")
    expect(await readFile(join(folder, 'My Shop/api_config/MONGO_DB_NAME'), 'utf8')).toBe('sales\n')
    const there = await readdir(join(folder, 'My Shop'))
    expect(there).toEqual(expect.arrayContaining(['.github', 'compose.yaml', 'enumerators']))
    expect(there.filter((name) => ['Dockerfile', 'configurations'].includes(name))).toEqual([])
  })

  it('asks only what no option says', async () => {
    const args = [
      'shop',
      '--name',
      'shop',
      '--database',
      'shop',
      '--sample',
      '--no-docker',
      '--compose',
      '--no-workflow',
    ]
    const { exit, err, unasked } = await typing([[/Write \d+ files into shop\? \[Y\/n\] $/, '']], args)
    expect([exit, unasked]).toEqual([0, []])
    expect(err.match(/\?/g)).toHaveLength(1)
  })

  it.each([['--yes'], ['--json']])('asks nothing with %s', async (flag) => {
    expect(await typing([], ['shop', flag])).toMatchObject({ exit: 0, err: '' })
  })

  it('says what is wrong with an answer and asks again, three times at most', async () => {
    const again = await typing(
      [
        [/Name of the repository \[shop\] $/, '../etc'],
        [/"\.\.\/etc" cannot be .*Name of the repository \[shop\] $/s, ''],
        [/Name of the database \[shop\] $/, 'a/b'],
        [/"a\/b" cannot be .*Name of the database \[shop\] $/s, ''],
        [/sample .*\[Y\/n\] $/, 'perhaps'],
        [/sample .*\[Y\/n\] $/, ''],
        ...REST,
        [/Write/, ''],
      ],
      ['shop'],
    )
    expect(again).toMatchObject({ exit: 0, unasked: [] })
    const name = /Name of the repository \[shop\] $/
    const never = await typing([[name, '/'], [name, '/'], [name, '/']], ['shop']) // prettier-ignore
    expect(never).toMatchObject({ exit: 64, unasked: [], err: expect.stringContaining('INIT_NAME_INVALID') as string })
    expect(await readdir(never.folder)).toEqual([])
  })

  it.each([
    { how: 'says no at the end', answer: 'n' },
    { how: 'ends the input', answer: undefined },
  ])('writes nothing where somebody $how', async ({ answer }) => {
    const script: Script = [[/Name/, ''], [/database/, ''], [/sample/, ''], ...REST, [/Write/, answer]] // prettier-ignore
    const { exit, folder, err, unasked } = await typing(script, ['shop'])
    expect([exit, unasked, await readdir(folder)]).toEqual([6, [], []])
    expect(err).toContain('NOT_CONFIRMED')
  })

  it('writes nothing where a signal comes instead of an answer', async () => {
    const { exit, folder, err } = await typing([], ['shop'], AbortSignal.abort())
    expect([exit, await readdir(folder)]).toEqual([8, []])
    expect(err).toContain('CANCELLED')
  })

  it('says at once that a folder cannot be used, and asks nothing for it', async () => {
    const { exit, err } = await typing([], ['a/b'])
    expect(exit).toBe(64)
    expect(err).toMatch(/^error {2}INIT_FOLDER_UNUSABLE/)
  })
})

describe('wrong use of init', () => {
  it.each([
    { args: ['a', 'b'], says: 'too many arguments' },
    { args: ['--sample', '--empty'], says: 'cannot be used with option' },
    { args: ['--dokcer'], says: "unknown option '--dokcer'" },
    { args: ['--name'], says: "option '--name <name>' needs a value" },
    { args: ['shop', '--project', '../x'], says: 'is not a place of Stage0' },
    { args: ['shop', '--database', ''], says: 'cannot be the name of the database' },
  ])('ends with 64: $args', async ({ args, says }) => {
    const { exit, folder, err } = await typing([], [...args, '--yes'])
    expect([exit, await readdir(folder)]).toEqual([64, []])
    expect(err).toContain(says)
  })
})
