import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { Problem } from '@stage0/types'
import { countProblems, placeOf, renderProblems } from './problems.ts'

const plain = pc.createColors(false)
const warning = (line: number): Problem => ({
  code: 'KEY_DUPLICATE',
  severity: 'warning',
  file: 'types/a.yaml',
  line,
  column: 3,
  text: `Key "b" again, line ${line}.`,
  hint: 'Remove one.',
})

describe('problems for people', () => {
  it.each([
    { problem: { file: 'a.yaml', line: 3, column: 7 }, place: 'a.yaml:3:7' },
    { problem: { file: 'a.yaml', line: 3 }, place: 'a.yaml:3' },
    { problem: { file: 'a.yaml' }, place: 'a.yaml' },
    { problem: {}, place: '' },
  ])('a place reads "$place"', ({ problem, place }) => {
    expect(placeOf({ code: 'X', severity: 'error', text: 'x', ...problem })).toBe(place)
  })

  it('shows place, severity, code, text and hint', () => {
    const error: Problem = {
      code: 'TYPE_UNKNOWN',
      severity: 'error',
      file: 'dictionaries/user.yaml',
      line: 4,
      column: 9,
      text: 'No type "wrod".',
      hint: 'Did you mean "word"?',
    }
    expect(renderProblems([error], plain)).toBe(
      'dictionaries/user.yaml:4:9  error  TYPE_UNKNOWN\n  No type "wrod".\n  hint: Did you mean "word"?\n',
    )
  })

  it('shows errors before warnings', () => {
    const text = renderProblems([warning(1), { code: 'BAD', severity: 'error', text: 'Bad.' }], plain)
    expect(text.indexOf('Bad.')).toBeLessThan(text.indexOf('Key "b"'))
  })

  it('lists three places of one warning and counts the rest', () => {
    const text = renderProblems([1, 2, 3, 4, 5].map(warning), plain)
    expect(text).toContain('KEY_DUPLICATE  5 times')
    expect(text).toContain('types/a.yaml:3:3')
    expect(text).not.toContain('types/a.yaml:4:3')
    expect(text).toContain('and 2 more (--json lists them)')
  })

  it('lists every warning on request, and every error always', () => {
    const errors = [1, 2, 3, 4, 5].map((line): Problem => ({ ...warning(line), severity: 'error' }))
    expect(renderProblems([1, 2, 3, 4, 5].map(warning), plain, true)).toContain('types/a.yaml:5:3')
    expect(renderProblems(errors, plain)).toContain('types/a.yaml:5:3')
  })

  it.each([
    { problems: [], words: 'no problems' },
    { problems: [warning(1)], words: '1 warning' },
    {
      problems: [
        warning(1),
        { ...warning(2), severity: 'error' as const },
        { ...warning(3), severity: 'error' as const },
      ],
      words: '2 errors, 1 warning',
    },
  ])('counts: $words', ({ problems, words }) => {
    expect(countProblems(problems)).toBe(words)
  })
})
