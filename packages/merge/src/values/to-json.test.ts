import { expect, it } from 'vitest'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { toJson, toJsonMinified } from './to-json.ts'

const map = (...entries: (readonly [Key, Value])[]): Mapping => Mapping.of(entries)

/** What Python's `json.dumps` gives with `indent=2, sort_keys=True` and with `separators=(',', ':')`. */
it.each<readonly [Value, string, string]>([
  [null, 'null', 'null'],
  [true, 'true', 'true'],
  [10n ** 20n, '100000000000000000000', '100000000000000000000'],
  [1, '1.0', '1.0'],
  [1e16, '1e+16', '1e+16'],
  [[NaN, Infinity, -Infinity], '[\n  NaN,\n  Infinity,\n  -Infinity\n]', '[NaN,Infinity,-Infinity]'],
  [
    'é😀"\\\n\u0001\u007f/',
    '"\\u00e9\\ud83d\\ude00\\"\\\\\\n\\u0001\\u007f/"',
    '"\\u00e9\\ud83d\\ude00\\"\\\\\\n\\u0001\\u007f/"',
  ],
  [[], '[]', '[]'],
  [map(), '{}', '{}'],
  [new Tuple([1n, []]), '[\n  1,\n  []\n]', '[1,[]]'],
  [
    map(['b', [map(['d', 1n])]], ['a', 'x']),
    '{\n  "a": "x",\n  "b": [\n    {\n      "d": 1\n    }\n  ]\n}',
    '{"b":[{"d":1}],"a":"x"}',
  ],
  [map([2n, 1n], [1.5, 2n], [true, 3n]), '{\n  "true": 3,\n  "1.5": 2,\n  "2": 1\n}', '{"2":1,"1.5":2,"true":3}'],
  [map([null, 1n]), '{\n  "null": 1\n}', '{"null":1}'],
])('%o', (value, pretty, minified) => {
  expect(toJson(value)).toEqual({ ok: true, value: pretty })
  expect(toJsonMinified(value)).toEqual({ ok: true, value: minified })
})

it.each<readonly [Value, RegExp]>([
  [[new DateValue('2026-01-02')], /2026-01-02 cannot be written/],
  [new TimeValue('2026-01-02 03:04:05'), /2026-01-02 03:04:05 cannot be written/],
  [map([new DateValue('2026-01-02'), 1n]), /the key 2026-01-02 cannot be written/],
])('%o has no form in JSON', (value, message) => {
  for (const result of [toJson(value), toJsonMinified(value)]) {
    expect(result).toEqual({
      ok: false,
      problems: [{ code: 'TEMPLATE_RENDER_FAILED', message: expect.stringMatching(message) as string }],
    })
  }
})

it('keys of kinds without an order cannot be sorted', () => {
  const value = map(['a', 1n], [1n, 2n])
  expect(toJson(value)).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringMatching(/no order/) as string }],
  })
  expect(toJsonMinified(value)).toEqual({ ok: true, value: '{"a":1,"1":2}' })
})
