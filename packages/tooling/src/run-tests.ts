import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closingLine, sumTotals, type TestTotals } from './closing-line.ts'

/**
 * Runs every test: those of the packages, then those of the console in a browser, and ends with one closing line for
 * all. Arguments name test files of the packages: then only these are run.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const folder = mkdtempSync(join(tmpdir(), 'stage0-tests-'))

interface Suite {
  readonly name: string
  readonly command: readonly string[]
}

const only = process.argv.slice(2)
const packages: Suite = { name: 'packages', command: ['node_modules/vitest/vitest.mjs', 'run', ...only] }
const browser = ['e2e/node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts']
const flows: Suite = { name: 'flows', command: [...browser, '--project', 'flows'] }
/** Alone, since it prints figures. */
const budgets: Suite = { name: 'budgets', command: [...browser, '--project', 'budgets', '--workers', '1'] }

function run({ name, command }: Suite): TestTotals {
  const tally = join(folder, `${name}.json`)
  const env = { ...process.env, STAGE0_TALLY: tally }
  const { status } = spawnSync(process.execPath, [...command], { cwd: root, stdio: 'inherit', env })
  const totals = readTally(tally)
  // A suite that ends badly without a failed test did not do what it was asked to.
  return status !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals
}

function readTally(path: string): TestTotals {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestTotals
  } catch {
    // It ended before it could count: the status tells, and counts as one failure.
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

const totals = (only.length > 0 ? [packages] : [packages, flows, budgets]).map(run).reduce(sumTotals)
rmSync(folder, { recursive: true })
process.stdout.write(`${closingLine(totals)}\n`)
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1
