import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { compile } from './compile.ts'
import { randomTemplate } from './testing/random-template.ts'
import { NAMES } from './testing/random-names.ts'

const numRuns = isDeep ? 50_000 : 500
const names = new Map(Object.entries(NAMES))

const FRAGMENTS = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-',
    '+',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '|',
    '.',
    ',',
    ':',
    '=',
    '~',
    '**',
    "'",
    '"',
    '\\',
  ],
  ...[
    ' for x in ',
    ' if ',
    ' else ',
    ' endif ',
    ' endfor ',
    ' set ',
    ' raw ',
    ' endraw ',
    ' is ',
    ' not ',
    ' in ',
    ' and ',
  ],
  ...[
    ' list ',
    ' map ',
    'rows',
    'loop',
    'upper',
    'defined',
    'constructor',
    '__proto__',
    '0',
    '1.5',
    '\n',
    '\r',
    '\ud800',
    '\u0000',
  ],
]
const noise = fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 3, unit: 'binary' })), {
  maxLength: 30,
})

/** A text, or one problem with a place in the template. */
function checkAnswer(template: string): void {
  const compiled = compile(template, 'page')
  const result = compiled.ok ? compiled.value.render(names) : compiled
  if (result.ok) {
    expect(typeof result.value).toBe('string')
    return
  }
  expect(result.problems).toHaveLength(1)
  const [{ message, at } = { message: '' }] = result.problems
  const lines = template.split(/\r\n|\r|\n/)
  expect(message).toMatch(/^[\s\S]+\.$/)
  expect(at?.line).toBeGreaterThan(0)
  expect(at?.line).toBeLessThanOrEqual(lines.length)
  expect(at?.column).toBeLessThanOrEqual((lines[(at?.line ?? 0) - 1] ?? '').length + 1)
}

test('any template of the subset gives a text or a problem, and never throws', () => {
  fc.assert(fc.property(randomTemplate, checkAnswer), { numRuns })
})

test('any text at all gives a text or a problem, and never throws', () => {
  fc.assert(
    fc.property(noise, (parts) => {
      checkAnswer(parts.join(''))
    }),
    { numRuns },
  )
  fc.assert(
    fc.property(noise, (parts) => {
      checkAnswer(`{{ ${parts.join('')} }}`)
    }),
    { numRuns },
  )
})
