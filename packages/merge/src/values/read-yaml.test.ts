import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { Mapping, type Value } from '../value.ts'
import { equal } from './equality.ts'
import { readYaml, type YamlDocument } from './read-yaml.ts'
import { randomValue } from './testing/random-values.ts'
import { randomYaml } from './testing/random-yaml.ts'
import { reprOf } from './text.ts'
import { toYaml } from './to-yaml.ts'

function read(text: string): YamlDocument {
  const result = readYaml(text, 'a/b.yaml')
  if (!result.ok) throw new Error(result.problems[0]?.message)
  return result.value
}

/** A problem as `line:column sentence`. */
function refusal(text: string): string {
  const result = readYaml(text, 'a/b.yaml')
  if (result.ok) return `read as ${reprOf(result.value.value)}`
  const [{ code, message, at }] = result.problems as [(typeof result.problems)[number]]
  expect([code, at?.file]).toEqual(['SPECIFICATION_NOT_PARSABLE', 'a/b.yaml'])
  return `${at?.line}:${at?.column} ${message}`
}

/** Each second column is what PyYAML 6.0.3 reads, as Python prints it. */
describe('scalars without quotes', () => {
  it.each([
    ['yes', 'True'],
    ['No', 'False'],
    ['on', 'True'],
    ['OFF', 'False'],
    ['tRue', "'tRue'"],
    ['y', "'y'"],
    ['n', "'n'"],
    ['~', 'None'],
    ['Null', 'None'],
    ['nULL', "'nULL'"],
    ['12', '12'],
    ['+12', '12'],
    ['1__2', '12'],
    ['010', '8'],
    ['-010', '-8'],
    ['0_', '0'],
    ['08', "'08'"],
    ['0o10', "'0o10'"],
    ['0x1F', '31'],
    ['0b1_0', '2'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['8:30', '510'],
    ['-8:30', '-510'],
    ['1:30:5', '5405'],
    ['1:60', "'1:60'"],
    ['00:30', "'00:30'"],
    ['1.10', '1.1'],
    ['0.', '0.0'],
    ['09.5', '9.5'],
    ['.5e+3', '500.0'],
    ['1.e+3', '1000.0'],
    ['1.5e3', "'1.5e3'"],
    ['12e03', "'12e03'"],
    ['+.5', "'+.5'"],
    ['190:20:30.15', '685230.15'],
    ['-.inf', '-inf'],
    ['.NaN', 'nan'],
    ['-.nan', "'-.nan'"],
    ['1.2.3', "'1.2.3'"],
    ['2026-01-02', 'datetime.date(2026, 1, 2)'],
    ['2026-1-2', "'2026-1-2'"],
    ['2026-1-2 3:04:05', 'datetime.datetime(2026, 1, 2, 3, 4, 5)'],
    ['2026-01-02T03:04:05Z', 'datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)'],
    [
      '2026-01-02 03:04:05.1234567 -3',
      'datetime.datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=75600)))',
    ],
    ['2026-01-02 03:04', "'2026-01-02 03:04'"],
    ['a b  c', "'a b  c'"],
    ["it's", '"it\'s"'],
  ])('%s is %s', (text, expected) => {
    expect(reprOf(read(`- ${text}`).value)).toBe(`[${expected}]`)
  })
})

describe('documents', () => {
  it.each([
    ['', 'None'],
    ['# only a comment\n', 'None'],
    ['---\n...\n', 'None'],
    ['\ufeffa: 1\nb: 2', "{'a': 1, 'b': 2}"],
    ['a:\r\n- 1\r\n- 2\r\n', "{'a': [1, 2]}"],
    ['a:\n  - b: 1\n    c: 2\n  - - d\n    - e', "{'a': [{'b': 1, 'c': 2}, ['d', 'e']]}"],
    ['a: [\n  1, 2\n]\nb: {\n}', "{'a': [1, 2], 'b': {}}"],
    ['{"a":1,b: , c, ? d : e}', "{'a': 1, 'b': None, 'c': None, 'd': 'e'}"],
    ['[a: b, c]', "[{'a': 'b'}, 'c']"],
    ["a: \"two\n lines\"\nb: 'it''s\n\n  so'", "{'a': 'two lines', 'b': \"it's\\nso\"}"],
    ['"a\\x41\\u00e9\\U0001F600\\ud83d\\ude00\\N\\\n  b"', "'aAé😀😀\\x85b'"],
    ['a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\n\n', "{'a': 'x\\n y\\n', 'b': 'x y\\nz'}"],
    ['a: |2+\n   x\n\nb: >\n  x\n   y\n  z\n', "{'a': ' x\\n\\n', 'b': 'x\\n y\\nz\\n'}"],
    ['a: some\n  words # comment\nb: c#d', "{'a': 'some words', 'b': 'c#d'}"],
    ['? a b\n: c\n? d', "{'a b': 'c', 'd': None}"],
    ['a: 1\nb: 2\na: 3', "{'a': 3, 'b': 2}"],
    ['1: a\n1.0: b\ntrue: c', "{1: 'c'}"],
    ['=: 1', "{'=': 1}"],
    ['a: 1\n<<: [{a: 3, b: 4}, {b: 5, c: 6}]', "{'b': 4, 'c': 6, 'a': 1}"],
    ['x: &x {a: 1}\ny: {<<: *x, b: 2, a: 3}', "{'x': {'a': 1}, 'y': {'a': 3, 'b': 2}}"],
    ['- !!int "0x1F"\n- !!float 3\n- !!str 12\n- !!null x\n- !!bool On', "[31, 3.0, '12', None, True]"],
    [
      '- !!timestamp 2026-1-2\n- ! "12"\n- !!map {}\n- !!seq []\n- !!str',
      "[datetime.date(2026, 1, 2), 12, {}, [], '']",
    ],
    ['!!pairs [a: 1, a: 2]', "[('a', 1), ('a', 2)]"],
    ['%YAML 1.1\n%TAG !e! tag:yaml.org,2002:\n---\n!e!int "3"', '3'],
    ['!<tag:yaml.org,2002:str> 3', "'3'"],
  ])('%j is %s', (text, expected) => {
    expect(reprOf(read(text).value)).toBe(expected)
  })

  it('an alias is the object that its anchor names', () => {
    const { value } = read('a: &x [1]\nb: *x\nc: {<<: {d: *x}}')
    expect(toYaml(value)).toBe('a: &id001\n- 1\nb: *id001\nc:\n  d: *id001')
  })
})

describe('refusals', () => {
  it.each([
    'a: b: c',
    'a:\n  b: 1\n c: 2',
    'a: 1\n- b',
    'a:\n\t- b',
    'a: @b',
    'a: "b',
    'a: "\\d"',
    'a: [1, 2',
    'a: [1 2}',
    'a: ]',
    'a: 1\nword\nb: 2',
    'a: !e!mine b',
    'a: |0\n  x',
    'a: | x',
    '%YAML 1.2\na: 1',
    '"a"\nb: c',
    'a: \u0007',
    'a: \ud800',
  ])('%j is not YAML', (text) => {
    expect(refusal(text)).toMatch(/^\d+:\d+ [A-Z`].*\.$/)
  })

  it.each([
    ['a: *x', /^1:4 No anchor `&x` stands before the alias `\*x`/],
    ['a: &x [*x]', /^1:8 The alias `\*x` stands inside of its own anchor/],
    ['- &x 1\n- &x 2', /^2:\d The anchor `&x` stands twice/],
    ['? [a]\n: 1', /^1:3 A key cannot be a list or a mapping/],
    ['<<: 1', /^1:5 The merge key `<<` takes a mapping or a list of mappings/],
    ['- <<', /^1:3 `<<` alone cannot be a value; put it in quotes/],
    ['- =', /^1:3 `=` alone cannot be a value; put it in quotes/],
    ['a: 2026-02-30', /^1:4 `2026-02-30` .* put it in quotes/],
    ['a: 2026-01-02 03:04:60', /^1:4 `2026-01-02 03:04:60` /],
    ['a: 0x_', /^1:4 `0x_` /],
    ['a: !!int x', /^1:10 `x` /],
    ['a: !!str [1]', /^1:10 The tag `!!str` does not fit a sequence/],
    ['a: !!set {b}', /^1:10 The tag `!!set` is not read here/],
    ['a: !!binary aGk=', /^1:13 The tag `!!binary` is not read here/],
    ['a: !mine b', /^1:10 The tag `!mine` is not read here/],
    ['!!omap [{a: 1, b: 2}]', /^1:9 An item of `!!omap` and `!!pairs` is a mapping with one key/],
    ['a\n---\nb', /^\d:\d The file holds more than one document/],
  ])('%j', (text, expected) => {
    expect(refusal(text)).toMatch(expected)
  })

  it('has the code that the caller gives', () => {
    expect(readYaml('- =', 'process.yaml', 'TEMPLATE_CONTROL_NOT_PARSABLE')).toEqual({
      ok: false,
      problems: [
        {
          code: 'TEMPLATE_CONTROL_NOT_PARSABLE',
          message: '`=` alone cannot be a value; put it in quotes.',
          at: { file: 'process.yaml', line: 1, column: 3 },
        },
      ],
    })
  })

  it('nesting is bounded, written out and by aliases', () => {
    expect(read('['.repeat(200) + ']'.repeat(200)).value).toBeInstanceOf(Array)
    expect(refusal('['.repeat(10_000))).toMatch(/nested deeper than 200 levels/)
    expect(refusal('- '.repeat(10_000))).toMatch(/nested deeper than 200 levels/)
    // A pair in a list is a mapping of its own.
    expect(refusal(`${'[a: '.repeat(101)}1${']'.repeat(101)}`)).toMatch(/nested deeper than 200 levels/)
    expect(read(`${'{a: '.repeat(190)}1${'}'.repeat(190)}`).value).toBeInstanceOf(Mapping)
    const chain = Array.from({ length: 250 }, (_, at) => `k${at + 1}: &k${at + 1} [*k${at}]`)
    expect(refusal(['k0: &k0 [1]', ...chain].join('\n'))).toMatch(/With its aliases written out .* 200 levels/)
  })

  it('what aliases and merge keys stand for is bounded', () => {
    const tenfold = (line: (at: number) => string): string =>
      Array.from({ length: 9 }, (_, at) => line(at + 1)).join('\n')
    const list = (at: number): string => Array.from({ length: 10 }, () => `*k${at - 1}`).join(', ')
    const bomb = /stand for more than 1000000 values/
    expect(refusal(`k0: &k0 [1]\n${tenfold((at) => `k${at}: &k${at} [${list(at)}]`)}`)).toMatch(bomb)
    expect(refusal(`k0: &k0 {a: 1}\n${tenfold((at) => `k${at}: &k${at} {<<: [${list(at)}]}`)}`)).toMatch(bomb)
  })

  it('numbers that would take long to read are refused', () => {
    expect(read(`a: ${'9'.repeat(4300)}`).value).toBeDefined()
    expect(refusal(`a: ${'9'.repeat(4301)}`)).toMatch(/^1:4 `9{40}…` /)
  })
})

describe('places', () => {
  const TEXT = '\ufeff# comment\na: 1\nb:\n  - x: !!str on\n    y: "z"\n  - &n {c: 2}\nd: {<<: *n}\ne:\n1: f'
  const document = read(TEXT)
  it.each<readonly [readonly (string | number)[], 'key' | 'value', number, number]>([
    [[], 'value', 2, 1],
    [['a'], 'key', 2, 1],
    [['a'], 'value', 2, 4],
    [['b'], 'value', 4, 3],
    [['b', 0, 'x'], 'key', 4, 5],
    [['b', 0, 'x'], 'value', 4, 14],
    [['b', 0, 'y'], 'value', 5, 8],
    [['b', 1], 'value', 6, 8],
    [['b', 1, 'c'], 'value', 6, 12],
    [['d', 'c'], 'value', 6, 12],
    [['e'], 'value', 8, 3],
    [[1], 'value', 9, 4],
    [['b', 7, 'x'], 'value', 3, 1],
    [['a', 'x', 'y'], 'value', 2, 1],
    [['nowhere'], 'value', 2, 1],
  ])('of %o the %s is at %i:%i', (path, what, line, column) => {
    expect(document.placeOf(path, what)).toEqual({ file: 'a/b.yaml', line, column })
  })

  it('an empty file has no places', () => {
    expect(read('').placeOf(['a'])).toBeUndefined()
  })

  it('keys that stand twice are told', () => {
    expect(read('a: 1\n<<: {a: 0}\nb:\n  1: x\n  true: y\na: 2').repeatedKeys).toEqual([
      { key: true, at: { file: 'a/b.yaml', line: 5, column: 3 }, first: { file: 'a/b.yaml', line: 4, column: 3 } },
      { key: 'a', at: { file: 'a/b.yaml', line: 6, column: 1 }, first: { file: 'a/b.yaml', line: 1, column: 1 } },
    ])
  })
})

it('never throws on any text, and tells the place of every problem', () => {
  fc.assert(
    fc.property(fc.oneof(randomYaml([]), fc.string({ unit: 'binary' })), (text) => {
      const result = readYaml(text, 'a.yaml')
      if (result.ok) return
      expect(result.problems).toHaveLength(1)
      expect(result.problems[0]?.at).toEqual({ file: 'a.yaml', line: expect.any(Number), column: expect.any(Number) })
    }),
    { numRuns: isDeep ? 5000 : 200 },
  )
})

it('reads what is written', () => {
  fc.assert(
    fc.property(randomValue({ withTuples: false, isShared: true }), (value: Value) => {
      const result = read(toYaml(value)).value
      // Not-a-number is not equal to itself, so the way in which it prints is compared.
      if (reprOf(value).includes('nan')) expect(reprOf(result)).toHaveLength(reprOf(value).length)
      else expect(equal(result, value)).toBe(true)
    }),
    { numRuns: isDeep ? 2000 : 100 },
  )
})
