import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Operators: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  [
    '{{ 1 + 2 * 3 - 4 }} {{ (1 + 2) * 3 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }}',
    '3 9 3.5 3.0 3 -4 1 2 -2',
  ],
  [
    '{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2 ** 100 }} {{ (-1) ** 3 }} {{ 0 ** 0 }}',
    '64 4 1267650600228229401496703205376 -1 1',
  ],
  [
    '{{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ -7.5 % 2 }} {{ 1.0 // 0.3 }} {{ -1.0 % 0.3 }} {{ 0.0 * -1 }} {{ 0.1 + 0.2 }}',
    '3.0 -4.0 0.5 3.0 0.19999999999999996 -0.0 0.30000000000000004',
  ],
  [
    '{{ 123456789012345678901 / 3 }} {{ 10 ** 40 / 3 }} {{ 1 / 10 ** 300 }} {{ 3 / 9007199254740993 }}',
    '4.115226300411522e+19 3.333333333333333e+39 1e-300 3.330669073875469e-16',
  ],
  ["{{ true + 1 }} {{ -true }} {{ +false }} {{ 1 == 1.0 }} {{ true == 1 }} {{ '1' == 1 }}", '2 -1 0 True True False'],
  [
    "{{ 'a' + 'b' }} {{ 'ab' * 2 }} {{ 3 * '-' }} {{ [1] + [2] }} {{ [1] * 2 }} {{ (1,) + (2,) }} {{ 'a' * -1 }}|",
    'ab abab --- [1, 2] [1, 1] (1, 2) |',
  ],
  ["{{ 1 ~ 2 * 3 }} {{ 'a' + 1 ~ 2 }} {{ none ~ true ~ gone ~ [1] }}", '16 a12 NoneTrue[1]'],
  [
    "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1 != 2 }} {{ 1 in [1] == true }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ day < day }}",
    'True False True False True True False',
  ],
  ["{{ '\\uffff' < '😀' }}", 'True'],
  [
    "{{ 2 in list }} {{ 9 not in list }} {{ 'b' in word }} {{ '' in word }} {{ 'a' in map }} {{ 1.0 in map }} {{ none in mixed }} {{ gone in list }} {{ 1 in gone }}",
    'True True True True True True True False False',
  ],
  [
    "{{ not yes or yes }} {{ not (yes or yes) }} {{ not 1 == 2 }} {{ no or 'x' }} {{ 0 and 1 }} {{ word and list }}",
    'True False True x 0 [3, 1, 2]',
  ],
  [
    "{{ 'a' if yes else 'b' }} {{ 'a' if no }}| {{ 1 if no else 2 if no else 3 }} {{ (1 if yes else 2) + 1 }}",
    'a | 3 2',
  ],
  [
    '{{ -1 if no else -2 }} {{ word ~ word | upper }} {{ (word ~ word) | upper }} {{ not word is string }} {{ 1 + 2 is number }}',
    '-2 abcABC ABCABC False 2',
  ],
  ['{{ gone == lost }} {{ gone == none }} {{ gone != 1 }} {{ [gone] == [lost] }}', 'True False True True'],
  ["{{ [] == () }} {{ [1, 2] == [1.0, 2] }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}", 'False True True'],
]

test.each(CASES)('operators: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
