import { isInt32, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isNullish, typeOf } from '../values.ts'
import { unaryOrNull, variadic } from './builders.ts'
import type { CompileOperator } from './types.ts'

function bits(value: Value, name: string): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && isInt32(value)) return BigInt(value)
  throw new ServerError(14, `${name} only supports int and long operands, not ${typeOf(value)}`)
}

const sameType = (result: bigint, values: readonly (Value | undefined)[]): Value =>
  values.some((value) => typeof value === 'bigint') ? BigInt.asIntN(64, result) : Number(BigInt.asIntN(32, result))

const fold = (start: bigint, compute: (a: bigint, b: bigint) => bigint): CompileOperator =>
  variadic((values, name) => {
    let result = start
    for (const value of values) {
      if (isNullish(value)) return null
      result = compute(result, bits(value as Value, name))
    }
    return sameType(result, values)
  })

export const BITWISE: Readonly<Record<string, CompileOperator>> = {
  $bitAnd: fold(-1n, (a, b) => a & b),
  $bitOr: fold(0n, (a, b) => a | b),
  $bitXor: fold(0n, (a, b) => a ^ b),
  $bitNot: unaryOrNull((value, name) => sameType(~bits(value, name), [value])),
}
