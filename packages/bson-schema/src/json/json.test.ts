import { EJSON } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../decode.ts'
import { encode } from '../encode.ts'
import { anyDoc } from '../testing/arbitrary-value.ts'
import { doc, type Doc, type Value } from '../value.ts'
import { locateJson } from './locate-json.ts'
import { readExtendedJson, type JsonProblem } from './read-json.ts'
import { canonicalJson, relaxedJson } from './write-json.ts'

function read(text: string): Value {
  const result = readExtendedJson(text)
  if (!result.ok) throw new Error(`${result.error.message} at ${result.error.offset}`)
  return result.value
}

function problem(text: string): JsonProblem {
  const result = readExtendedJson(text)
  if (result.ok) throw new Error(`read as ${canonicalJson(result.value)}`)
  return result.error
}

/** Documents whose own keys look like wrappers cannot be told from wrappers. */
const withoutDollars = anyDoc

describe('reading', () => {
  it.each([
    ['5', '{"$numberInt":"5"}'],
    ['-0', '{"$numberInt":"0"}'],
    ['5.0', '{"$numberDouble":"5.0"}'],
    ['5e0', '{"$numberDouble":"5.0"}'],
    ['-0.0', '{"$numberDouble":"-0.0"}'],
    ['2147483647', '{"$numberInt":"2147483647"}'],
    ['2147483648', '{"$numberLong":"2147483648"}'],
    ['-9223372036854775808', '{"$numberLong":"-9223372036854775808"}'],
    ['{"$numberLong": "5"}', '{"$numberLong":"5"}'],
    ['{"$numberDouble": "NaN"}', '{"$numberDouble":"NaN"}'],
    ['{"$numberDecimal": "1.50"}', '{"$numberDecimal":"1.50"}'],
    ['{"$date": "1970-01-01"}', '{"$date":{"$numberLong":"0"}}'],
    ['{"$date": "1970-01-01T00:00:01.5"}', '{"$date":{"$numberLong":"1500"}}'],
    ['{"$date": "1970-01-01T02:00:00+02:00"}', '{"$date":{"$numberLong":"0"}}'],
    ['{"$date": "1970-01-01T00:00Z"}', '{"$date":{"$numberLong":"0"}}'],
    ['{"$date": "0050-01-01T00:00:00Z"}', '{"$date":{"$numberLong":"-60589296000000"}}'],
    ['{"$date": {"$numberLong": "-1"}}', '{"$date":{"$numberLong":"-1"}}'],
    ['{"$binary": {"base64": "AQI=", "subType": "80"}}', '{"$binary":{"base64":"AQI=","subType":"80"}}'],
    ['{"$binary": "AQI=", "$type": "0"}', '{"$binary":{"base64":"AQI=","subType":"00"}}'],
    [
      '{"$uuid": "73ffd264-44b3-4c69-90e8-e7d1dfc035d4"}',
      '{"$binary":{"base64":"c//SZESzTGmQ6OfR38A11A==","subType":"04"}}',
    ],
    ['{"$timestamp": {"t": 4294967295, "i": 1}}', '{"$timestamp":{"t":4294967295,"i":1}}'],
    ['{"$code": "f", "$scope": {"a": 1}}', '{"$code":"f","$scope":{"a":{"$numberInt":"1"}}}'],
    ['{"$regex": "a", "$options": "i"}', '{"$regex":"a","$options":"i"}'],
    ['{"$type": "string"}', '{"$type":"string"}'],
    ['{"$in": [1]}', '{"$in":[{"$numberInt":"1"}]}'],
    [
      '{"b": 1, "2": 2, "__proto__": 3, "1": 4}',
      '{"b":{"$numberInt":"1"},"2":{"$numberInt":"2"},"__proto__":{"$numberInt":"3"},"1":{"$numberInt":"4"}}',
    ],
    ['\ufeff {"a" : null}', '{"a":null}'],
  ])('reads %s', (text, expected) => {
    expect(canonicalJson(read(text))).toBe(expected)
  })

  it.each([
    ['', 0],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a": 1} x', 9],
    ['// note\n1', 0],
    ['{"a": 01}', 7],
    ['{"a": 1.}', 6],
    ['{a: 1}', 1],
    ["{'a': 1}", 1],
    ['["\u0001"]', 1],
    ['["\\x"]', 1],
    ['["open', 1],
    ['["\\ud800"]', 1],
    ['{"a": NaN}', 6],
    ['{"a": 9223372036854775808}', 6],
    ['{"a": {"$oid": "zz"}}', 6],
    ['\ufeff{"a": {"$oid": 5}}', 7],
    ['{"a": {"$date": "2023-02-30"}}', 6],
    ['{"a": {"$date": "yesterday"}}', 6],
    ['{"a": {"$date": {}}}', 6],
    ['{"$numberInt": "2147483648"}', 0],
    ['{"$numberLong": "1.0"}', 0],
    ['{"$numberDouble": "one"}', 0],
    ['{"$numberDecimal": ""}', 0],
    ['{"$binary": {"base64": "@", "subType": "00"}}', 0],
    ['{"$uuid": "1"}', 0],
    ['{"$timestamp": {"t": -1, "i": 0}}', 0],
    ['{"$regularExpression": {"pattern": "a"}}', 0],
    ['{"$oid": "0123456789abcdef01234567", "a": 1}', 0],
    ['{"a": 1, "\\u0000": 1}', 9],
  ])('refuses %s and says where', (text, offset) => {
    expect(problem(text).offset).toBe(offset)
  })

  it('reports a key that is there twice and lets the last win in the place of the first', () => {
    const seen: unknown[] = []
    const result = readExtendedJson('{"a": 1, "b": 2, "a": 3}', { onDuplicateKey: (duplicate) => seen.push(duplicate) })
    expect(result).toEqual({ ok: true, value: doc({ a: 3, b: 2 }) })
    expect(seen).toEqual([{ key: 'a', offset: 17 }])
  })

  it('reads 200 levels, and refuses more without exhausting the stack', () => {
    expect(readExtendedJson('['.repeat(200) + ']'.repeat(200)).ok).toBe(true)
    expect(problem('['.repeat(100_000)).message).toContain('200 levels')
    expect(problem('{"a":'.repeat(100_000)).message).toContain('200 levels')
  })

  it('accepts what JSON.parse accepts, and nothing else', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '1',
        '-',
        '.5',
        'e3',
        'true',
        'null',
        ' ',
        '\n',
        '\u00a0',
        '/**/',
        '"',
        '\\',
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((p) => p.join('')),
          fc.json(),
        ),
        (text) => {
          let parsed = true
          try {
            JSON.parse(text)
          } catch {
            parsed = false
          }
          fc.pre(!/\d{19}/.test(text) && !text.includes('\\u'))
          expect(readExtendedJson(text).ok).toBe(parsed)
        },
      ),
      { numRuns: 1500 },
    )
  })
})

describe('writing', () => {
  it('reads back as the same value, canonical and relaxed, on one line and indented', () => {
    fc.assert(
      fc.property(withoutDollars, fc.constantFrom(0, 2), (document, indent) => {
        const canonical = canonicalJson(document)
        expect(canonicalJson(read(canonical))).toBe(canonical)
        expect(canonicalJson(read(relaxedJson(document, indent)))).toBe(canonical)
      }),
      { numRuns: 300 },
    )
  })

  it('is read by the peer as the same bytes', () => {
    const document = read(
      '{"a": 1, "b": 2.0, "l": {"$numberLong": "3"}, "d": {"$date": "2024-02-29T12:00:00Z"}, "r": {"$regularExpression": {"pattern": "x", "options": "i"}}, "n": [null, {"$minKey": 1}], "m": {"$numberDecimal": "1.0"}}',
    ) as Doc
    const peer = EJSON.parse(canonicalJson(document), { relaxed: false }) as object
    expect(EJSON.stringify(peer, { relaxed: false })).toBe(canonicalJson(document))
    expect(decode(encode(document)).keys).toEqual(document.keys)
  })

  it('is legible where it is for people', () => {
    expect(relaxedJson(read('{"a": [1, 2.0, {"$numberLong": "7"}], "e": {}, "t": {"$date": "2024-01-01"}}'), 2)).toBe(
      '{\n  "a": [\n    1,\n    2.0,\n    {"$numberLong":"7"}\n  ],\n  "e": {},\n  "t": {"$date":"2024-01-01T00:00:00.000Z"}\n}',
    )
  })
})

describe('locating', () => {
  const text = '\ufeff[{"a": {"b": [10, {"c": 1}]}, "x": "}"}, {"a": 1, "a": 2}]'
  it.each([
    [[], 1],
    [[0], 2],
    [[0, 'a', 'b', 1, 'c'], text.indexOf('1}')],
    [[0, 'x'], text.indexOf('"}"')],
    [[1, 'a'], text.lastIndexOf('2')],
    [[1, 'b'], undefined],
    [[0, 'x', 'y'], undefined],
    [[7], undefined],
  ] as const)('finds %j', (path, offset) => {
    expect(locateJson(text, path)).toBe(offset)
  })
})

describe('a message about JSON that cannot be read', () => {
  it.each([
    ['[:Not]', 'expected a value, found ":"'],
    ['\ufeff[,1]', 'expected a value, found ","'],
    ['[nope]', 'expected a value, found "nope"'],
    ['{"a" 1}', 'expected ":", found "1"'],
    ['{"a": }', 'expected a value, found "}"'],
    ['{,}', 'expected a key in quotes, found ","'],
  ])('%j names what is there', (text, message) => {
    expect(readExtendedJson(text)).toMatchObject({ ok: false, error: { message } })
  })
})
