import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { differenceOf } from './difference.ts'
import { brokenLinks } from './links.ts'
import { pages } from './pages.ts'
import { inProject } from './run-stage0.ts'

/**
 * Writes the generated pages; with `--check` says which of them are not what they would be, and how to renew them. Either way the links of all
 * Markdown files are looked at, generated or not.
 */
async function main(check: boolean): Promise<number> {
  const stale: string[] = []
  for (const [path, make] of Object.entries(pages())) {
    const wanted = await make()
    const file = inProject(path)
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === wanted) continue
    stale.push(path)
    if (check) {
      console.log(`${path} is stale: ${differenceOf(found, wanted)}`)
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, wanted)
    console.log(`${path} is written`)
  }
  if (check && stale.length > 0) console.log('Run `pnpm docs:generate` and commit what it writes.')
  const broken = await brokenLinks(inProject('.'))
  for (const { file, line, text } of broken) console.log(`${file}:${line}  ${text}`)
  return broken.length > 0 || (check && stale.length > 0) ? 1 : 0
}

process.exitCode = await main(process.argv.includes('--check'))
