import { describe, expect, it } from 'vitest'
import { closingLine, skipLines } from './closing-line.ts'

describe('the closing line of a test run', () => {
  it.each([
    { totals: { passed: 3, failed: 0, skipped: 0 }, line: '3 passed, 0 failed' },
    { totals: { passed: 0, failed: 2, skipped: 0 }, line: '0 passed, 2 failed' },
    { totals: { passed: 5, failed: 1, skipped: 4 }, line: '5 passed, 1 failed, 4 skipped' },
  ])('reads "$line"', ({ totals, line }) => {
    expect(closingLine(totals)).toBe(line)
  })

  it('groups skipped tests by their reason, the most frequent first', () => {
    const lines = skipLines([
      { name: 'a', reason: undefined },
      { name: 'b', reason: 'no vectors' },
      { name: 'c', reason: 'no vectors' },
    ])
    expect(lines).toEqual(['skipped 2: no vectors (b, ...)', 'skipped 1: no reason given (a)'])
  })
})
