import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  checkRepository,
  readRepository,
  renderAll,
  type CheckResult,
  type FolderKind,
  type RawFile,
  type RepositoryFiles,
} from '@stage0/core'
import { parseEvents } from 'js-yaml'
import { ACCEPTANCE_SIZE, generateRepository } from './generate-repository.ts'

/**
 * Check + render of a whole repository, as a ratio to js-yaml's `parseEvents` alone over the same files in the same
 * process, and its peak memory in a process of its own.
 *
 * What is timed: reading the files from disk and hashing them, building the model, all checks, the `$jsonSchema` and
 * the JSON Schema of every version. What it is compared with: parsing the texts, nothing else. The hashes that a plan needs
 * besides are shown apart.
 */
const ROUNDS = 7
/** Bars of the acceptance. */
const MAX_RATIO = 2.5
const MAX_PEAK_MB = 400

const FOLDERS: readonly FolderKind[] = ['configurations', 'dictionaries', 'types', 'enumerators']

function readFolder(root: string): RepositoryFiles {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name): RawFile => {
      const bytes = readFileSync(join(root, folder, name))
      const hash = createHash('sha256').update(bytes).digest('hex')
      return { folder, name, path: `${folder}/${name}`, text: bytes.toString('utf8'), hash }
    }),
  )
  return { files, problems: [] }
}

function checkAndRender(root: string): CheckResult {
  const repository = readRepository(readFolder(root))
  const result = checkRepository(repository, { loadTestData: true })
  const error = result.problems.find((problem) => problem.severity === 'error')
  if (error !== undefined) throw new Error(`the generated repository has an error: ${JSON.stringify(error)}`)
  renderAll(repository, 'json')
  return result
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** From a clean heap, so that nobody pays for the garbage of what was timed before. */
const milliseconds = (work: () => unknown): number => {
  collectGarbage()
  const start = performance.now()
  work()
  return performance.now() - start
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Both in turn in every round, so that other load on the machine meets both. */
function measure(root: string): number {
  const texts = readFolder(root).files.map((file) => file.text)
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  console.log(`${texts.length} files, ${(bytes / 1e6).toFixed(1)} MB`)
  const rounds = Array.from({ length: ROUNDS }, () => {
    const parse = milliseconds(() => texts.map((text) => parseEvents(text, {}).length))
    let result: CheckResult | undefined
    const check = milliseconds(() => (result = checkAndRender(root)))
    const hash = milliseconds(() => result?.wanted)
    return { parse, check, hash, ratio: check / parse }
  })
  const of = (key: 'parse' | 'check' | 'hash' | 'ratio'): number => median(rounds.map((round) => round[key]))
  console.log(`parseEvents alone: median ${of('parse').toFixed(0)} ms of ${ROUNDS} rounds on this machine`)
  console.log(`check + render:    median ${of('check').toFixed(0)} ms, first round ${rounds[0]?.check.toFixed(0)} ms`)
  console.log(
    `ratio: ${of('ratio').toFixed(2)} (bar ${MAX_RATIO.toFixed(1)}), rounds ${rounds.map(({ ratio }) => ratio.toFixed(2)).join(' ')}`,
  )
  console.log(`hashes for a plan: ${(of('hash') / of('parse')).toFixed(2)} of parseEvents besides`)
  return of('ratio')
}

const PEAK_FLAG = '--peak'

function peakMegabytes(root: string): number {
  const script = fileURLToPath(import.meta.url)
  const child = spawnSync(process.execPath, [...process.execArgv, script, PEAK_FLAG, root], { encoding: 'utf8' })
  if (child.status !== 0) throw new Error(child.stderr)
  return Number(child.stdout)
}

function main(): void {
  const root = mkdtempSync(join(tmpdir(), 'stage0-bench-'))
  try {
    for (const folder of FOLDERS) mkdirSync(join(root, folder))
    for (const file of generateRepository(ACCEPTANCE_SIZE).files) writeFileSync(join(root, file.path), file.text)
    const ratio = measure(root)
    const peak = peakMegabytes(root)
    console.log(`peak memory of one check + render: ${peak.toFixed(0)} MB (bar ${MAX_PEAK_MB})`)
    const isMet = ratio <= MAX_RATIO && peak <= MAX_PEAK_MB
    console.log(isMet ? 'both bars are met' : 'a bar is MISSED')
    if (!isMet) process.exitCode = 1
  } finally {
    rmSync(root, { recursive: true })
  }
}

const [flag, root] = process.argv.slice(2)
if (flag === PEAK_FLAG && root !== undefined) {
  // With what a plan needs, as `stage0 plan` does it.
  if (checkAndRender(root).wanted === undefined) throw new Error('nothing is wanted')
  // maxRSS is in kilobytes.
  console.log(process.resourceUsage().maxRSS / 1024)
} else main()
