import { isArray, isBinary, isNumeric, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asNumber, asSafeInteger } from '../values.ts'
import { some, type CompileCondition } from './types.ts'

/** Bits of a long, beyond which a number is extended by its sign. */
const LONG_BITS = 64

/** Reads bit `position`, counted from the least significant. */
type ReadBit = (position: number) => boolean

function bitsOf(value: Value | undefined): ReadBit | undefined {
  if (isBinary(value)) {
    const { buffer, position: length } = value
    return (position) => {
      const byte = position >> 3 < length ? (buffer[position >> 3] as number) : 0
      return ((byte >> (position & 7)) & 1) === 1
    }
  }
  if (!isNumeric(value)) return undefined
  const n = typeof value === 'bigint' ? value : integral(asNumber(value) as number)
  if (n === undefined) return undefined
  return (position) => ((n >> BigInt(Math.min(position, LONG_BITS - 1))) & 1n) === 1n
}

const integral = (n: number): bigint | undefined =>
  Number.isInteger(n) && n >= -(2 ** 63) && n < 2 ** 63 ? BigInt(n) : undefined

function positionsOf(name: string, operand: Value): readonly number[] {
  if (isArray(operand)) {
    return operand.map((each) => {
      const position = asSafeInteger(each)
      if (position === undefined || position < 0) {
        throw new ServerError(2, `Failed to parse bit position. Expected a non-negative number in ${name}`)
      }
      return position
    })
  }
  const mask = bitsOf(operand)
  if (mask === undefined || (isNumeric(operand) && (asNumber(operand) as number) < 0)) {
    throw new ServerError(9, `${name} takes an Array, a number, or a BinData but received: an invalid bitmask`)
  }
  const count = isBinary(operand) ? operand.position * 8 : LONG_BITS
  return Array.from({ length: count }, (_, position) => position).filter(mask)
}

const bitTest =
  (name: string, accept: (positions: readonly number[], bit: ReadBit) => boolean): CompileCondition =>
  (operand) => {
    const positions = positionsOf(name, operand)
    return [
      some((value) => {
        const bit = bitsOf(value)
        return bit !== undefined && accept(positions, bit)
      }),
    ]
  }

export const BITS: Readonly<Record<string, CompileCondition>> = {
  $bitsAllSet: bitTest('$bitsAllSet', (positions, bit) => positions.every(bit)),
  $bitsAnySet: bitTest('$bitsAnySet', (positions, bit) => positions.some(bit)),
  $bitsAllClear: bitTest('$bitsAllClear', (positions, bit) => !positions.some(bit)),
  $bitsAnyClear: bitTest('$bitsAnyClear', (positions, bit) => !positions.every(bit)),
}
