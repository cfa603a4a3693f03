import { describe, expect, it } from 'vitest'
import { durationText, relativeText } from './time.ts'
import { useTypeAhead } from './use-type-ahead.ts'
import { splitVersion } from './version-parts.ts'

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [820, '820 ms'],
    [999.4, '999 ms'],
    [1000, '1 sec'],
    [3440, '3.4 sec'],
    [59_960, '1 min'],
    [60_000, '1 min'],
    [125_000, '2 min 5 sec'],
    [3_599_600, '1 hr'],
    [3_780_000, '1 hr 3 min'],
    [90_000_000, '25 hr'],
  ])('of %i ms is %s', (ms, text) => {
    expect(durationText(ms, 'en')).toBe(text)
  })
})

describe('a time as seen from now', () => {
  const now = Date.UTC(2026, 10, 22, 12)
  it.each([
    [0, 'now'],
    [-59_000, 'now'],
    [-61_000, '1 minute ago'],
    [-7_200_000, '2 hours ago'],
    [-86_400_000, 'yesterday'],
    [-86_400_000 * 40, 'last month'],
    [120_000, 'in 2 minutes'],
  ])('of %i ms is %s', (distance, text) => {
    expect(relativeText(now + distance, now, 'en')).toBe(text)
  })
})

describe('a version', () => {
  it.each([
    ['1.2.0.3', undefined, '1.2.0.3', ''],
    ['1.2.0.3', '1.2.0.3', '1.2.0.3', ''],
    ['1.2.0.3', '1.1.0.3', '1.', '2.0.3'],
    ['2.0', '1.0', '', '2.0'],
    ['1.0.1', '1.0', '1.0.', '1'],
    ['1.0', '1.0.1', '1.0', ''],
  ])('%s beside %s', (version, other, same, changed) => {
    expect(splitVersion(version, other)).toEqual({ same, changed })
  })
})

describe('jumping by letters', () => {
  const names = ['apple', 'avocado', 'banana', 'beet']
  it('goes to the next name with the letter, and round', () => {
    const jump = useTypeAhead(() => names)
    expect(jump('a', 0, 0)).toBe(1)
    expect(jump('a', 1, 100)).toBe(0)
    expect(jump('x', 0, 5000)).toBeUndefined()
  })
  it('takes letters in quick succession as one beginning', () => {
    const jump = useTypeAhead(() => names)
    expect(jump('b', 0, 0)).toBe(2)
    expect(jump('e', 2, 100)).toBe(3)
    expect(jump('a', 3, 5000)).toBe(0)
  })
})
