import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import {
  conformanceCases,
  CONFORMANCE_FOLDER,
  groupFiles,
  isShort,
  type ShortCase,
} from './testing/conformance-cases.ts'
import { askMinijinja, likeMinijinja } from './testing/minijinja.ts'

/** Why the first implementation cannot be asked, or nothing. */
function whyNoPython(): string | undefined {
  if (!isDeep) return 'only in the deep tier'
  const found = spawnSync('python3', [
    '-c',
    'import jinja2, yaml; assert jinja2.__version__ >= "3.1" and yaml.__version__ >= "6"',
  ])
  if (found.error !== undefined) return 'python3 is not here'
  return found.status === 0 ? undefined : 'python3 is here without Jinja2 3.1 or PyYAML 6'
}

const reason = whyNoPython()
it('Jinja2 and PyYAML say of every case what is expected, or a case says why not', ({ skip }) => {
  if (reason !== undefined) skip(reason)
  const files = groupFiles().map((name) => `${CONFORMANCE_FOLDER}${name}`)
  const { stdout, stderr, status } = spawnSync('python3', [`${CONFORMANCE_FOLDER}second-opinion.py`, ...files], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([])
})

/** Groups about what minijinja has too: neither our four filters nor the way that values are printed. */
const SHARED: ReadonlySet<string> = new Set(['whitespace', 'blocks', 'expressions', 'filters', 'tests', 'errors'])
const isShared = (one: ShortCase): boolean => SHARED.has(one.group) && one.differs === undefined

const agrees = (one: ShortCase): boolean => {
  const theirs = askMinijinja(one)
  return one.prints === undefined || theirs === undefined
    ? one.prints === theirs
    : likeMinijinja(theirs) === likeMinijinja(one.prints)
}

it('minijinja says of the cases of the shared language what is expected, but for differences with a reason', ({
  skip,
}) => {
  if (!isDeep) skip('only in the deep tier')
  const known = JSON.parse(readFileSync(`${CONFORMANCE_FOLDER}minijinja-differs.json`, 'utf8')) as Record<
    string,
    string[]
  >
  const differing = conformanceCases()
    .filter(isShort)
    .filter(isShared)
    .filter((one) => !agrees(one))
    .map(({ group, name }) => `${group}: ${name}`)
  expect(differing.sort()).toEqual(Object.values(known).flat().sort())
})
