import { expect, test } from 'vitest'
import { problemOf, rendered } from './testing/rendered.ts'

const many = (count: number, text: string): string => text.repeat(count)
const LEVELS = 10_000

/** Each would be an overflow of the stack, or would not end. */
const CASES: readonly (readonly [what: string, template: string, message: RegExp])[] = [
  ['round brackets', `{{ ${many(LEVELS, '(')}1${many(LEVELS, ')')} }}`, /more than 200 levels/],
  ['square brackets', `{{ ${many(LEVELS, '[')}${many(LEVELS, ']')} }}`, /more than 200 levels/],
  ['curly brackets', `{{ ${many(LEVELS, '{1:')}1${many(LEVELS, '}')} }}`, /more than 200 levels/],
  ['items in items', `{{ ${many(LEVELS, 'a[')}1${many(LEVELS, ']')} }}`, /more than 200 levels/],
  ['brackets that are not closed', `{{ ${many(LEVELS, '(')}`, /is not closed/],
  ['signs', `{{ ${many(LEVELS, '-')}1 }}`, /more than 200 levels/],
  ['nots', `{{ ${many(LEVELS, 'not ')}1 }}`, /more than 200 levels/],
  ['a sum', `{{ 1${many(LEVELS, ' + 1')} }}`, /more than 200 levels/],
  ['ands', `{{ 1${many(LEVELS, ' and 1')} }}`, /more than 200 levels/],
  ['attributes', `{{ a${many(LEVELS, '.a')} }}`, /more than 200 levels/],
  ['filters', `{{ a${many(LEVELS, ' | upper')} }}`, /more than 200 levels/],
  ['choices', `{{ 1${many(LEVELS, ' if 1 else 1')} }}`, /more than 200 levels/],
  ['targets', `{% set ${many(LEVELS, '(')}a${many(LEVELS, ')')} = 1 %}`, /more than 200 levels/],
  ['blocks', many(LEVELS, '{% if 1 %}') + many(LEVELS, '{% endif %}'), /More than 100 levels of blocks/],
  [
    'a value in itself',
    `{% set a = [] %}${many(LEVELS, '{% set a = [a] %}')}{{ a }}`,
    /A value of more than 500 levels/,
  ],
  ['a list that doubles', `{% set a = [1] %}${many(60, '{% set a = a + a %}')}`, /A list of more than/],
  ['a text that doubles', `{% set a = 'a' %}${many(60, '{% set a = a ~ a %}')}`, /A text of more than 64 MB/],
  ['a value that doubles', `{% set a = [1] %}${many(60, '{% set a = [a, a] %}')}{{ a }}`, /too large to be printed/],
  [
    'values that double and are compared',
    `{% set a = [1] %}${many(60, '{% set a = [a, a] %}')}{{ a == [a] }}`,
    /too large to be compared/,
  ],
  ['a text again and again', "{{ 'a' * 100000000000 }}", /A text of more than 64 MB/],
  ['a list again and again', '{{ [1] * 100000000000 }}', /A list of more than/],
  ['many replacements', "{% set a = 'a' * 100000 %}{{ a | replace('a', a) }}", /A text of more than 64 MB/],
  ['a wide margin', "{{ 'a' | indent(100000000000) }}", /A text of more than 64 MB/],
  ['powers', '{{ 9 ** 9 ** 9 ** 9 ** 9 }}', /more than 4300 digits/],
  [
    'what is printed',
    `{% set a = 'a' * 1000000 %}${many(5, "{% for x in 'abcdefghij' %}")}{{ a }}${many(5, '{% endfor %}')}`,
    /A text of more than 64 MB/,
  ],
  [
    'loops that print nothing',
    `${many(20, "{% for x in 'abcdefghij' %}")}${many(20, '{% endfor %}')}`,
    /more than 5000000 steps/,
  ],
]

test.each(CASES)('%s: too many end with a problem', (_, template, message) => {
  expect(problemOf(template).message).toMatch(message)
})

test('lists, texts that are joined and branches may be long', () => {
  expect(rendered(`{{ [${many(LEVELS, '1, ')}] | length }}`)).toBe(String(LEVELS))
  expect(rendered(`{{ ''${many(LEVELS, " ~ 'a'")} }}`)).toBe(many(LEVELS, 'a'))
  expect(rendered(`{% if 0 %}${many(LEVELS, '{% elif 0 %}')}{% else %}a{% endif %}`)).toBe('a')
})
