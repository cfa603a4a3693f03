import { docOf, Double, encode, UNDEFINED, DbPointer, CodeWithScope, type Value } from '@stage0/bson-schema'
import { Binary, BSONRegExp, Code, Decimal128, MaxKey, MinKey, ObjectId, serialize, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument, toDriverDocument, UnsendableValueError } from './driver-values.ts'

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, -0, 0, new Double(5), new MinKey(), new MaxKey(), new Code('return 1')),
  fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string(),
  fc.date({ noInvalidDate: true }),
  hex(24).map((id) => new ObjectId(id)),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new Binary(bytes)),
  fc.constantFrom('1.10', '-0', 'NaN', '9E+10').map((text) => Decimal128.fromString(text)),
  fc.constantFrom(new BSONRegExp('^a', 'i'), new Timestamp({ t: 1, i: 2 }), new CodeWithScope('x', docOf([['x', 1]]))),
)
const key = fc.oneof(
  fc.constantFrom('__proto__', '10', '9', 'a.b', '$x', 'toString'),
  fc.string().filter((k) => !k.includes('\0')),
)
const { document } = fc.letrec<{ value: Value; document: ReturnType<typeof docOf> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, tie('document'), fc.array(tie('value'), { maxLength: 3 })),
  document: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => docOf(entries)),
}))

describe('values on their way to the driver', () => {
  it('become the same bytes that our own codec writes, whatever their types and keys', () => {
    fc.assert(
      fc.property(document, (doc) => {
        expect(Buffer.from(serialize(toDriverDocument(doc)))).toEqual(Buffer.from(encode(doc)))
      }),
    )
  })

  it.each([
    ['undefined', UNDEFINED],
    ['dbPointer', new DbPointer('db.a', new ObjectId('0'.repeat(24)))],
  ])('refuse the deprecated type %s with its place', (type, value) => {
    const document = docOf([['list', [docOf([['x', value]])]]])
    expect(() => toDriverDocument(document)).toThrow(UnsendableValueError)
    expect(() => toDriverDocument(document)).toThrow(`list.0.x has the deprecated BSON type ${type}`)
  })
})

describe('documents on their way back', () => {
  it('must be bytes: an object would have lost types and order', () => {
    expect(() => readDocument({ a: 1 })).toThrow('as bytes')
  })
})
