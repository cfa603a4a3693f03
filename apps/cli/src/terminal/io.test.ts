import { describe, expect, it } from 'vitest'
import { wantsColor } from './io.ts'

describe('colour', () => {
  it.each([
    { environment: {}, isTerminal: true, wanted: true },
    { environment: {}, isTerminal: false, wanted: false },
    { environment: { TERM: 'dumb' }, isTerminal: true, wanted: false },
    { environment: { NO_COLOR: '1' }, isTerminal: true, wanted: false },
    { environment: { NO_COLOR: '' }, isTerminal: true, wanted: true },
    { environment: { FORCE_COLOR: '1' }, isTerminal: false, wanted: true },
    { environment: { FORCE_COLOR: '0' }, isTerminal: true, wanted: false },
    { environment: { FORCE_COLOR: '1', NO_COLOR: '1' }, isTerminal: true, wanted: false },
  ])('with $environment on a terminal ($isTerminal) is $wanted', ({ environment, isTerminal, wanted }) => {
    expect(wantsColor(environment, isTerminal)).toBe(wanted)
  })
})
