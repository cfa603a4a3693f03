import { Double } from '@stage0/bson-schema'
import fc from 'fast-check'
import * as yaml from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { coreValue } from './core-value.ts'
import { jsonPointer } from './json-pointer.ts'
import { LineIndex } from './line-index.ts'
import { differentReadings } from './yaml11.ts'

describe('a plain scalar under the core schema', () => {
  it.each([
    ['', null],
    ['~', null],
    ['Null', null],
    ['true', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['12', 12],
    ['+12', 12],
    ['-0', 0],
    ['012', 12],
    ['0o14', 12],
    ['0x1F', 31],
    ['5.0', new Double(5)],
    ['5.', new Double(5)],
    ['1e3', new Double(1000)],
    ['.5', 0.5],
    ['-.inf', -Infinity],
    ['.nan', NaN],
    ['2147483648', 2147483648n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', 9223372036854775808],
    ['1_000', '1_000'],
    ['12:30', '12:30'],
    ['1.0.0', '1.0.0'],
    ['-', '-'],
    ['.', '.'],
  ])('%j is %s', (text, value) => {
    expect(coreValue(text)).toEqual(value)
  })
})

describe('the readings of YAML 1.1 and 1.2', () => {
  it.each([
    ['yes', 'true', 'the text yes'],
    ['Off', 'false', 'the text Off'],
    ['012', 'the number 10', 'the number 12'],
    ['08', 'the text 08', 'the number 8'],
    ['0o14', 'the text 0o14', 'the number 12'],
    ['0b101', 'the number 5', 'the text 0b101'],
    ['-0x1F', 'the number -31', 'the text -0x1F'],
    ['1_000', 'the number 1000', 'the text 1_000'],
    ['1_0.5', 'the number 10.5', 'the text 1_0.5'],
    ['12:30', 'the number 750', 'the text 12:30'],
    ['-1:30:15.5', 'the number -5415.5', 'the text -1:30:15.5'],
    ['1e3', 'the text 1e3', 'the number 1000'],
    ['2024-01-31', 'the date 2024-01-31', 'the text 2024-01-31'],
    ['2024-01-31T10:00:00Z', 'the time 2024-01-31T10:00:00Z', 'the text 2024-01-31T10:00:00Z'],
    ['2001-12-14 21:59:43.10 -5', 'the time 2001-12-14 21:59:43.10 -5', 'the text 2001-12-14 21:59:43.10 -5'],
  ])('differ for %s', (text, yaml11, yaml12) => {
    expect(differentReadings(text)).toEqual({ yaml11, yaml12 })
  })

  it.each([
    '',
    'no one',
    'true',
    'null',
    '~',
    '12',
    '-7',
    '01',
    '0',
    '0x1F',
    '1.5',
    '1.5e+3',
    '.inf',
    '-.INF',
    '.NaN',
    '1.0.0',
    '1.0.0.1',
    'on-call',
    'y',
    'n',
    'text',
    '12:3x',
    '-',
    '--',
    '24:99',
    '1-2-3',
    '5.0',
  ])('agree for %j', (text) => {
    expect(differentReadings(text)).toBeUndefined()
  })

  it('of the core schema is the one of js-yaml, for any figure', () => {
    const figure = fc
      .array(fc.constantFrom(...'0123456789+-.:_xobeE'), { minLength: 1, maxLength: 8 })
      .map((characters) => characters.join(''))
    fc.assert(
      fc.property(figure, (text) => {
        const resolved = [yaml.intCoreTag, yaml.floatCoreTag]
          .map((tag) => tag.resolve(text, false, tag.tagName))
          .find((value) => typeof value === 'number')
        const value = coreValue(text)
        const ours = value instanceof Double ? value.value : typeof value === 'bigint' ? Number(value) : value
        fc.pre(ours !== Infinity && ours !== -Infinity) // js-yaml keeps what is too large for a double as text
        expect(ours === resolved || ours === text ? 'same' : ours).toBe('same')
        expect(typeof ours === 'number').toBe(resolved !== undefined)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('lines', () => {
  it.each([
    ['a\nbc\n', 3, 2, 2],
    ['a\r\nbc', 4, 2, 2],
    ['a\rbc', 2, 2, 1],
    ['', 0, 1, 1],
    ['\uFEFFab', 1, 1, 1],
    ['\uFEFFab', 0, 1, 1],
    ['\uFEFFa\nb', 3, 2, 1],
    ['ab', 99, 1, 3],
  ])('of %j: offset %i is line %i, column %i', (text, offset, line, column) => {
    expect(new LineIndex(text).place(offset)).toEqual({ line, column })
  })
})

describe('a JSON pointer', () => {
  it('escapes its parts', () => {
    expect(jsonPointer(['a/b', 0, 'c~d', ''])).toBe('/a~1b/0/c~0d/')
    expect(jsonPointer([])).toBe('')
  })
})
