import { expect, test } from 'vitest'
import { compile } from './compile.ts'
import { problemOf, rendered } from './testing/rendered.ts'

test('a template that was read once gives its text with any names', () => {
  const compiled = compile('Hello {{ name }}', 'page')
  if (!compiled.ok) throw new Error('not read')
  expect(compiled.value.render(new Map([['name', 'Ada']]))).toEqual({ ok: true, value: 'Hello Ada' })
  expect(compiled.value.render(new Map())).toEqual({ ok: true, value: 'Hello ' })
})

test('a problem has the file, the line and the column of the part that failed, inside of loops too', () => {
  const template = 'first\r\n{% for x in [1, 2] -%}\r\n  {{ x }}\r\n  {{ nothing.here }}\r\n{% endfor %}'
  expect(problemOf(template)).toEqual({
    code: 'TEMPLATE_RENDER_FAILED',
    message: '`nothing` is undefined and has no `here`.',
    at: { file: 'page', line: 4, column: 14 },
  })
})

test.each([
  ['one line end is dropped', 'a\n\n', 'a\n'],
  ['of either kind', 'a\r\n', 'a'],
  ['a lone carriage return is a line end', 'a\rb\r', 'a\nb'],
  ['line ends become one kind', 'a\r\nb{{ "\r\n" }}c\n', 'a\nb\nc'],
  ['a text without tags stays as it is', '  a { b } % # }} %} #}  ', '  a { b } % # }} %} #}  '],
])('%s', (_, template, expected) => {
  expect(rendered(template)).toBe(expected)
})
