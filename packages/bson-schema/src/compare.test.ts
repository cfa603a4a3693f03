import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareStrings, compareValues, equalValues, sameBracket, utf8Length } from './compare.ts'
import { equalIgnoringOrder } from './equal-unordered.ts'
import { hashKey } from './hash-key.ts'
import { anyNumber, anyValue } from './testing/arbitrary-value.ts'
import { typeName, typeNumber } from './types.ts'
import { CodeWithScope, DbPointer, doc, docOf, Double, double, UNDEFINED, type Value } from './value.ts'

const decimal = (text: string): Decimal128 => Decimal128.fromString(text)
const id = (last: string): ObjectId => new ObjectId(`0000000000000000000000${last}`)

/** Ascending; the values of one inner list are equal. */
const ORDER: readonly (readonly Value[])[] = [
  [new MinKey()],
  [UNDEFINED],
  [null],
  [NaN, decimal('NaN')],
  [-Infinity, decimal('-Infinity')],
  [-(2n ** 63n), -(2 ** 63), decimal('-9223372036854775808')],
  [-1, -1n, double(-1), decimal('-1.00')],
  [-5e-324],
  [0, -0, 0n, double(0), decimal('0'), decimal('-0'), decimal('0E+10')],
  [decimal('1E-6176')],
  [decimal('0.1')],
  [0.1],
  [0.5, decimal('0.5')],
  [1, 1n, double(1), decimal('1')],
  [2 ** 53, 2n ** 53n, decimal('9007199254740992')],
  [2n ** 53n + 1n, decimal('9007199254740993')],
  [2n ** 63n - 1n],
  [2 ** 63, decimal('9223372036854775808')],
  [Number.MAX_VALUE],
  [decimal('9E+6144')],
  [Infinity, decimal('Infinity')],
  ['', new BSONSymbol('')],
  ['10'],
  ['9'],
  ['a', new BSONSymbol('a')],
  ['é'],
  ['\uffff'],
  ['\u{10000}'],
  [doc({})],
  [doc({ b: 1 })],
  [doc({ a: 'x' })],
  [doc({ a: 'x', b: 1 })],
  [doc({ a: {} })],
  [[]],
  [[1], [1n]],
  [[1, 0]],
  [['a']],
  [new Binary(new Uint8Array([9]), 0)],
  [new Binary(new Uint8Array([1, 2]), 0)],
  [new Binary(new Uint8Array([1, 3]), 0)],
  [new Binary(new Uint8Array([0, 0]), 5)],
  [id('01')],
  [id('ff')],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Timestamp({ t: 1, i: 5 })],
  [new Timestamp({ t: 0xffffffff, i: 0 })],
  [new BSONRegExp('a', '')],
  [new BSONRegExp('a', 'i')],
  [new BSONRegExp('b', '')],
  [new DbPointer('z', id('01'))],
  [new DbPointer('aa', id('01'))],
  [new DbPointer('aa', id('02'))],
  [new Code('a')],
  [new CodeWithScope('a', doc({}))],
  [new CodeWithScope('a', doc({ x: 1 }))],
  [new MaxKey()],
]

describe('canonical order', () => {
  it('puts every type and every kind of number in its place', () => {
    ORDER.forEach((left, i) => {
      ORDER.forEach((right, j) => {
        for (const a of left) {
          for (const b of right) {
            expect([compareValues(a, b), typeName(a), typeName(b), i, j]).toEqual([
              Math.sign(i - j),
              typeName(a),
              typeName(b),
              i,
              j,
            ])
          }
        }
      })
    })
  })

  it('is a total order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
        expect(compareValues(a, b) + compareValues(b, a)).toBe(0)
        const [x, y, z] = [a, b, c].sort((l, r) => compareValues(l, r)) as [Value, Value, Value]
        expect(compareValues(x, z)).toBeLessThanOrEqual(0)
        expect(compareValues(x, y)).toBeLessThanOrEqual(0)
        expect(compareValues(y, z)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
  })

  it('compares numbers of all types transitively', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 3, maxLength: 8 }), (numbers) => {
        const sorted = [...numbers].sort((l, r) => compareValues(l, r))
        sorted.forEach((a, i) => sorted.slice(i).forEach((b) => expect(compareValues(a, b)).toBeLessThanOrEqual(0)))
      }),
      { numRuns: 400 },
    )
  })

  it('compares strings by UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(compareStrings(a, b)).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
        expect(utf8Length(a)).toBe(Buffer.byteLength(a))
      }),
    )
  })

  it('uses a collation for strings inside documents and arrays too', () => {
    const stringCompare = (a: string, b: string): number => compareStrings(a.toLowerCase(), b.toLowerCase())
    expect(equalValues(doc({ a: ['X'] }), doc({ a: ['x'] }), { stringCompare })).toBe(true)
    expect(equalValues(doc({ a: ['X'] }), doc({ a: ['x'] }))).toBe(false)
  })

  it('brackets numbers together and nothing else with them', () => {
    expect(sameBracket(1, decimal('2'))).toBe(true)
    expect(sameBracket(1, '1')).toBe(false)
    expect(sameBracket(null, UNDEFINED)).toBe(false)
  })
})

describe('hashKey', () => {
  it('is equal exactly for values that compare equal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(anyValue, anyValue), fc.tuple(anyNumber, anyNumber)), ([a, b]) => {
        expect(hashKey(a) === hashKey(b)).toBe(compareValues(a, b) === 0)
      }),
      { numRuns: 1500 },
    )
  })

  it('agrees with the table of the order', () => {
    const keys = ORDER.map((equal) => new Set(equal.map((value) => hashKey(value))))
    expect(keys.every((set) => set.size === 1)).toBe(true)
    expect(new Set(keys.flatMap((set) => [...set])).size).toBe(ORDER.length)
  })

  it('ignores the order of fields on request, as equalIgnoringOrder does', () => {
    const shuffled = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), anyNumber), { maxLength: 3 })
    fc.assert(
      fc.property(shuffled, shuffled, (a, b) => {
        const [x, y] = [docOf(a), docOf(b)]
        const equal = equalIgnoringOrder([x], [y])
        expect(hashKey([x], { ignoreFieldOrder: true }) === hashKey([y], { ignoreFieldOrder: true })).toBe(equal)
      }),
      { numRuns: 500 },
    )
    expect(equalIgnoringOrder(doc({ a: 1, b: [doc({ c: 1, d: 2 })] }), doc({ b: [doc({ d: 2n, c: 1 })], a: 1 }))).toBe(
      true,
    )
    expect(equalIgnoringOrder([1, 2], [2, 1])).toBe(false)
  })
})

describe('types', () => {
  it('names values by their BSON type', () => {
    expect([1, 1n, 1.5, new Double(1), -0, decimal('1')].map(typeName)).toEqual([
      'int',
      'long',
      'double',
      'double',
      'double',
      'decimal',
    ])
    expect(typeNumber(new MinKey())).toBe(-1)
  })

  it('refuses a thing that is no BSON value', () => {
    expect(() => typeNumber({} as Value)).toThrow(TypeError)
  })
})
