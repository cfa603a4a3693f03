import { expect, it } from 'vitest'
import { newestOf, standingOf } from './standing.ts'

it.each([
  [['1.2.3', '1.10.0', '1.9.9'], '1.10.0'],
  [['1.2.3', '2.0.0-rc.1'], '1.2.3'],
  [['0.0.10', '0.0.9', '0.0.11'], '0.0.11'],
  [['1.0.0-rc.1'], undefined],
])('the newest of %j is %j', (versions, newest) => {
  expect(newestOf(versions)).toBe(newest)
})

it('what a registry has is read with one version or more, and not taken from another text', () => {
  expect(standingOf({ versions: '1.0.0', 'dist-tags': { latest: '1.0.0' } })).toEqual({
    ...{ versions: ['1.0.0'], latest: '1.0.0' },
  })
  expect(standingOf({ versions: ['1.0.0', '1.1.0'] })).toEqual({ versions: ['1.0.0', '1.1.0'], latest: undefined })
  expect([standingOf({ error: {} }), standingOf(undefined), standingOf('x')]).toEqual([undefined, undefined, undefined])
})
