import type { Problem } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { filterProblems, groupProblems, problemsAsJson, severityCounts } from './problems-view.ts'

const problem = (of: Partial<Problem>): Problem => ({
  code: 'TYPE_UNKNOWN',
  severity: 'error',
  text: 'no type "x"',
  ...of,
})
const problems = [
  problem({ severity: 'warning', file: 'types/a.yaml', line: 2 }),
  problem({ severity: 'notice' }),
  problem({ file: 'types/b.yaml', line: 9 }),
  problem({ severity: 'warning', file: 'types/b.yaml', line: 1 }),
  problem({ file: 'types/b.yaml', line: 3, hint: 'did you mean "y"' }),
]

describe('problems', () => {
  it('stand by file, files with errors first, the gravest first', () => {
    const groups = groupProblems(problems)
    expect(groups.map(({ file, errors, warnings }) => [file, errors, warnings])).toEqual([
      ['types/b.yaml', 2, 1],
      ['', 0, 0],
      ['types/a.yaml', 0, 1],
    ])
    expect(groups[0]?.problems.map(({ line }) => line)).toEqual([3, 9, 1])
  })

  it('lead to the page of their file, where there is one', () => {
    expect(groupProblems(problems).map(({ path }) => path)).toEqual(['/types/b', undefined, '/types/a'])
  })

  it('are filtered by severity and file', () => {
    expect(filterProblems(problems, { severity: 'error', file: '' })).toHaveLength(2)
    expect(filterProblems(problems, { severity: '', file: 'types/b.yaml' })).toHaveLength(3)
    expect(filterProblems(problems, { severity: 'notice', file: 'types/b.yaml' })).toEqual([])
    expect(filterProblems(problems, { severity: '', file: '' })).toEqual(problems)
  })

  it('are counted by severity', () => {
    expect(severityCounts(problems).map(({ count }) => count)).toEqual([2, 2, 1])
  })

  it('of one file with the same name as a property of every object are a group', () => {
    expect(groupProblems([problem({ file: '__proto__' })])[0]?.file).toBe('__proto__')
  })

  it('as JSON are what the service said', () => {
    expect(JSON.parse(problemsAsJson(problems))).toEqual(problems)
  })
})
