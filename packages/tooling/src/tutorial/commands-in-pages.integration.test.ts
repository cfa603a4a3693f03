import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verbsOf } from '../docs/command-page.ts'
import { inProject, runStage0 } from '../docs/run-stage0.ts'
import { commandsIn, optionsOf } from './commands-in-pages.ts'

const SKIPPED = new Set(['node_modules', 'dist', '.git'])
/** What follows `stage0` there and is no verb: an image of this name in `docker run ... stage0`. */
const IMAGES = /docker (run|build|compose)/

async function pages(folder: string): Promise<readonly string[]> {
  const entries = await readdir(inProject(folder), { withFileTypes: true })
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pages(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

describe('every command that a page names', () => {
  it('is a verb of the command, with options that it has', async () => {
    const help = (...verb: readonly string[]) => runStage0([...verb, '--help'], { NO_COLOR: '1' })
    const verbs = verbsOf(await help())
    const known = new Map<string, readonly string[]>()
    for (const verb of verbs) known.set(verb, optionsOf(await help(verb)))
    const wrong: string[] = []
    let named = 0
    for (const path of await pages('.')) {
      const page = await readFile(inProject(path), 'utf8')
      const lines = page.split('\n')
      for (const { line, verb, options } of commandsIn(page)) {
        if (IMAGES.test(lines[line - 1] ?? '')) continue
        named += 1
        const has = known.get(verb)
        const missing = has === undefined ? [verb] : options.filter((option) => !has.includes(option))
        if (missing.length > 0) wrong.push(`${path}:${line} stage0 ${verb}: there is no ${missing.join(', ')}`)
      }
    }
    expect(wrong).toEqual([])
    expect([verbs.length > 10, named > 100]).toEqual([true, true])
  })
})

describe('the commands of a page', () => {
  it('are found in blocks and in lines, not in words between and not in outputs', () => {
    const fence = '```'
    const page = `stage0 lays out\n\nSee \`stage0 plan --out <file>\` and \`pnpm stage0 check\`.\n\n${fence}sh\nstage0 serve --port 1 | cat -n\n${fence}\n\n${fence}text\nstage0 nothing\n${fence}\n`
    expect(commandsIn(page)).toEqual([
      { line: 6, verb: 'serve', options: ['--port'] },
      { line: 3, verb: 'plan', options: ['--out'] },
      { line: 3, verb: 'check', options: [] },
    ])
  })

  it('have the options that the help lists', () => {
    expect(optionsOf('Options:\n  --out <file>   write --x\n                 more --y\n  -h, --help  z\n')).toEqual([
      '--out',
      '-h',
      '--help',
    ])
  })
})
