import { isArray, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asSafeInteger, typeOf } from '../values.ts'

type MaybeValue = Value | undefined

/** An integer of any numeric type, or `ServerError(code, message)`. */
export function integerOr(value: MaybeValue, code: number, message: string): number {
  const n = asSafeInteger(value)
  if (n === undefined) throw new ServerError(code, message)
  return n
}

export function arrayOr(value: MaybeValue, code: number, message: string): readonly Value[] {
  if (isArray(value)) return value
  throw new ServerError(code, `${message}, found: ${typeOf(value)}`)
}

export function stringOr(value: MaybeValue, code: number, message: string): string {
  if (typeof value === 'string') return value
  throw new ServerError(code, `${message}, found: ${typeOf(value)}`)
}
