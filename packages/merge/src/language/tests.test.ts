import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Tests: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  [
    '{{ gone is defined }} {{ gone is undefined }} {{ gone is not defined }} {{ none is defined }} {{ map.gone is defined }} {{ map.n is none }} {{ gone is none }}',
    'False True True True False True False',
  ],
  [
    "{{ 1 is number }} {{ 1.0 is number }} {{ true is number }} {{ '1' is number }} {{ true is integer }} {{ 1 is integer }} {{ 1.0 is float }} {{ 1 is float }}",
    'True True True False False True True False',
  ],
  [
    "{{ 'a' is string }} {{ 1 is string }} {{ map is mapping }} {{ list is mapping }} {{ list is sequence }} {{ map is sequence }} {{ 'a' is sequence }} {{ gone is sequence }} {{ 1 is sequence }} {{ (list | select) is sequence }}",
    'True False True False True True True True False False',
  ],
  [
    "{{ list is iterable }} {{ 1 is iterable }} {{ gone is iterable }} {{ 'a' is iterable }} {{ none is iterable }} {{ day is iterable }} {{ (list | select) is iterable }}",
    'True False True True False False True',
  ],
  [
    '{{ true is true }} {{ 1 is true }} {{ false is false }} {{ 0 is false }} {{ true is boolean }} {{ 1 is boolean }}',
    'True False True False True False',
  ],
  [
    '{{ 2 is even }} {{ 3 is odd }} {{ 2.0 is even }} {{ -1 is odd }} {{ true is odd }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ large is odd }}',
    'True True True True True True False True',
  ],
  [
    "{{ 1 is eq 1 }} {{ 1 is equalto(2) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is le 2 }} {{ 2 is gt 1 }} {{ 2 is ge(3) }} {{ 1 is lessthan 2 }} {{ 1 is greaterthan 2 }} {{ 1 is in [1, 2] }} {{ 3 is not in list }} {{ 'a' is in 'abc' }}",
    'True False True True True True False True False True False True',
  ],
  [
    "{{ 'ab1' is lower }} {{ 'Ab' is lower }} {{ '1' is lower }} {{ 'AB' is upper }} {{ 'ǅ' is upper }} {{ 'ª' is lower }} {{ 'Ⅷ' is upper }}",
    'True False False True False True True',
  ],
  [
    "{{ not word is string }} {{ word is string and 1 is number }} {{ 'x' if word is defined else 'y' }} {{ word is defined | string | upper }}",
    'False True x TRUE',
  ],
]

test.each(CASES)('tests: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
