import { expect, it } from 'vitest'
import { DateValue, Mapping, TimeValue, Tuple, type Value } from '../value.ts'
import { reprOf, textOf } from './text.ts'

/** Each line is what Python 3.11 prints. */
const REPRS: readonly (readonly [Value, string])[] = [
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [0n, '0'],
  [-(10n ** 40n), `-1${'0'.repeat(40)}`],
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [1.5, '1.5'],
  [100, '100.0'],
  [123456789012345680, '1.2345678901234568e+17'],
  [1e16, '1e+16'],
  [9999999999999998, '9999999999999998.0'],
  [1e22, '1e+22'],
  [0.0001, '0.0001'],
  [0.00012345, '0.00012345'],
  [0.00001, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [5e-324, '5e-324'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [NaN, 'nan'],
  ['plain', "'plain'"],
  ["it's", '"it\'s"'],
  ['a "word"', '\'a "word"\''],
  ['it\'s a "word"', "'it\\'s a \"word\"'"],
  ['back\\slash', "'back\\\\slash'"],
  ['a\nb\r\tc\u0000\u001b\u007f', "'a\\nb\\r\\tc\\x00\\x1b\\x7f'"],
  ['é\u00a0\u00ad€\u200b\u2028\ufeff', "'é\\xa0\\xad€\\u200b\\u2028\\ufeff'"],
  ['😀\u{e0001}\ud800', "'😀\\U000e0001\\ud800'"],
  [[], '[]'],
  [[1n, 'a', null], "[1, 'a', None]"],
  [new Tuple([]), '()'],
  [new Tuple([1n]), '(1,)'],
  [new Tuple([1n, [2n]]), '(1, [2])'],
  [new Mapping(), '{}'],
  [
    Mapping.of<Value>([
      ['a', 1n],
      [2n, [true]],
      [null, new Mapping()],
    ]),
    "{'a': 1, 2: [True], None: {}}",
  ],
  [new DateValue('2026-01-02'), 'datetime.date(2026, 1, 2)'],
  [new TimeValue('2026-01-02 03:04:05'), 'datetime.datetime(2026, 1, 2, 3, 4, 5)'],
  [new TimeValue('2026-01-02 03:04:00'), 'datetime.datetime(2026, 1, 2, 3, 4)'],
  [new TimeValue('2026-01-02 00:00:00.000010'), 'datetime.datetime(2026, 1, 2, 0, 0, 0, 10)'],
  [new TimeValue('2026-01-02 03:04:05+00:00'), 'datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)'],
  [
    new TimeValue('2026-01-02 03:04:05.120000+05:30'),
    'datetime.datetime(2026, 1, 2, 3, 4, 5, 120000, tzinfo=datetime.timezone(datetime.timedelta(seconds=19800)))',
  ],
  [
    new TimeValue('2026-01-02 03:04:05-01:00'),
    'datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=82800)))',
  ],
]

it.each(REPRS)('inside of a list %o prints as %s', (value, text) => {
  expect(reprOf(value)).toBe(text)
})

it.each<readonly [Value, string]>([
  ['it\'s "so"\n', 'it\'s "so"\n'],
  [new DateValue('2026-01-02'), '2026-01-02'],
  [new TimeValue('2026-01-02 03:04:00+05:30'), '2026-01-02 03:04:00+05:30'],
  [[new DateValue('2026-01-02'), 'x'], "[datetime.date(2026, 1, 2), 'x']"],
  [null, 'None'],
  [1.1, '1.1'],
])('alone %o prints as %s', (value, text) => {
  expect(textOf(value)).toBe(text)
})
