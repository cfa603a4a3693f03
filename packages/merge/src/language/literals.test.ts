import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Literals and names: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  ["{{ 'it\\'s' }} {{ \"a\\tb\\\\n\\x41\\u00e9\\101\\q\" }} {{ 'a' \"b\" 'c' }}", "it's a\tb\\nAéA\\q abc"],
  ["{{ 'a\\\nb' }}", 'ab'],
  ["{{ '}}' }}{{ \"%}\" }}{{ '#}' }}{{ {'a': {'b': 1}} }}{{ {'a': {'b': 1}}}}", "}}%}#}{'a': {'b': 1}}{'a': {'b': 1}}"],
  [
    '{{ 1_000 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 00 }} {{ 1.5e3 }} {{ 1E-7 }} {{ 1e16 }} {{ 123456789012345678901234567890 }}',
    '1000 31 3 15 0 1500.0 1e-07 1e+16 123456789012345678901234567890',
  ],
  ['{{ true }} {{ True }} {{ false }} {{ None }} {{ none }}', 'True True False None None'],
  [
    "{{ [1, 'a', none, [2.0],] }} {{ (1,) }} {{ () }} {{ (1, 2,) }} {{ 1, 2 }} {{ {'a': 1, 2: true,} }} {{ {} }}",
    "[1, 'a', None, [2.0]] (1,) () (1, 2) (1, 2) {'a': 1, 2: True} {}",
  ],
  ["{{ {1: 'a', 1.0: 'b', true: 'c'} }}", "{1: 'c'}"],
  ["{{ gone }}|{{ [gone] }}|{{ {'a': gone} }}|{{ (gone,) }}", "|[Undefined]|{'a': Undefined}|(Undefined,)"],
  ["{{ constructor }}{{ map.constructor }}{{ map['__proto__'] }}{{ word.prototype }}{{ list.toString }}", ''],
  ['{{ été }}{% set été = 1 %}{{ été }}', '1'],
  [
    '{{ day }} {{ moment }} {{ [day, moment] }} {{ day.year }} {{ moment.hour }}',
    '2026-01-02 2026-01-02 03:04:05 [datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4, 5)] 2026 3',
  ],
  [
    "{{ {'a': none}.a }} {{ map.n }} {{ map.n is defined }} {{ nulls[0] }} {{ nulls | first }}",
    'None None True None None',
  ],
]

test.each(CASES)('literals and names: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
