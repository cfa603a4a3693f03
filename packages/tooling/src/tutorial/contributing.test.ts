import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rolldown } from 'rolldown'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inProject } from '../docs/run-stage0.ts'
import { changed } from './change-file.ts'
import { readBlocks } from './read-blocks.ts'

const isDeep = process.env['STAGE0_DEEP'] === '1'
/** What the kind of the example is made of without the console. */
const COPIED = ['packages/types', 'packages/bson-schema', 'packages/core']
const KINDS_OF_PARTS = ['A property kind', 'A step kind', 'A route', 'A screen']

const read = (path: string): Promise<string> => readFile(inProject(path), 'utf8')

/** Paths that stand in backquotes under a heading of the page. */
function pathsUnder(page: string, heading: string): readonly string[] {
  const section = page.split(`### ${heading}\n`)[1]?.split(/\n##/)[0] ?? ''
  return [...section.matchAll(/`((?:packages|apps|e2e|docs)\b[^`]*)`/g)].map(([, path = '']) => path)
}

/** The changes of the example, those of one file after each other. */
async function example(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const block of readBlocks(await read('docs/adding-a-property-kind.md'))) {
    if (block.kind !== 'change') throw new TypeError(`line ${block.line}: not a change`)
    files.set(block.path, changed(files.get(block.path) ?? (await read(block.path)), block.text))
  }
  return files
}

describe('CONTRIBUTING', () => {
  it('names files that are there, for each thing to add', async () => {
    const page = await read('CONTRIBUTING.md')
    for (const heading of KINDS_OF_PARTS) {
      const paths = pathsUnder(page, heading)
      // Of a concept or a feature that is yet to be made the folder must be there.
      const missing = paths.filter((path) => !existsSync(inProject(path.split('/<')[0] ?? path)))
      expect([heading, missing, paths.length > 2]).toEqual([heading, [], true])
    }
  })

  it('lists for a property kind exactly the files that the example changes, and these fit', async () => {
    const listed = pathsUnder(await read('CONTRIBUTING.md'), 'A property kind')
    expect([...(await example()).keys()].sort()).toEqual([...listed].sort())
  })

  it(`is enough to add one: the copy ${isDeep ? 'compiles, and ' : ''}reads and renders it`, async () => {
    const copy = await mkdtemp(join(tmpdir(), 'stage0-kind-'))
    onTestFinished(() => rm(copy, { recursive: true, force: true }))
    for (const folder of COPIED)
      await cp(inProject(folder), join(copy, folder), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => basename(path) !== 'dist' && !path.endsWith('.test.ts'),
      })
    await symlink(inProject('node_modules'), join(copy, 'node_modules'))
    await cp(inProject('tsconfig.base.json'), join(copy, 'tsconfig.base.json'))
    for (const [path, text] of await example()) {
      await mkdir(dirname(join(copy, path)), { recursive: true })
      await writeFile(join(copy, path), text)
    }
    expect(await rendered(copy)).toEqual({
      problems: [],
      bson: { bsonType: 'bool' },
      json: { description: 'Whether', type: 'boolean' },
    })
    if (isDeep) expect(await compiled(copy)).toEqual('')
  })
})

const SCRIPT = `
import { readRepository, checkRepository, renderType } from './packages/core/src/index.ts'
const text = 'root: { name: active, description: Whether, type: flag }'
const file = { folder: 'types', name: 'active.yaml', path: 'types/active.yaml', text, hash: '' }
const repository = readRepository({ files: [file], problems: [] })
const plain = (doc) => Object.fromEntries(doc.entries())
const of = (format) => plain(renderType(repository, 'active', format))
const problems = checkRepository(repository, { loadTestData: false }).problems.filter(({ severity }) => severity === 'error')
console.log(JSON.stringify({ problems, bson: of('bson'), json: of('json') }))
`

async function rendered(copy: string): Promise<unknown> {
  await writeFile(join(copy, 'use.ts'), SCRIPT)
  const bundle = await rolldown({
    cwd: copy,
    input: 'use.ts',
    platform: 'node',
    resolve: { conditionNames: ['@stage0/source', 'node', 'import'], mainFields: ['module', 'main'] },
  })
  await bundle.write({ file: join(copy, 'use.mjs'), codeSplitting: false })
  await bundle.close()
  return JSON.parse(await output(process.execPath, [join(copy, 'use.mjs')], copy))
}

const compiled = (copy: string): Promise<string> =>
  output(process.execPath, [inProject('node_modules/typescript/bin/tsc'), '-b', 'packages/core'], copy)

async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr.on('data', (part: Buffer) => (text += part.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${text}`)
  return text
}
