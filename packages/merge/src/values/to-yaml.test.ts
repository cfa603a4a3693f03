import { expect, it } from 'vitest'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { toYaml } from './to-yaml.ts'

const map = (...entries: (readonly [Key, Value])[]): Mapping => Mapping.of(entries)
const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ')
const day = new DateValue('2026-01-02')
const shared = [1n]

/** Each second column is what PyYAML 6.0.3 writes, its end stripped. */
it.each<readonly [string, Value, string]>([
  ['a mapping sorted by its keys', map(['b', 1n], ['a', null], ['B', true]), 'B: true\na: null\nb: 1'],
  ['lists at the margin of their key', map(['a', [1n, [2n, 3n], map(['b', []])]]), 'a:\n- 1\n- - 2\n  - 3\n- b: []'],
  ['mappings in lists', [map(['a', 1n], ['b', map(['c', 2n])]), map()], '- a: 1\n  b:\n    c: 2\n- {}'],
  ['a lone word with the end of the document', 'abc', 'abc\n...'],
  ['a lone null with the end of the document', null, 'null\n...'],
  ['a lone text in quotes', '12', "'12'"],
  ['nothing in lists and mappings', [[], map(), ''], "- []\n- {}\n- ''"],
  [
    'numbers',
    [1e16, 1.5, -0, 1e-5, Infinity, NaN, 10n ** 20n],
    '- 1.0e+16\n- 1.5\n- -0.0\n- 1.0e-05\n- .inf\n- .nan\n- 100000000000000000000',
  ],
  ['days and times', [day, new TimeValue('2026-01-02 03:04:05+00:00')], '- 2026-01-02\n- 2026-01-02 03:04:05+00:00'],
  [
    'texts that would be something else in quotes',
    [
      'yes',
      'n',
      '010',
      '1e3',
      '8:30',
      '2026-01-02',
      '~',
      '<<',
      '=',
      'a: b',
      'a:b',
      '- a',
      '-a',
      'a #b',
      "it's",
      '@a',
      'a ',
    ],
    "- 'yes'\n- n\n- '010'\n- 1e3\n- '8:30'\n- '2026-01-02'\n- '~'\n- '<<'\n- '='\n- 'a: b'\n- a:b\n- '- a'\n- -a\n- 'a #b'\n- it's\n- '@a'\n- 'a '",
  ],
  ['lines in single quotes', ['a\nb', 'a\n\nb\n', "\nit's"], "- 'a\n\n  b'\n- 'a\n\n\n  b\n\n  '\n- '\n\n  it''s'"],
  [
    'everything beyond ASCII as escapes',
    ['é', '😀', '\t', 'a \nb', '\u2028'],
    '- "\\xE9"\n- "\\U0001F600"\n- "\\t"\n- "a \\nb"\n- "\\L"',
  ],
  ['keys that are not simple behind a question mark', map(['', 1n], ['a\nb', [2n]]), "? ''\n: 1\n? 'a\n\n  b'\n: - 2"],
  ['keys of kinds without an order as they came', map(['b', 1n], [1n, 2n], ['a', 3n]), 'b: 1\n1: 2\na: 3'],
  ['a tuple as a list', new Tuple([1n, new Tuple([])]), '- 1\n- []'],
  [
    'one object in two places with an anchor',
    map(['a', shared], ['b', shared], ['c', [1n]]),
    'a: &id001\n- 1\nb: *id001\nc:\n- 1',
  ],
  ['one day in two places with an anchor', [day, day, 'x', 'x'], '- &id001 2026-01-02\n- *id001\n- x\n- x'],
  ['long words folded behind the width', map(['key', words(18)]), `key: ${words(16)}\n  ${words(2)}`],
  ['long texts in single quotes folded', [`${words(18)}:`], `- '${words(16)}\n  ${words(2)}:'`],
  ['long texts in double quotes broken', [`${words(18)}\t`], `- "${words(16)}\\\n  \\ ${words(2)}\\t"`],
])('%s', (_, value, expected) => {
  expect(toYaml(value)).toBe(expected)
})
