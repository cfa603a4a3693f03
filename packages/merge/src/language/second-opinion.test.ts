import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { Mapping } from '../value.ts'
import { told } from '../values/testing/python-oracle.ts'
import { NAMES } from './testing/random-names.ts'
import { randomTemplate } from './testing/random-template.ts'
import { renderingOf } from './testing/rendered.ts'

type Answer = readonly ['text' | 'problem' | 'slow', string]

const SCRIPT = fileURLToPath(new URL('./testing/jinja.py', import.meta.url))
const TEMPLATES = 30_000

function whyNot(): string | undefined {
  if (!isDeep) return 'only in the deep tier'
  const found = spawnSync('python3', ['-c', 'import jinja2; assert jinja2.__version__ >= "3.1"'])
  if (found.error !== undefined) return 'python3 is not here'
  return found.status === 0 ? undefined : 'python3 is here without Jinja2 3.1'
}

const reason = whyNot()

/** What is refused here although Jinja2 prints something: an address in memory, or what is not offered. */
const REFUSED_HERE = [
  /^Members that a filter gives one by one have no (text|attributes)/,
  /^`\*\*` is for whole numbers/,
  /cannot be told apart by `unique`/,
  /cannot be the key of a mapping/,
  /is not part of the language here/,
  /methods are not part of the language here/,
  /cannot follow a test/,
  /^`loop` has no members/,
]

function differenceOf(template: string, [kind, theirs]: Answer): unknown {
  if (kind === 'slow') return undefined
  const ours = renderingOf(template, NAMES)
  if ('text' in ours) return kind === 'text' && ours.text === theirs ? undefined : { template, ours: ours.text, theirs }
  if (kind === 'problem' || REFUSED_HERE.some((known) => known.test(ours.problem.message))) return undefined
  return { template, ours: ours.problem, theirs }
}

test('random templates give what Jinja2 gives', PATIENCE, ({ skip }) => {
  skip(reason !== undefined, reason)
  const seed = Date.now() % 2 ** 31
  console.info(`The templates compared with Jinja2 come from the seed ${seed}.`)
  const templates = fc.sample(randomTemplate, { numRuns: TEMPLATES, seed })
  const lines = [told(Mapping.of(Object.entries(NAMES))), ...templates].map((line) => JSON.stringify(line))
  const { stdout, stderr, status } = spawnSync('python3', [SCRIPT], { input: lines.join('\n'), maxBuffer: 2 ** 30 })
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' })
  const answers = stdout.toString().trimEnd().split('\n')
  expect(answers).toHaveLength(templates.length)
  expect(answers.filter((line) => line.startsWith('["slow"')).length).toBeLessThan(5)
  const differences = templates.map((template, at) => differenceOf(template, JSON.parse(answers[at] ?? '') as Answer))
  expect(differences.filter((difference) => difference !== undefined)).toEqual([])
})
