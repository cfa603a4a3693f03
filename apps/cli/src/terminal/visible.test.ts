import { describe, expect, it } from 'vitest'
import { colorsFor } from './io.ts'
import { renderProblems } from '../present/problems.ts'
import { visible } from './visible.ts'

describe('text of unknown origin on a terminal', () => {
  it.each([
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['back\rover', 'back\\u000dover'],
    ['a\u202etxt', 'a\\u202etxt'],
    ['plain – ünïcode 日本\nnext', 'plain – ünïcode 日本\nnext'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  it('never steers the terminal through place, text or hint of a problem, alone or in a group', () => {
    const evil = 'x\u001b]0;t\u0007\u009b\u202e\ny'
    const problem = { code: 'FILE_UNUSED', severity: 'notice', file: evil, line: 1, text: evil, hint: evil } as const
    const shown = renderProblems([problem, problem, problem, problem], colorsFor({ NO_COLOR: '1' }, false))
    const one = renderProblems([{ ...problem, severity: 'error' }], colorsFor({ NO_COLOR: '1' }, false))

    for (const text of [shown, one]) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(one.split('\n')[0]).toContain('x\\u001b]0;t\\u0007\\u009b\\u202e\\u000ay:1')
  })
})
