import { Binary, BSON, BSONRegExp, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BsonError } from './bson-error.ts'
import { decode, decodeField } from './decode.ts'
import { documentSize } from './document-size.ts'
import { encode } from './encode.ts'
import { anyDoc, plainDecimal } from './testing/arbitrary-value.ts'
import { doc, Doc, docOf, Double, double, type Value } from './value.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** Reads with the `bson` package and writes again: its serialiser is an independent peer. */
const throughPeer = (encoded: Uint8Array): Uint8Array =>
  BSON.serialize(
    BSON.deserialize(encoded, { promoteValues: false, promoteBuffers: false, bsonRegExp: true, useBigInt64: false }),
    { ignoreUndefined: false },
  )

/** What the peer cannot hold: integer-like keys in order, `__proto__`, the deprecated types undefined and dbPointer, NaN payloads. */
const peerHolds = (document: Doc): boolean =>
  [...document.entries()].every(([key, value]) => !/^(\d+|__proto__)$/.test(key) && peerHoldsValue(value))

function peerHoldsValue(value: Value): boolean {
  if (value instanceof Doc) return peerHolds(value) && !value.keys.some((key) => key.startsWith('$'))
  if (Array.isArray(value)) return (value as readonly Value[]).every(peerHoldsValue)
  return !['BsonUndefined', 'DbPointer', 'CodeWithScope'].includes((value as object | null)?.constructor?.name ?? '')
}

describe('encode and decode', () => {
  it('give back every value of every type, with its type', () => {
    fc.assert(
      fc.property(anyDoc, (document) => {
        const encoded = encode(document)
        expect(decode(encoded)).toEqual(document)
        expect(encode(decode(encoded))).toEqual(encoded)
        expect(documentSize(document)).toBe(encoded.length)
      }),
      { numRuns: 300 },
    )
  })

  it('write the same bytes as the serialiser of `bson`', () => {
    fc.assert(
      fc.property(anyDoc.filter(peerHolds), (document) => {
        const encoded = encode(document)
        expect(Buffer.from(throughPeer(encoded)).toString('hex')).toBe(Buffer.from(encoded).toString('hex'))
      }),
      { numRuns: 300 },
    )
  })

  it('tell int, long, double and decimal apart, and keep -0 and NaN', () => {
    const values = [1, 1n, double(1), plainDecimal('1'), -0, NaN]
    const back = decode(encode(doc({ values }))).get('values') as Value[]
    expect(back[0]).toBe(1)
    expect(back[1]).toBe(1n)
    expect(back[2]).toEqual(new Double(1))
    expect(back[3]).toEqual(plainDecimal('1'))
    expect(Object.is(back[4], -0)).toBe(true)
    expect(back[5]).toBeNaN()
  })

  it('keep the order of integer-like keys and of __proto__', () => {
    const document = docOf([
      ['b', 1],
      ['2', 2],
      ['__proto__', 3],
      ['1', 4],
    ])
    expect(decode(encode(document)).keys).toEqual(['b', '2', '__proto__', '1'])
  })

  it('let the last of equal keys win in the place of the first, at any depth', () => {
    // { a: { x: 1, y: 2, x: 3 }, a: 5, é: 1, é: 2 }
    const inner = '1a000000 10 7800 01000000 10 7900 02000000 10 7800 03000000 00'
    const whole = (body: string): Uint8Array => {
      const content = bytes(body)
      const result = new Uint8Array(content.length + 5)
      new DataView(result.buffer).setInt32(0, result.length, true)
      result.set(content, 4)
      return result
    }
    expect(decode(whole(`03 6100 ${inner}`)).get('a')).toEqual(doc({ x: 3, y: 2 }))
    expect(decode(whole(`10 7800 01000000 03 6100 ${inner} 10 7800 07000000`))).toEqual(
      doc({ x: 7, a: { x: 3, y: 2 } }),
    )
    expect(decode(whole('10 c3a900 01000000 10 6100 09000000 10 c3a900 02000000'))).toEqual(doc({ é: 2, a: 9 }))
    expect(decodeField(whole('10 6100 01000000 10 6100 02000000'), 'a')).toBe(2)
  })

  it('keeps no reference to the input', () => {
    const encoded = Buffer.from(encode(doc({ b: new Binary(new Uint8Array([1, 2])), o: new ObjectId() })))
    const decoded = decode(encoded)
    const before = encode(decoded)
    encoded.fill(0)
    expect(encode(decoded)).toEqual(before)
  })
})

describe('decodeField', () => {
  it('reads one field without the others', () => {
    fc.assert(
      fc.property(anyDoc, (document) => {
        const encoded = encode(document)
        for (const [key, value] of document.entries()) expect(decodeField(encoded, key)).toEqual(value)
        expect(decodeField(encoded, 'no such field')).toBeUndefined()
      }),
    )
  })
})

describe('invalid input', () => {
  const refused: readonly [string, Uint8Array][] = [
    ['nothing', bytes('')],
    ['a length above the input', bytes('06000000 00')],
    ['a length below five', bytes('04000000 00')],
    ['a negative length', bytes('ffffffff 00')],
    ['bytes after the end', bytes('05000000 00 00')],
    ['no terminator', bytes('05000000 01')],
    ['a name without end', bytes('07000000 10 61 61')],
    ['an int that is cut off', bytes('0a000000 10 6100 0100 00')],
    ['a string that is too long', bytes('0e000000 02 6100 03000000 6100 00')],
    ['a string of length zero', bytes('0c000000 02 6100 00000000 00')],
    ['a string without terminator', bytes('0e000000 02 6100 02000000 6162 00')],
    ['invalid UTF-8 in a string', bytes('0e000000 02 6100 02000000 ff00 00')],
    ['an overlong encoding', bytes('0f000000 02 6100 03000000 c08000 00')],
    ['an encoded surrogate', bytes('10000000 02 6100 04000000 eda08000 00')],
    ['invalid UTF-8 in a name', bytes('0c000000 10 ff00 01000000 00')],
    ['an unknown type', bytes('08000000 20 6100 00')],
    ['a boolean of 2', bytes('09000000 08 6100 02 00')],
    ['a regular expression option that is none', bytes('0b000000 0b 6100 00 7a00 00')],
    ['a date outside of the range', bytes('10000000 09 6100 ffffffffffffff7f 00')],
    ['an inner document that is longer than its place', bytes('0d000000 03 6100 06000000 00 00')],
    ['an inner document that ends early', bytes('0f000000 03 6100 07000000 00 0000 00')],
    ['a binary of negative length', bytes('0d000000 05 6100 ffffffff 00 00')],
  ]
  it.each(refused)('refuses %s', (_, input) => {
    expect(() => decode(input)).toThrow(BsonError)
  })

  it('refuses or reads any damaged document, and never fails otherwise', () => {
    fc.assert(
      fc.property(anyDoc, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean(), (document, at, byte, cut) => {
        const encoded = encode(document)
        const place = at % encoded.length
        const damaged = cut ? encoded.slice(0, place) : encoded.with(place, byte)
        for (const read of [(): unknown => decode(damaged), (): unknown => decodeField(damaged, 'a')]) {
          try {
            read()
          } catch (error) {
            expect(error).toBeInstanceOf(BsonError)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('bounds the nesting in both directions', () => {
    const nested = (levels: number): Doc => {
      let result = doc({})
      for (let i = 1; i < levels; i++) result = doc({ a: result })
      return result
    }
    expect(decode(encode(nested(200)))).toEqual(nested(200))
    expect(() => encode(nested(201))).toThrow(BsonError)
    let deep = bytes('05000000 00')
    for (let i = 0; i < 300; i++) {
      const outer = new Uint8Array(deep.length + 8)
      new DataView(outer.buffer).setInt32(0, outer.length, true)
      outer.set([3, 97, 0], 4)
      outer.set(deep, 7)
      deep = outer
    }
    expect(() => decode(deep)).toThrow(/200 levels/)
  })

  it('refuses values that BSON cannot hold', () => {
    expect(() => encode(doc({ 'a\0b': 1 }))).toThrow(BsonError)
    expect(() => encode(doc({ a: 2n ** 63n }))).toThrow(BsonError)
    expect(() => encode(doc({ a: new Date(NaN) }))).toThrow(BsonError)
    expect(() => new BSONRegExp('a\0', '')).toThrow()
  })
})
