import { expect, it } from 'vitest'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { compare, equal } from './equality.ts'

const date = (text: string): DateValue => new DateValue(text)
const time = (text: string): TimeValue => new TimeValue(text)

it.each<readonly [Value, Value, boolean]>([
  [1n, 1, true],
  [1n, true, true],
  [0, false, true],
  [-0, 0n, true],
  [2n ** 53n + 1n, 2 ** 53, false],
  [NaN, NaN, false],
  [[NaN], [NaN], true],
  ['1', 1n, false],
  ['', null, false],
  [null, null, true],
  [null, false, false],
  [[1n, 2n], [1, 2n], true],
  [[1n], [1n, 2n], false],
  [[1n], new Tuple([1n]), false],
  [new Tuple([1n]), new Tuple([true]), true],
  [date('2026-01-02'), date('2026-01-02'), true],
  [date('2026-01-02'), time('2026-01-02 00:00:00'), false],
  [time('2026-01-02 00:00:00+00:00'), time('2026-01-02 01:00:00+01:00'), true],
  [time('2026-01-02 00:00:00+00:00'), time('2026-01-02 00:00:00'), false],
])('%o == %o is %s', (left, right, expected) => {
  expect(equal(left, right)).toBe(expected)
  expect(equal(right, left)).toBe(expected)
})

it('mappings are equal whatever the order of their keys', () => {
  const one = Mapping.of<Value>([
    ['a', 1n],
    [1n, [2n]],
  ])
  const other = Mapping.of<Value>([
    [true, [2]],
    ['a', 1],
  ])
  expect(equal(one, other)).toBe(true)
  other.set('a', 2n)
  expect(equal(one, other)).toBe(false)
  expect(equal(one, Mapping.of<Value>([['a', 1n]]))).toBe(false)
})

it.each<readonly [Value, Value]>([
  [1n, 1.5],
  [false, 1n],
  [2 ** 53, 2n ** 53n + 1n],
  ['B', 'a'],
  ['a', 'ab'],
  ['\uffee', '😀'],
  [
    [1n, 'a'],
    [1, 'b'],
  ],
  [[1n], [1n, null]],
  [new Tuple([1n]), new Tuple([2n])],
  [date('2025-12-31'), date('2026-01-01')],
  [time('2026-01-02 00:00:00+01:00'), time('2026-01-02 00:00:00+00:00')],
  [time('2026-01-02 00:00:00'), time('2026-01-02 00:00:00.000001')],
])('%o is below %o', (lower, higher) => {
  expect(compare(lower, higher)).toBeLessThan(0)
  expect(compare(higher, lower)).toBeGreaterThan(0)
  expect(compare(lower, lower)).toBe(0)
})

it.each<readonly [Value, Value]>([
  [1n, '1'],
  [null, null],
  [[1n], new Tuple([1n])],
  [
    [1n, 'a'],
    [1n, 2n],
  ],
  [new Mapping(), new Mapping()],
  [date('2026-01-02'), time('2026-01-02 00:00:00')],
  [time('2026-01-02 00:00:00'), time('2026-01-02 00:00:00+00:00')],
])('%o and %o have no order', (left, right) => {
  expect(compare(left, right)).toBeUndefined()
})

it('not-a-number is neither below nor above nor equal', () => {
  expect(compare(NaN, 1n)).toBeNaN()
  expect(compare(1, NaN)).toBeNaN()
})

it('moments with zones are one key when they are one moment', () => {
  const mapping = Mapping.of([[time('2026-01-02 00:00:00+00:00'), 1n]])
  expect(mapping.get(time('2026-01-02 01:00:00+01:00'))).toBe(1n)
  expect(mapping.has(time('2026-01-02 00:00:00'))).toBe(false)
  expect(mapping.has(date('2026-01-02'))).toBe(false)
})

it('a text is one key with no other text and with nothing else, whatever is in it', () => {
  const others: Value[] = [null, true, 2n, 1.5, NaN, date('2026-01-02'), time('2026-01-02 00:00:00')]
  const looks = ['null', 'n1', 'n2', 'n1.5', 'nNaN', 'd2026-01-02', 't1767312000000000', '', '\0']
  const texts = looks.flatMap((text) => [text, `s${text}`, `\0${text}`, `\0s${text}`, `\0\0${text}`])
  const keys = [...others, ...new Set(texts)] as Key[]
  const mapping = Mapping.of(keys.map((key, at) => [key, BigInt(at)]))
  expect(mapping.keys()).toEqual(keys)
  expect(keys.map((key) => mapping.get(key))).toEqual(keys.map((_, at) => BigInt(at)))
})
