import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Each suite runs in a process of its own, so that one's memory and warmed-up code say nothing about the other. */
const SUITES = ['check-render', 'apply', 'api', 'engine', 'embedded', 'race', 'merge']

const runSuite = (name: string): Promise<number> =>
  new Promise((resolve, reject) => {
    console.log(`\n== ${name}`)
    const child = spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
      { stdio: 'inherit' },
    )
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !SUITES.includes(name))
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}; there are ${SUITES.join(', ')}`)
  process.exitCode = 64
} else {
  let worst = 0
  for (const name of wanted.length > 0 ? wanted : SUITES) worst = Math.max(worst, await runSuite(name))
  process.exitCode = worst
}
