import { Double, hashKey, type Value } from '@stage0/bson-schema'
import { Decimal128, ObjectId } from 'bson'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordRow, recordBytes } from './record-bytes.ts'
import { recordKey } from './record.ts'

const integer = fc.oneof(fc.integer(), fc.constantFrom(0, -0, 2 ** 31 - 1, 2 ** 53 - 1, 2 ** 53, 1e21))
/** The same few numbers in all types that a number can have. */
const anyNumber: fc.Arbitrary<Value> = integer.chain((n) =>
  fc.constantFrom<Value>(n, new Double(n), BigInt(n), new Double(n + 0.5), Decimal128.fromString(String(n))),
)
const id: fc.Arbitrary<Value> = fc.oneof(
  anyNumber,
  fc.constantFrom<Value>(new Double(NaN), new Double(Infinity), Decimal128.fromString('NaN')),
  integer.map(String),
  integer.map((n) => `n${n};`),
  fc.constant(new ObjectId('65f000000000000000000001')),
)

test('the key of a record is the same exactly where the values are equal', () => {
  fc.assert(
    fc.property(fc.array(id, { minLength: 2, maxLength: 20 }), (ids) => {
      for (const a of ids) {
        for (const b of ids) {
          const areOne = new Map([[recordKey(a), true]]).has(recordKey(b))
          expect(areOne, `${String(a)} and ${String(b)}`).toBe(hashKey(a) === hashKey(b))
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('records in a row have their own bytes, whatever is stored between them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 40 }), (lengths) => {
      const source = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0)).map((_, i) => i * 31 + (i >> 8))
      const row = new RecordRow(source, source.length)
      let at = 0
      const records = lengths.map((length, i) => {
        const record = row.record(at, at + length)
        at += length
        if (i % 3 === 0) recordBytes(length).fill(0xee)
        return record
      })
      const expected = Buffer.from(source)
      source.fill(0)
      expect(Buffer.compare(Buffer.concat(records), expected)).toBe(0)
      expect(records.map(({ length }) => length)).toEqual(lengths)
    }),
  )
})
