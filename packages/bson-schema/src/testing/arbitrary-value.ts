import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import type { Doc } from '../value.ts'
import { CodeWithScope, DbPointer, docOf, double, UNDEFINED, type Value } from '../value.ts'

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/** Texts as BSON can hold them: no lone surrogates; short, often equal, sometimes far up in Unicode. */
const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'A', 'é', '\u{1f600}', '\uffff', '__proto__', '1'), wellFormed())

function wellFormed(): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', maxLength: 40 })
}

export const fieldName = text.map((t) => t.replaceAll('\0', ''))

const objectId = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes))

/** In Node, `bson` makes the bytes a Buffer; the decoder makes a Uint8Array. Test libraries tell them apart. */
export const plainDecimal = (digits: string): Decimal128 =>
  new Decimal128(Uint8Array.from(Decimal128.fromString(digits).bytes))

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 34n - 1n }), fc.integer({ min: -6176, max: 6111 }), fc.boolean())
  .map(([coefficient, exponent, negative]) => plainDecimal(`${negative ? '-' : ''}${coefficient}E${exponent}`))

/** Numbers that collide across types on purpose, beside arbitrary ones. */
export const anyNumber: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    0,
    -0,
    1,
    double(1),
    1n,
    plainDecimal('1.0'),
    plainDecimal('0E+3'),
    0.1,
    plainDecimal('0.1'),
    0.5,
    plainDecimal('0.50'),
    NaN,
    Infinity,
    -Infinity,
    plainDecimal('NaN'),
    plainDecimal('-Infinity'),
    2 ** 53,
    2n ** 53n + 1n,
    plainDecimal('9007199254740993'),
    2 ** 60,
    2n ** 60n,
    Number.MAX_VALUE,
    5e-324,
  ),
  fc.integer(),
  fc.integer().map((n): Value => double(n)),
  fc.double().map((n): Value => double(n)),
  fc.bigInt(INT64),
  decimal,
)

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: anyNumber, weight: 4 },
  { arbitrary: text, weight: 3 },
  fc.constantFrom<Value>(null, true, false, UNDEFINED, new MinKey(), new MaxKey()),
  fc.date({ noInvalidDate: true }),
  objectId,
  fc
    .tuple(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(0, 2, 4, 5, 128))
    .map(([bytes, subtype]) => new Binary(bytes, subtype)),
  fc.tuple(fieldName, fc.constantFrom('', 'i', 'imx')).map(([pattern, options]) => new BSONRegExp(pattern, options)),
  fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  text.map((t) => new Code(t)),
  text.map((t) => new BSONSymbol(t)),
  fc.tuple(text, objectId).map(([namespace, id]) => new DbPointer(namespace, id)),
)

const { value, document } = fc.letrec<{ value: Value; document: Doc; code: CodeWithScope }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('document'),
    fc.array(tie('value'), { maxLength: 5 }),
    tie('code'),
  ),
  document: fc.array(fc.tuple(fieldName, tie('value')), { maxLength: 6 }).map(docOf),
  code: fc.tuple(text, tie('document')).map(([code, scope]) => new CodeWithScope(code, scope)),
}))

/** Any BSON value and any document, deprecated types included. */
export const anyValue = value
export const anyDoc = document
