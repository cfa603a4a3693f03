import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { planFiles } from './plan-files.ts'
import { PROJECT } from './published.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const VERSION = '1.2.3'
/** What a README says that is not run here, but looked at: it needs an engine for containers, or the published package. */
const LOOKED_AT = /^(?:docker|npm) /
/** The database of the compose file, for which another one stands in here. */
const ADDRESS = 'mongodb://127.0.0.1:27017/?directConnection=true'

const choices = (bits: number) => ({
  name: 'shop',
  database: 'shop',
  project: PROJECT,
  sample: (bits & 1) === 0,
  docker: (bits & 2) === 0,
  compose: (bits & 4) === 0,
  workflow: (bits & 8) === 0,
})

/** The blocks of a README that a person is to give to a shell, in their order. */
const blocksOf = (readme: string): readonly string[] =>
  [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)

const ALL = Array.from({ length: 16 }, (_, bits) => {
  const files = planFiles(choices(bits), VERSION)
  const blocks = blocksOf(files.find(({ path }) => path === 'README.md')?.text ?? '')
  return { ...choices(bits), blocks }
})
const runnable = (blocks: readonly string[]): string => blocks.filter((block) => !LOOKED_AT.test(block)).join('')
/** Most choices change no command that is run: each list of commands is run once. */
const SCRIPTS = [...new Map(ALL.map((one) => [runnable(one.blocks), one])).values()]

describe('the README of a new repository', () => {
  it.each(SCRIPTS)('says commands that work, one after the other (sample: $sample)', async ({ sample, blocks }) => {
    const root = await temporaryFolder()
    const folder = join(root, 'shop')
    expect(await run(['init', folder, ...(sample ? [] : ['--empty'])], recordingIo(), VERSION)).toBe(0)
    expect(runnable(blocksOf(await readFile(join(folder, 'README.md'), 'utf8')))).toBe(runnable(blocks))
    const bin = join(root, 'bin')
    await mkdir(bin)
    await writeFile(join(bin, 'stage0'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
    await chmod(join(bin, 'stage0'), 0o755)

    // Always one of its own: the commands name the database as a person would, and what it is called counts on a shared server.
    const server = await startEmbedded()
    onTestFinished(() => server.close())
    const script = runnable(blocks)
    expect(script.split(ADDRESS)).toHaveLength(2)
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', script.replace(ADDRESS, server.uri)],
      {
        cwd: folder,
        env: {
          PATH: [bin, process.env['PATH']].join(delimiter),
          HOME: root,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'T',
          GIT_AUTHOR_EMAIL: 't@x.example',
          GIT_COMMITTER_NAME: 'T',
          GIT_COMMITTER_EMAIL: 't@x.example',
        },
      },
    )
    expect(stdout).toMatch(/^no problems\n/)
    expect(stdout).toContain('in sync')
    expect(stdout).toContain('The schema of the database')
    // The last command of the page is an apply of what is applied already.
    expect(stdout.slice(stdout.indexOf('The schema of the database'))).toMatch(/nothing to do/i)
    const git = async (...args: readonly string[]) => (await promisify(execFile)('git', ['-C', folder, ...args])).stdout
    const committed = (await git('ls-files')).split('\n')
    expect(committed).toContain('.schemas/dictionary.schema.json')
    expect(committed.filter((path) => path === 'plan.json' || path.startsWith('.stage0/'))).toEqual([])
    // What came after the commit wrote nothing new: the schemas for editors are those of this version.
    expect(await git('status', '--porcelain')).toBe('')
  })

  it('has two lists of commands: one with the samples, one without', () => {
    expect(SCRIPTS.map(({ sample }) => sample)).toEqual([true, false])
  })
})

describe('what a README says and is not run here', () => {
  const said = ({ blocks }: (typeof ALL)[number]) =>
    blocks.filter((block) => LOOKED_AT.test(block)).map((block) => block.trim())

  it.each(ALL)('is there for what was chosen only (docker: $docker, compose: $compose)', (one) => {
    const runs = one.docker ? [expect.stringMatching(/ shop apply --yes$/), expect.stringMatching(/ shop$/)] : []
    expect(said(one)).toEqual([
      `npm install --global @stage0/cli@${VERSION}`,
      ...(one.compose ? ['docker compose up --detach --wait'] : []),
      ...(one.docker ? ['docker build --tag shop .'] : []),
      ...(runs as string[]),
    ])
  })

  it('is what the command takes: the job of the image', async () => {
    // Without a database it gets as far as the settings.
    const io = recordingIo({ environment: { MONGO_CONNECTION_STRING: 'nonsense' } })
    expect(await run(['apply', '--yes'], io, VERSION)).toBe(64)
    expect(io.written.err).toContain('MONGO_CONNECTION_STRING')
  })
})
