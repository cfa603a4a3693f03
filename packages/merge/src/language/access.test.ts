import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Attributes and items: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  [
    "{{ map.a }} {{ map['a'] }} {{ map.c.a.0 }} {{ map.c['a'][-1] }} {{ map[1] }} {{ map[1.0] }} {{ map[true] }}",
    '1 1 5 6 by number by number by number',
  ],
  [
    "{{ list[0] }} {{ list[-1] }} {{ list.1 }} {{ list[9] }}| {{ list[-9] }}| {{ list[true] }} {{ list['a'] }}| {{ list[1.0] }}|",
    '3 2 1 | | 1 | |',
  ],
  ["{{ word[0] }} {{ word[-1] }} {{ 'a😀b'[1] }} {{ word.2 }} {{ word.x }}|", 'a c 😀 c |'],
  ["{{ map.items2 }}| {{ map['items'] }} {{ map.none.a if map.none else 'no' }}", '| [7] no'],
  ['{{ 5 .x }}| {{ none.x }}| {{ true.x }}| {{ map[[1]] }}| {{ map[gone] }}| {{ list[gone] }}|', '| | | | | |'],
  ['{{ pairs[0][1] }} {{ pairs.1.0 }} {{ rows[0].sub.n }} {{ rows[2].sub is defined }}', '1 b 1 False'],
]

test.each(CASES)('attributes and items: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
