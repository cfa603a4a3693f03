import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RISK_CAUSES, RISK_CODES } from '@stage0/core'
import { ERRORS } from '@stage0/types'
import { commandPage, verbsOf } from './command-page.ts'
import { errorsPage } from './errors-page.ts'
import { risksPage } from './risks-page.ts'
import { inProject, runStage0 } from './run-stage0.ts'
import { settingsPage } from './settings-page.ts'

const helpOf = (...verb: readonly string[]): Promise<string> => runStage0([...verb, '--help'], { NO_COLOR: '1' })

const PAGES: Readonly<Record<string, () => Promise<string>>> = {
  'docs/errors/README.md': async () => errorsPage(ERRORS),
  'docs/risks.md': async () => risksPage(RISK_CODES, RISK_CAUSES),
  'docs/settings.md': async () => settingsPage(),
  'docs/command.md': async () => {
    const program = await helpOf()
    const verbs = verbsOf(program).map(async (verb) => ({ verb, text: await helpOf(verb) }))
    return commandPage([{ verb: '', text: program }, ...(await Promise.all(verbs))])
  },
}

/** Writes the generated pages, or with `--check` says which of them are not what they would be. */
async function main(check: boolean): Promise<number> {
  const stale: string[] = []
  for (const [path, make] of Object.entries(PAGES)) {
    const wanted = await make()
    const file = inProject(path)
    if ((await readFile(file, 'utf8').catch(() => '')) === wanted) continue
    stale.push(path)
    if (check) continue
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, wanted)
  }
  if (stale.length > 0) console.log(`${check ? 'stale, run `pnpm docs:generate`' : 'written'}: ${stale.join(', ')}`)
  return check && stale.length > 0 ? 1 : 0
}

process.exitCode = await main(process.argv.includes('--check'))
