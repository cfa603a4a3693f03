import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProject } from '../docs/run-stage0.ts'
import { changed } from './change-file.ts'
import { missingLine } from './compare-output.ts'
import { readBlocks, type Block } from './read-blocks.ts'
import { Shell, type Ran } from './shell.ts'

const EXTERNAL = process.env['MONGO_CONNECTION_STRING'] ?? ''
/** Of the page, where others may be taken already: ports, the connection string, the name of the database. */
const PORTS = ['27017', '8081']
const DATABASE_AT = /^export MONGO_CONNECTION_STRING='.*'$/m

let root: string
let shell: Shell
const replaced = new Map<string, string>()

async function freePort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return String(port)
}

/** What stands on the PATH besides: the command of this project, and in the place of npm what it would install. */
async function commands(folder: string): Promise<void> {
  const linked = `mkdir -p ../node_modules && ln -s '${inProject('packages/mongo/node_modules/mongodb')}' ../node_modules/mongodb`
  const programs = { stage0: `exec '${process.execPath}' '${inProject('apps/cli/dist/main.js')}' "$@"`, npm: linked }
  await mkdir(folder)
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(folder, name), 0o755)
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stage0-tutorial-'))
  await commands(join(root, 'bin'))
  for (const port of PORTS) replaced.set(port, await freePort())
  const database = `stage0_tutorial_${process.pid}`
  if (EXTERNAL !== '') replaced.set('for shop on', `for ${database} on`).set('shop  MongoDB', `${database}  MongoDB`)
  await mkdir(join(root, 'home'))
  shell = await Shell.start(join(root, 'home'), join(root, 'state'), {
    PATH: `${join(root, 'bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: join(root, 'home'),
    ...(EXTERNAL !== '' && { MONGO_DB_NAME: database, ENVIRONMENT_NAME: 'local', MONGODB_REQUIRE_TLS: 'false' }),
  })
})

afterAll(async () => {
  if (EXTERNAL !== '') await shell.run(`cd .. && ${dropping}`)
  await shell.close()
  await rm(root, { recursive: true, force: true })
})

const dropping = `node --input-type=module -e "import { MongoClient } from 'mongodb'; const client = new MongoClient(process.env.MONGO_CONNECTION_STRING); await client.db(process.env.MONGO_DB_NAME).dropDatabase(); await client.close()"`

const here = (text: string): string =>
  [...replaced]
    .reduce((now, [from, to]) => now.replaceAll(from, to), text)
    .replace(DATABASE_AT, (line) => (EXTERNAL === '' ? line : `export MONGO_CONNECTION_STRING='${EXTERNAL}'`))

describe('the tutorial', () => {
  it('is carried out as it stands, and shows what comes of it', async () => {
    const page = await readFile(inProject('docs/tutorial.md'), 'utf8')
    let last: { readonly ran: () => Promise<Ran>; readonly goesOn: boolean } | undefined
    for (const block of readBlocks(page)) {
      if (block.kind === 'output' && last !== undefined) await compare(block, last)
      else if (block.kind === 'commands') last = await carryOut(block)
      else if (block.kind === 'file' || block.kind === 'change') await write(block)
    }
  }, 300_000)
})

async function carryOut({ text, line, exit, terminal }: Extract<Block, { kind: 'commands' }>) {
  const isDatabase = text.startsWith('stage0 embedded ')
  if (isDatabase && EXTERNAL !== '') return undefined
  if (terminal === 1) {
    const ran = await shell.run(here(text))
    expect({ line, text, ...ran }).toMatchObject({ exit })
    return { ran: () => Promise.resolve(ran), goesOn: false }
  }
  const folder = isDatabase ? join(root, 'home/tutorial') : await shell.where()
  const begun = shell.begin(here(text), folder)
  return { ran: async () => ({ exit: null, output: await begun.output() }), goesOn: true }
}

/** What goes on says it at some time; 50 ms lie between two looks. */
const TRIES = 1200

async function compare(
  { text, line }: Extract<Block, { kind: 'output' }>,
  { ran, goesOn }: { readonly ran: () => Promise<Ran>; readonly goesOn: boolean },
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const { output } = await ran()
    const missing = missingLine(here(text), output)
    if (missing === undefined) break
    if (!goesOn || tries === TRIES) expect({ line, missing, output }).toEqual({ line, missing: undefined, output })
    await sleep(50)
  }
  const address = /^http:\S+$/m.exec(here(text))?.[0]
  if (address === undefined) return
  // Whether the console is built is the affair of its own tests.
  const answer = await fetch(new URL('/api/health/live', address))
  expect(answer.status).toBe(200)
}

async function write(block: Extract<Block, { kind: 'file' | 'change' }>): Promise<void> {
  const path = join(await shell.where(), block.path)
  const text = block.kind === 'file' ? block.text : changed(await readFile(path, 'utf8'), block.text)
  await writeFile(path, text)
}
