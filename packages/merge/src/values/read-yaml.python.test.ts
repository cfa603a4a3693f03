import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PATIENCE, isDeep, sharedFolder } from '@stage0/testkit'
import { readYaml } from './read-yaml.ts'
import { askPython, told, whyNoPython, type Answer, type Told } from './testing/python-oracle.ts'
import { randomYaml } from './testing/random-yaml.ts'

const reason = isDeep ? whyNoPython() : 'Python is asked in the deep tier: pnpm test:deep'
const seed = Date.now() % 2 ** 31
if (reason === undefined) console.info(`The texts compared with Python come from the seed ${seed}.`)
const SAMPLES = 40_000

/** What readYaml refuses on purpose, by a part of its sentence. */
const STRICTER = ['half of a character', 'stands inside of its own anchor', 'is not read here', 'does not fit']
/** What Python accepts as a value that has no counterpart here, or fails at later. */
const NO_VALUE = /^TypeError: a value of the kind (?:set|bytes)/

interface Comparison {
  readonly equal: number
  readonly bothRefuse: number
  readonly stricter: readonly unknown[]
  readonly laxer: readonly unknown[]
  readonly different: readonly unknown[]
}

function compareWithPython(texts: readonly string[]): Comparison {
  const answers = askPython<Told>('read', texts)
  let [equal, bothRefuse] = [0, 0]
  const [stricter, laxer, different]: [unknown[], unknown[], unknown[]] = [[], [], []]
  for (const [at, text] of texts.entries()) {
    const theirs = answers[at] as Answer<Told>
    const ours = readYaml(text, 'a.yaml')
    const message = ours.ok ? '' : (ours.problems[0]?.message ?? '')
    if ('error' in theirs && (!ours.ok || NO_VALUE.test(theirs.error))) bothRefuse++
    else if ('error' in theirs) laxer.push({ text, theirs: theirs.error })
    else if (!ours.ok) {
      if (!STRICTER.some((part) => message.includes(part)))
        stricter.push({ text, message, theirs: JSON.stringify(theirs.ok) })
    } else if (JSON.stringify(told(ours.value.value)) === JSON.stringify(theirs.ok)) equal++
    else different.push({ text, ours: JSON.stringify(told(ours.value.value)), theirs: JSON.stringify(theirs.ok) })
  }
  console.info(`${texts.length} texts: ${equal} equal, ${bothRefuse} refused by both, ${laxer.length} read here only.`)
  return { equal, bothRefuse, stricter, laxer, different }
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', '.git', 'dist', '.turbo'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return yamlFiles(path)
    return /\.ya?ml$/.test(entry.name) ? [path] : []
  })
}

const realFolders = [new URL('../../../..', import.meta.url).pathname, sharedFolder('fixtures')]
const realTexts = (): readonly string[] =>
  realFolders
    .flatMap((folder) => (folder === undefined ? [] : yamlFiles(folder)))
    .map((path) => readFileSync(path, 'utf8'))

it('real documents have the values that PyYAML reads', PATIENCE, (context) => {
  context.skip(reason !== undefined, reason)
  const { equal, stricter, laxer, different } = compareWithPython(realTexts())
  expect({ stricter, laxer, different }).toEqual({ stricter: [], laxer: [], different: [] })
  expect(equal).toBeGreaterThan(100)
})

it('random texts that both read have the same values, and few are read by one alone', PATIENCE, (context) => {
  context.skip(reason !== undefined, reason)
  const short = realTexts().filter((text) => text.length < 3000)
  const texts = fc.sample(randomYaml(short), { numRuns: SAMPLES, seed })
  const { equal, bothRefuse, stricter, laxer, different } = compareWithPython(texts)
  // The library reads YAML 1.2, which wants brackets and quotes to be indented and lets tabs separate. It differs silently where an escaped
  // end of a line in quotes stands before an empty line, where an anchor has signs in its name, and in the margins of empty blocks.
  expect(different.length).toBeLessThan(SAMPLES / 1000)
  expect(stricter.length + laxer.length).toBeLessThan(SAMPLES / 20)
  expect(equal).toBeGreaterThan(SAMPLES / 5)
  expect(bothRefuse).toBeGreaterThan(SAMPLES / 20)
})
