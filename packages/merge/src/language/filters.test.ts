import { expect, test } from 'vitest'
import { NAMES } from './testing/random-names.ts'
import { rendered } from './testing/rendered.ts'

/** Filters: a template, and what Jinja2 3.1.6 prints for it with the names of the tests. */
const CASES: readonly (readonly [template: string, text: string])[] = [
  [
    "{{ 'ÄB c' | lower }} {{ 'äß c' | upper }} {{ 5 | upper }} {{ none | lower }} {{ [1, 'A'] | lower }} {{ gone | upper }}| {{ 'ΑΣ' | lower }}",
    "äb c ÄSS C 5 none [1, 'a'] | ας",
  ],
  [
    "{{ \"it's o'neil a-b c(d[e<f{g.h_i1j\" | title }} {{ 'hELLO\\tWORLD\\nÉTÉ' | title }} {{ 'ß' | title }} {{ 12 | title }} {{ true | title }}",
    "It's O'neil A-B C(D[E<F{G.h_i1j Hello\tWorld\nÉté SS 12 True",
  ],
  [
    "{{ 'hELLO World' | capitalize }} {{ 'ßx' | capitalize }} {{ 'ǆA' | capitalize }} {{ 'ﬁX' | capitalize }} {{ 'ŉX' | capitalize }} {{ 'ᾳX ᾴ' | capitalize }} {{ '' | capitalize }}|",
    'Hello world Ssx ǅa Fix ʼNx ᾼx ᾴ |',
  ],
  [
    "{{ spaced | trim }}| {{ 'xxaxx' | trim('x') }} {{ 'abcab' | trim(chars='ab') }} {{ 5 | trim }} {{ '\\u001f a\\ufeff' | trim | length }}",
    'A b| a c 5 2',
  ],
  [
    "{{ 'aXbXc' | replace('X', '-') }} {{ 'aXbXc' | replace('X', '-', 1) }} {{ 'aXbXc' | replace('X', '-', 0) }} {{ 'aXb' | replace('X', '-', -1) }} {{ 'abc' | replace('', '.') }} {{ 'a😀' | replace('', '.', 2) }} {{ 11 | replace(1, 2) }} {{ 'a$&b' | replace('b', '$&') }}",
    'a-b-c a-bXc aXbXc a-b .a.b.c. .a.😀 22 a$&$&',
  ],
  [
    "{{ list | length }} {{ word | count }} {{ 'a😀' | length }} {{ map | length }} {{ gone | length }} {{ pairs[0] | length }}",
    '3 3 2 6 0 2',
  ],
  [
    '{{ list | first }} {{ hollow | first }}| {{ gone | first }}| {{ word | first }} {{ map | first }} {{ nulls | first }}',
    '3 | | a a None',
  ],
  [
    '{{ list | last }} {{ hollow | last }}| {{ gone | last }}| {{ word | last }} {{ map | last }} {{ nulls | last }}',
    '2 | | c 1 None',
  ],
  [
    '{{ word | list }} {{ map | list }} {{ gone | list }} {{ pairs[0] | list }}',
    "['a', 'b', 'c'] ['a', 'b', 'c', 'items', 'n', 1] [] ['a', 1]",
  ],
  [
    "{{ list | join }} {{ list | join(', ') }} {{ rows | join('-', 'name') }} {{ rows | join(attribute='n', d='/') }} {{ word | join('.') }} {{ [none, true, 1.0] | join(' ') }} {{ gone | join }}| {{ map | join(',') }}",
    '312 3, 1, 2 x-Y-a 2/1/2 a.b.c None True 1.0 | a,b,c,items,n,1',
  ],
  [
    "{{ gone | default }}| {{ gone | default('x') }} {{ none | default('x') }} {{ none | default('x', true) }} {{ '' | d('x', boolean=true) }} {{ map.gone | default(1) }} {{ 0 | default(5) }}",
    '| x None x x 1 0',
  ],
  [
    "{{ list | sort }} {{ list | sort(true) }} {{ words | sort }} {{ words | sort(case_sensitive=true) }} {{ rows | sort(attribute='name') | map(attribute='name') | list }} {{ rows | sort(attribute='n,name') | map(attribute='name') | join }} {{ rows | sort(true, attribute='n') | map(attribute='name') | join }} {{ rows | sort(attribute='gone') | map(attribute='name') | join }}",
    "[1, 2, 3] [3, 2, 1] ['A', 'a', 'b', 'b', 'C'] ['A', 'C', 'a', 'b', 'b'] ['a', 'x', 'Y'] Yax xaY xYa",
  ],
  [
    "{{ words | unique | list }} {{ words | unique(true) | list }} {{ rows | unique(attribute='n') | map(attribute='name') | list }} {{ [1, 1.0, true, none, gone, lost] | unique | list }}",
    "['b', 'A', 'C'] ['b', 'A', 'a', 'C'] ['x', 'Y'] [1, None, Undefined]",
  ],
  [
    "{{ rows | selectattr('on') | map(attribute='name') | list }} {{ rows | selectattr('on', 'defined') | list | length }} {{ rows | selectattr('n', 'equalto', 2) | map(attribute='name') | join }} {{ rows | selectattr('n', 'in', [1, 5]) | map(attribute='name') | join }} {{ rows | rejectattr('on') | map(attribute='name') | join }}",
    "['x'] 2 xa Y Ya",
  ],
  [
    "{{ list | select('gt', 1) | list }} {{ mixed | select('string') | list }} {{ mixed | reject | list }} {{ list | select('odd') | list }} {{ none | select | list }} {{ gone | selectattr('a') | list }} {{ words | select('in', 'ab') | join }}",
    "[3, 2] ['one'] [None] [3, 1] [] [] bab",
  ],
  [
    "{{ words | map('upper') | join }} {{ words | map('replace', 'b', 'q') | join }} {{ rows | map(attribute='sub.name', default='-') | list }} {{ pairs | map(attribute=1) | list }} {{ pairs | map('first') | join }} {{ none | map('upper') | list }} {{ rows | map(attribute='nil') | list }}",
    "BAACB qAaCq ['s', 'r', '-'] [1, 2] ab [] [None, Undefined, 1]",
  ],
  [
    "{{ map.c | items | list }} {{ gone | items | list }} {{ {'b': 1, 'A': 2} | dictsort }} {{ {'b': 1, 'A': 2} | dictsort(true) }} {{ {'b': 1, 'A': 2} | dictsort(by='value', reverse=true) }}",
    "[('a', [5, 6])] [] [('A', 2), ('b', 1)] [('A', 2), ('b', 1)] [('A', 2), ('b', 1)]",
  ],
  ["{{ list | reverse | list }} {{ 'a😀b' | reverse }} {{ map.c | reverse | list }}", "[2, 1, 3] b😀a ['a']"],
  [
    "{{ list | sum }} {{ rows | sum('n') }} {{ rows | sum(attribute='n', start=10) }} {{ hollow | sum }} {{ [1, 1.5] | sum }}",
    '6 5 15 0 2.5',
  ],
  [
    "{{ list | min }} {{ list | max }} {{ words | min }} {{ words | max(true) }} {{ rows | max(attribute='n') | string | length }} {{ hollow | min }}|",
    '1 3 A b 76 |',
  ],
  ['{{ 5 | string ~ 1 }} {{ none | string }} {{ gone | string }}|', '51 None |'],
  [String.raw`{{ -3 | abs }} {{ -2.5 | abs }} {{ true | abs }} {{ -0.0 | abs }}`, '3 2.5 1 0.0'],
  [
    String.raw`{{ '42' | int }} {{ ' 1_000\n' | int }} {{ '42.9' | int }} {{ '-3e2' | int }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ '1__0' | int }} {{ '0x1f' | int }} {{ -2.9 | int }} {{ true | int }} {{ none | int }} {{ [1] | int('-') }} {{ 'inf' | int }} {{ day | int }} {{ 'nan' | float | int(3) }}`,
    '42 1000 42 -300 0 7 0 0 -2 1 0 - 0 0 3',
  ],
  [
    String.raw`{{ '1.5' | float }} {{ '.5e1' | float }} {{ '1_0.2_5' | float }} {{ '1._5' | float }} {{ 'x' | float(none) }} {{ 7 | float }} {{ '-INF' | float }} {{ 'Nan' | float }} {{ none | float }} {{ '\u001c7' | float }} {{ '\u001c7\u00a0' | float }}`,
    '1.5 5.0 10.25 0.0 None 7.0 -inf nan 0.0 0.0 0.0',
  ],
  [
    String.raw`{{ 2.5 | round }} {{ 3.5 | round }} {{ -2.5 | round }} {{ -0.4 | round }} {{ 2.675 | round(2) }} {{ 0.125 | round(2) }} {{ 1.005 | round(2) }} {{ 15 | round }} {{ 15 | round(-1) }} {{ 25 | round(-1) }} {{ -25 | round(-1) }} {{ 1234.5 | round(-2) }} {{ 1e22 | round(3) }} {{ 5e-324 | round(323) }} {{ 5 | round(-5000) }} {{ 5.5 | round(-309) }}`,
    '2.0 4.0 -2.0 -0.0 2.67 0.12 1.0 15 20 20 -20 1200.0 1e+22 0.0 0 0.0',
  ],
  [
    String.raw`{{ 2.1 | round(method='ceil') }} {{ -2.1 | round(0, 'floor') }} {{ 2.123 | round(2, 'ceil') }} {{ 5 | round(1, 'ceil') }} {{ 1.1 | round(20, 'floor') }} {{ -0.5 | round(method='ceil') }}`,
    '3.0 -3.0 2.13 5.0 1.1 0.0',
  ],
  [
    String.raw`{{ 'a b-c d_e 1st' | wordcount }} {{ '' | wordcount }} {{ gone | wordcount }} {{ 12.5 | wordcount }} {{ 'é ½ 中文 e\u0301x' | wordcount }}`,
    '5 0 0 2 5',
  ],
]

test('a tuple is written as a list, where the first engine writes a tag that only Python reads', () => {
  expect(rendered('{{ {"a": (1, [2])} | items | list | to_yaml }}')).toBe('- - a\n  - - 1\n    - - 2')
})

test.each(CASES)('filters: %s', (template, text) => {
  expect(rendered(template, NAMES)).toBe(text)
})
