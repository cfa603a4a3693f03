import { Decimal128 } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNumbers, type NumericValue } from './compare-numbers.ts'
import {
  decimalAdd,
  decimalDivide,
  decimalFromDouble,
  decimalFromString,
  decimalMod,
  decimalMultiply,
  decimalRound,
  decimalSubtract,
  decimalToInteger,
} from './decimal.ts'
import {
  absNumber,
  addNumbers,
  divideNumbers,
  exactLong,
  longOverflow,
  modNumbers,
  multiplyNumbers,
  subtractNumbers,
} from './numeric.ts'
import { Double } from './value.ts'

const d = (text: string): Decimal128 => Decimal128.fromString(text)
const show = (value: NumericValue | undefined): string => {
  if (value === undefined) return 'none'
  if (typeof value === 'bigint') return `${value}L`
  if (value instanceof Double) return `${Object.is(value.value, -0) ? '-0' : value.value}d`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0d' : String(value)
  return `D${value.toString()}`
}

describe('decimals', () => {
  it.each([
    ['add', decimalAdd, '0.1', '0.2', '0.3'],
    ['add', decimalAdd, '1.50', '1.5', '3.00'],
    ['add', decimalAdd, '1E+6111', '1', '1.000000000000000000000000000000000E+6111'],
    ['add', decimalAdd, '9.999999999999999999999999999999999E+6144', '1E+6144', 'Infinity'],
    ['add', decimalAdd, '1', '-1', '0'],
    ['add', decimalAdd, '-0', '-0', '-0'],
    ['add', decimalAdd, 'Infinity', '-Infinity', 'NaN'],
    ['subtract', decimalSubtract, '1', '0.9', '0.1'],
    ['multiply', decimalMultiply, '1.10', '2.0', '2.200'],
    ['multiply', decimalMultiply, '0', 'Infinity', 'NaN'],
    ['multiply', decimalMultiply, '1E-6176', '0.5', '0E-6176'],
    ['multiply', decimalMultiply, '3E-6176', '0.5', '2E-6176'],
    ['divide', decimalDivide, '1', '3', '0.3333333333333333333333333333333333'],
    ['divide', decimalDivide, '2', '3', '0.6666666666666666666666666666666667'],
    ['divide', decimalDivide, '10', '4', '2.5'],
    ['divide', decimalDivide, '6', '2', '3'],
    ['divide', decimalDivide, '1', '0', 'Infinity'],
    ['divide', decimalDivide, '0', '0', 'NaN'],
    ['divide', decimalDivide, '-1', 'Infinity', '-0E-6176'],
    ['mod', decimalMod, '-7.5', '2', '-1.5'],
    ['mod', decimalMod, '5', 'Infinity', '5'],
    ['mod', decimalMod, '5', '0', 'NaN'],
  ] as const)('%s %#', (_, operation, a, b, expected) => {
    expect(operation(d(a), d(b)).toString()).toBe(expected)
  })

  it('converts doubles with 15 digits, half to even', () => {
    const table: readonly [number, string][] = [
      [2.5, '2.50000000000000'],
      [0.1, '0.100000000000000'],
      [1 / 3, '0.333333333333333'],
      [9.9999999999999999e22, '1.00000000000000E+23'],
      [-0, '-0'],
      [NaN, 'NaN'],
      [-Infinity, '-Infinity'],
      [5e-324, '4.94065645841247E-324'],
    ]
    for (const [n, text] of table) expect(decimalFromDouble(n).toString()).toBe(text)
  })

  it('rounds at any place and in every direction', () => {
    expect(decimalRound(d('2.5'), 0, 'half-even').toString()).toBe('2')
    expect(decimalRound(d('-2.1'), 0, 'floor').toString()).toBe('-3')
    expect(decimalRound(d('-2.9'), 0, 'ceiling').toString()).toBe('-2')
    expect(decimalRound(d('1234.5'), -2, 'truncate').toString()).toBe('1.2E+3')
    expect(decimalToInteger(d('1E+3'), 'truncate')).toBe(1000n)
    expect(decimalToInteger(d('NaN'), 'truncate')).toBeUndefined()
  })

  it('reads what the peer reads, and rounds what the peer refuses', () => {
    const digits = fc.tuple(
      fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
      fc.integer({ min: -6176, max: 6111 }),
    )
    fc.assert(
      fc.property(digits, ([coefficient, exponent]) => {
        const text = `${coefficient}E${exponent}`
        expect(decimalFromString(text)?.toString()).toBe(d(text).toString())
      }),
    )
    expect(decimalFromString('1.00000000000000000000000000000000050')?.toString()).toBe(
      '1.000000000000000000000000000000000',
    )
    expect(decimalFromString('one')).toBeUndefined()
    expect(decimalFromString('')).toBeUndefined()
  })

  it('adds whole numbers exactly', () => {
    const small = fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n })
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(decimalToInteger(decimalAdd(d(String(a)), d(String(b))), 'truncate')).toBe(a + b)
        if (b !== 0n) expect(decimalToInteger(decimalMod(d(String(a)), d(String(b))), 'truncate')).toBe(a % b)
      }),
    )
  })
})

describe('mixed types', () => {
  const INT_MAX = 2147483647
  const LONG_MAX = 2n ** 63n - 1n
  it.each([
    [addNumbers, 1, 2, '3'],
    [addNumbers, INT_MAX, 1, '2147483648L'],
    [addNumbers, 1, 2n, '3L'],
    [addNumbers, LONG_MAX, 1, 'none'],
    [addNumbers, 1, 1.5, '2.5'],
    [addNumbers, 0.5, 1.5, '2d'],
    [addNumbers, 1n, d('0.10'), 'D1.10'],
    [addNumbers, 0.1, d('0'), 'D0.100000000000000'],
    [subtractNumbers, -INT_MAX - 1, 1, '-2147483649L'],
    [multiplyNumbers, 0, -5, '0'],
    [multiplyNumbers, INT_MAX, INT_MAX, '4611686014132420609L'],
    [multiplyNumbers, LONG_MAX, 2, 'none'],
    [divideNumbers, 6, 3, '2d'],
    [divideNumbers, 1, d('4'), 'D0.25'],
    [modNumbers, -4, 2, '0'],
    [modNumbers, -7n, 2, '-1L'],
    [modNumbers, 5.5, 2, '1.5'],
    [modNumbers, 1, 0, 'none'],
  ] as const)('%s(%s, %s) is %s', (operation, a, b, expected) => {
    expect(show(operation(a, b))).toBe(expected)
  })

  it('goes on with doubles where an expression overflows a long', () => {
    expect(show(longOverflow(addNumbers, LONG_MAX, 1))).toBe('9223372036854776000')
  })

  it('has no positive counterpart of the smallest long', () => {
    expect(absNumber(-(2n ** 63n))).toBeUndefined()
    expect(show(absNumber(-INT_MAX - 1))).toBe('2147483648L')
  })

  it('finds whole numbers in every type', () => {
    expect([1, new Double(1), 1n, d('1.00'), 1.5, d('1.5'), NaN, d('1E+6000'), 2 ** 63].map(exactLong)).toEqual([
      1n,
      1n,
      1n,
      1n,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('compares a sum of longs as the numbers do', () => {
    const long = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })
    fc.assert(
      fc.property(long, long, (a, b) => {
        expect(compareNumbers(addNumbers(a, b) as bigint, a + b)).toBe(0)
      }),
    )
  })
})
