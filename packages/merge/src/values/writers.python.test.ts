import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PATIENCE, isDeep } from '@stage0/testkit'
import type { Value } from '../value.ts'
import { compare, equal } from './equality.ts'
import { reprOf, textOf } from './text.ts'
import { toJson, toJsonMinified } from './to-json.ts'
import { toYaml } from './to-yaml.ts'
import { askPython, told, whyNoPython, type Act, type Answer } from './testing/python-oracle.ts'
import { randomValue } from './testing/random-values.ts'

const reason = isDeep ? whyNoPython() : 'Python is asked in the deep tier: pnpm test:deep'

const ANY = { withTuples: true, isShared: false }
const SAMPLES = 10_000
const seed = Date.now() % 2 ** 31
const sample = <T>(arbitrary: fc.Arbitrary<T>): readonly T[] => fc.sample(arbitrary, { numRuns: SAMPLES, seed })
const values = (options: Parameters<typeof randomValue>[0]): readonly Value[] => sample(randomValue(options))
if (reason === undefined) console.info(`The values compared with Python come from the seed ${seed}.`)

/** What differs from Python's answers; a refusal of both is agreement. */
function differences(
  act: Act,
  samples: readonly Value[],
  ours: (value: Value) => string | undefined,
): readonly unknown[] {
  const answers = askPython<string>(
    act,
    samples.map((value) => told(value)),
  )
  return samples.flatMap((value, at) => {
    const theirs = answers[at] as Answer<string>
    const [mine, other] = [ours(value), 'ok' in theirs ? theirs.ok : undefined]
    return mine === other ? [] : [{ value: JSON.stringify(told(value)), mine, theirs }]
  })
}

const inResult = (result: ReturnType<typeof toJson>): string | undefined => (result.ok ? result.value : undefined)

it('text, repr and JSON are what Python prints, byte for byte', PATIENCE, (context) => {
  context.skip(reason !== undefined, reason)
  const samples = values(ANY)
  expect(differences('repr', samples, reprOf)).toEqual([])
  expect(differences('text', samples, textOf)).toEqual([])
  expect(differences('json', samples, (value) => inResult(toJson(value)))).toEqual([])
  expect(differences('minified', samples, (value) => inResult(toJsonMinified(value)))).toEqual([])
})

it('YAML is what PyYAML writes, byte for byte', PATIENCE, (context) => {
  context.skip(reason !== undefined, reason)
  expect(differences('yaml', values({ withTuples: false, isShared: false }), toYaml)).toEqual([])
  expect(differences('yaml', values({ withTuples: true, isShared: true }), toYaml)).toEqual([])
})

it('values compare as in Python', PATIENCE, (context) => {
  context.skip(reason !== undefined, reason)
  const samples = sample(fc.tuple(randomValue(ANY), randomValue(ANY)))
  const near = samples.flatMap(([left, right]): (readonly [Value, Value])[] => [
    [left, right],
    [left, left],
  ])
  const answers = askPython<readonly boolean[]>(
    'order',
    near.map((pair) => told(pair)),
  )
  const wrong = near.filter(([left, right], at) => {
    const theirs = answers[at] as Answer<readonly boolean[]>
    const order = compare(left, right)
    if ('error' in theirs) return order !== undefined
    return order === undefined || theirs.ok.join() !== [equal(left, right), order < 0, order > 0].join()
  })
  expect(wrong.map((pair) => JSON.stringify(told(pair)))).toEqual([])
})
