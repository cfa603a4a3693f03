import type { Problem } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { limitProblems } from './limit-problems.ts'

const problem = (line: number, more: Partial<Problem> = {}): Problem => ({
  code: 'ATTRIBUTE_UNKNOWN',
  severity: 'warning',
  file: 'types/a.yaml',
  line,
  text: `line ${line}`,
  ...more,
})
const lines = (count: number, more?: Partial<Problem>): Problem[] =>
  Array.from({ length: count }, (_, i) => problem(i + 1, more))

describe('a flood of problems', () => {
  it('stays whole up to a hundred and one of a kind', () => {
    expect(limitProblems(lines(101))).toEqual(lines(101))
  })

  it('ends with one problem that counts the rest where the rest begins', () => {
    const limited = limitProblems(lines(5000))
    expect(limited).toHaveLength(101)
    expect(limited.slice(0, 100)).toEqual(lines(100))
    expect(limited[100]).toMatchObject({ line: 101, severity: 'warning' })
    expect(limited[100]?.text).toContain('4900 more')
  })

  it('in one file, or of one kind, hides nothing of another', () => {
    const others = [
      problem(1, { file: 'types/b.yaml' }),
      problem(2, { code: 'YAML_SYNTAX' }),
      problem(3, { severity: 'error' }),
    ]
    expect(limitProblems([...lines(300), ...others]).slice(101)).toEqual(others)
  })
})
