import { expect, it } from 'vitest'
import { indent } from './indent.ts'

it.each([
  ['a', 2, '  a'],
  ['a\nb\n', 2, '  a\n  b'],
  ['a\n\n  \t\nb', 4, '    a\n\n\n    b'],
  ['a\n\n', 2, '  a\n'],
  ['a\r\nb\rc', 1, ' a\n b\n c'],
  ['  a', 2, '    a'],
  ['', 2, ''],
  ['a', 0, 'a'],
])('%j by %i is %j', (text, width, expected) => {
  expect(indent(text, width)).toBe(expected)
})

it('indents by two where nothing is said', () => {
  expect(indent('a\nb')).toBe('  a\n  b')
})
