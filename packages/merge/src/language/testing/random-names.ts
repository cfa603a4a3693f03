import { DateValue, Mapping, TimeValue, Tuple, type Value } from '../../value.ts'

const row = (name: string, rest: Readonly<Record<string, Value>>): Mapping =>
  Mapping.of(Object.entries({ name, ...rest }))

/** The names that random templates use; `gone` and `lost` are not among them. */
export const NAMES: Readonly<Record<string, Value>> = {
  text: 'Some text-of [it], été',
  word: 'abc',
  spaced: ' \tA b\n\n',
  empty: '',
  nil: null,
  yes: true,
  no: false,
  three: 3n,
  zero: 0n,
  large: 123_456_789_012_345_678_901n,
  half: 2.5,
  whole: 4,
  list: [3n, 1n, 2n],
  words: ['b', 'A', 'a', 'C', 'b'],
  mixed: [1n, 'one', null, 1.5, true, [1n], Mapping.of([['a', 1n]])],
  nulls: [null, null],
  hollow: [],
  pairs: [new Tuple(['a', 1n]), new Tuple(['b', 2n])],
  map: Mapping.of<Value>([
    ['a', 1n],
    ['b', 'x'],
    ['c', Mapping.of<Value>([['a', [5n, 6n]]])],
    ['items', [7n]],
    ['n', null],
    [1n, 'by number'],
  ]),
  rows: [
    row('x', { n: 2n, on: true, sub: row('s', { n: 1n }), nil: null }),
    row('Y', { n: 1n, on: false, sub: row('r', { n: 2n }) }),
    row('a', { n: 2n, tags: ['b', 'a'], nil: 1n }),
  ],
  day: new DateValue('2026-01-02'),
  moment: new TimeValue('2026-01-02 03:04:05'),
}
